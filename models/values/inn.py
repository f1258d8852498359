"""INN of a person: twelve digits, the last two are check digits (1.1-7, A1)."""

from typing import Self

from models.errors import ErrorCode
from models.values.text import Checked, bare_digits, broken, is_digits, required

LENGTH = 12
EXPECTED = "12 цифр, например 500100732259"
_WEIGHTS = ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))


class Inn(Checked):
    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *path: str) -> Self:
        required(text, path, EXPECTED)
        if not is_digits(text, LENGTH) or not text.strip("0"):
            raise broken(ErrorCode.INVALID_FORMAT, _advice(text), path, expected=EXPECTED, hint=_meant(text))
        if not _fits(text):
            message = "Контрольные цифры ИНН не сходятся: какая-то цифра набрана неверно. Сверьте номер со свидетельством."
            raise broken(ErrorCode.CHECKSUM, message, path, expected=EXPECTED)
        return cls(text)

    @property
    def masked(self) -> str:
        return f"{'*' * 10}{self[-2:]}"


def _fits(text: str) -> bool:
    digits = [int(digit) for digit in text]
    return all(
        sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11 % 10
        == digits[len(weights)]
        for weights in _WEIGHTS
    )


def _advice(text: str) -> str:
    if is_digits(text, 10):
        return "Это ИНН организации. Укажите ИНН физического лица: в нём 12 цифр."
    if is_digits(text, LENGTH):
        return "ИНН из одних нулей не бывает. Сверьте номер со свидетельством."
    return "ИНН физического лица — это ровно 12 цифр, без пробелов и других знаков."


def _meant(text: str) -> str | None:
    bare = bare_digits(text)
    return bare if is_digits(bare, LENGTH) and bare.strip("0") and _fits(bare) else None
