"""Dates as paper forms write them: DD.MM.YYYY and nothing else (1.1.1-5, 1.1.1-20, 1.1.1-21)."""

import re
from datetime import date

from models.errors import ErrorCode
from models.values.text import broken, required, visible

EXPECTED = "ДД.ММ.ГГГГ, например 31.12.1985"
YOUNGEST, OLDEST = 14, 120
_SHAPE = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_OTHER_ORDERS = (
    re.compile(r"(?P<day>\d{1,2})[./\-\s](?P<month>\d{1,2})[./\-\s](?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})[./\-](?P<month>\d{1,2})[./\-](?P<day>\d{1,2})"),
)


class RuDate(date):
    """A day; `str` of it stays ISO, `printed` is the form of paper."""

    @classmethod
    def parse(cls, text: str, *path: str) -> "RuDate":
        required(text, path, EXPECTED)
        shape = _SHAPE.fullmatch(text)
        if shape is None:
            message = "Дата пишется как ДД.ММ.ГГГГ: день, месяц и год цифрами через точку."
            raise broken(ErrorCode.INVALID_FORMAT, message, path, expected=EXPECTED, hint=_meant(text))
        day = _day(*map(int, reversed(shape.groups())))
        if day is None:
            message = "Такого дня нет в календаре. Проверьте число и месяц."
            raise broken(ErrorCode.INVALID_FORMAT, message, path, expected=EXPECTED)
        return day

    @property
    def printed(self) -> str:
        return self.strftime("%d.%m.") + f"{self.year:04d}"


def birth_date(text: str, *path: str, today: date) -> RuDate:
    """The birthday of a living person old enough for a passport."""
    born = RuDate.parse(text, *path)
    if born > today:
        raise broken(ErrorCode.INVALID_FORMAT, "Дата рождения ещё не наступила.", path, expected=EXPECTED)
    if not anniversary(born, YOUNGEST) <= today < anniversary(born, OLDEST + 1):
        message = f"По дате рождения возраст выходит за пределы {YOUNGEST}–{OLDEST} лет. Проверьте год."
        raise broken(ErrorCode.INVALID_FORMAT, message, path, expected=EXPECTED)
    return born


def anniversary(born: date, age: int) -> date:
    """The day an age is reached; without a 29 February it is reached on 1 March."""
    year = min(born.year + age, date.max.year)
    return _day(year, born.month, born.day) or date(year, 3, 1)


def _day(year: int, month: int, day: int) -> RuDate | None:
    try:
        return RuDate(year, month, day)
    except ValueError:
        return None


def _meant(text: str) -> str | None:
    written = re.sub(r"\s*([./\-])\s*", r"\1", visible(text).strip())
    for order in _OTHER_ORDERS:
        if shape := order.fullmatch(written):
            day = _day(int(shape["year"]), int(shape["month"]), int(shape["day"]))
            return day.printed if day else None
    return None
