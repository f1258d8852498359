"""SNILS: nine digits and two check digits, printed as XXX-XXX-XXX YY; kept as eleven digits (A1)."""

import re
from typing import Self

from models.errors import ErrorCode
from models.values.text import Checked, bare_digits, broken, is_digits, required

EXPECTED = "11 цифр: 112-233-445 95 или 11223344595"
_SHAPE = re.compile(r"[0-9]{11}|[0-9]{3}-[0-9]{3}-[0-9]{3} [0-9]{2}")
_LAST_UNCHECKED = 1_001_998


class Snils(Checked):
    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *path: str) -> Self:
        required(text, path, EXPECTED)
        digits = text.replace("-", "").replace(" ", "")
        if _SHAPE.fullmatch(text) is None or not digits.strip("0"):
            message = "СНИЛС — это 11 цифр, слитно или в виде 112-233-445 95."
            raise broken(ErrorCode.INVALID_FORMAT, message, path, expected=EXPECTED, hint=_meant(text))
        if not _fits(digits):
            message = "Контрольное число СНИЛС не сходится: какая-то цифра набрана неверно. Сверьте номер с документом."
            raise broken(ErrorCode.CHECKSUM, message, path, expected=EXPECTED)
        return cls(digits)

    @property
    def printed(self) -> str:
        return f"{self[:3]}-{self[3:6]}-{self[6:9]} {self[9:]}"

    @property
    def masked(self) -> str:
        return f"{self[:3]}-***-*** {self[9:]}"


def _fits(digits: str) -> bool:
    number = int(digits[:9])
    return number <= _LAST_UNCHECKED or _control(digits[:9]) == int(digits[9:])


def _control(head: str) -> int:
    total = sum(weight * int(digit) for weight, digit in zip(range(9, 0, -1), head, strict=True))
    return total % 101 % 100


def _meant(text: str) -> str | None:
    bare = bare_digits(text)
    fits = is_digits(bare, 11) and bare.strip("0") and _fits(bare)
    return Snils(bare).printed if fits else None
