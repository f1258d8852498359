"""A surname, given name or patronymic as documents spell it, in Cyrillic (1.1-6, 1.1.1-2..4)."""

import re
from typing import Self

from models.errors import ErrorCode
from models.values.cyrillic import refuse_foreign_letters
from models.values.text import Checked, broken, required, tidy, visible

EXPECTED = "русские буквы, дефис, апостроф, первая буква заглавная: Мамин-Сибиряк"
LONGEST = 100
_SHAPE = re.compile(r"[А-ЯЁ][А-Яа-яЁё]*(?:[ '’ʼ-][А-Яа-яЁё]+)*")
_INITIAL = re.compile(r"\w\.")


class PersonName(Checked):
    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *path: str) -> Self:
        given = tidy(required(text, path, EXPECTED))
        refuse_foreign_letters(given, path, EXPECTED, cls.parse)
        if _INITIAL.search(given):
            message = "Имя пишется полностью, без инициалов и сокращений."
            raise broken(ErrorCode.ABBREVIATION, message, path, expected=EXPECTED)
        if _SHAPE.fullmatch(given) is None or len(given) > LONGEST:
            raise broken(
                ErrorCode.INVALID_FORMAT, _advice(given), path, expected=EXPECTED, hint=_meant(given)
            )
        return cls(given)

    @property
    def masked(self) -> str:
        return f"{self[:1]}***"


def _advice(given: str) -> str:
    if len(given) > LONGEST:
        return f"Не длиннее {LONGEST} знаков."
    if re.search(r"\d", given):
        return "В имени не бывает цифр. Напишите его, как в паспорте."
    if given[0].islower():
        return "Имя начинается с заглавной буквы."
    return "Допустимы русские буквы, дефис, апостроф и один пробел между словами."


def _meant(given: str) -> str | None:
    spaced = re.sub("[‘‛`´′]", "'", re.sub(r" ?[-‐‑–—] ?", "-", tidy(visible(given))))
    candidate = spaced[:1].upper() + spaced[1:]
    return candidate if _SHAPE.fullmatch(candidate) and len(candidate) <= LONGEST else None
