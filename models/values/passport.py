"""Passport of a citizen: its numbers, and until when it is valid (1.1.1-7..10, 1.1.1-21, A27)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from models.errors import ErrorCode, UserError
from models.values.ru_date import anniversary
from models.values.text import Checked, bare_digits, broken, is_digits, required

FIRST_ISSUED = date(1997, 10, 1)
FIRST_AGE = 14
REPLACED_AT = (20, 45)
GRACE = timedelta(days=90)


class PassportSeries(Checked):
    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *path: str) -> Self:
        return cls(_digits(text, 4, "Серия паспорта — ровно 4 цифры, без пробела.", path))


class PassportNumber(Checked):
    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *path: str) -> Self:
        return cls(_digits(text, 6, "Номер паспорта — ровно 6 цифр.", path))

    @property
    def masked(self) -> str:
        return f"****{self[-2:]}"


class DepartmentCode(Checked):
    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *path: str) -> Self:
        expected = "код вида 770-001"
        required(text, path, expected)
        if re.fullmatch(r"[0-9]{3}-[0-9]{3}", text) is None:
            bare = bare_digits(text)
            hint = f"{bare[:3]}-{bare[3:]}" if is_digits(bare, 6) else None
            message = "Код подразделения — три цифры, дефис, три цифры, как в паспорте."
            raise broken(ErrorCode.INVALID_FORMAT, message, path, expected=expected, hint=hint)
        return cls(text)


@dataclass(frozen=True, slots=True)
class PassportTerm:
    """`until` is the last valid day, nothing for a passport without a term; `warning` asks to replace it."""

    until: date | None
    warning: str | None = None


def passport_term(born: date, issued: date, today: date, *path: str) -> PassportTerm:
    """Issued from 14, replaced at 20 and 45, the old one good for 90 days after the birthday."""
    if refusal := _impossible(born, issued, today, path):
        raise refusal
    turning = next((day for age in REPLACED_AT if issued < (day := anniversary(born, age))), None)
    if turning is None:
        return PassportTerm(until=None)
    until = turning + GRACE
    if today > until:
        message = f"Срок действия паспорта истёк {until:%d.%m.%Y}. Укажите данные нового паспорта."
        raise broken(ErrorCode.PASSPORT_EXPIRED, message, path)
    if today < turning:
        return PassportTerm(until)
    return PassportTerm(until, f"Паспорт пора заменить: он действует до {until:%d.%m.%Y}.")


def _impossible(born: date, issued: date, today: date, path: tuple[str, ...]) -> UserError | None:
    if issued > today:
        message = "Дата выдачи паспорта ещё не наступила."
    elif issued < FIRST_ISSUED:
        message = "Паспорта этого образца выдают с 01.10.1997. Проверьте дату выдачи."
    elif issued < anniversary(born, FIRST_AGE):
        message = "Паспорт выдают с 14 лет. Проверьте дату рождения и дату выдачи."
    else:
        return None
    return broken(ErrorCode.INVALID_FORMAT, message, path)


def _digits(text: str, length: int, message: str, path: tuple[str, ...]) -> str:
    expected = f"{length} цифр{'ы' if length < 5 else ''}"
    required(text, path, expected)
    if not is_digits(text, length):
        bare = bare_digits(text)
        hint = bare if is_digits(bare, length) else None
        raise broken(ErrorCode.INVALID_FORMAT, message, path, expected=expected, hint=hint)
    return text
