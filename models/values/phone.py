"""Phone: country code first, digits only, a number that exists; kept as E.164 (1.1-8, 1.1.1-18..19, A5)."""

import re
from typing import Self

import phonenumbers

from models.errors import ErrorCode
from models.values.text import Checked, bare_digits, broken, required

EXPECTED = "цифры, начиная с кода страны: 79161234567"
_SHAPE = re.compile(r"\+?[1-9][0-9]{7,14}")


class Phone(Checked):
    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *path: str) -> Self:
        required(text, path, EXPECTED)
        if _SHAPE.fullmatch(text) is None or _trunk_call(text) or not _exists(text):
            message = _advice(text)
            raise broken(ErrorCode.INVALID_FORMAT, message, path, expected=EXPECTED, hint=_meant(text))
        return cls(f"+{text.removeprefix('+')}")

    @property
    def digits(self) -> str:
        """The form in which people type it here."""
        return self[1:]

    @property
    def masked(self) -> str:
        return f"{self[:2]}{'*' * (len(self) - 4)}{self[-2:]}"


def _exists(text: str) -> bool:
    try:
        number = phonenumbers.parse(f"+{text.removeprefix('+')}")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number)


def _trunk_call(text: str) -> bool:
    """8 916 … is how one dials inside Russia; some such numbers would read as numbers of Vietnam."""
    return len(text) == 11 and text.startswith("8") and _exists(f"7{text[1:]}")


def _advice(text: str) -> str:
    if re.fullmatch(r"\+?[0-9]+", text) is None:
        return "Телефон пишется одними цифрами: без пробелов, скобок, дефисов и букв."
    if text.startswith("8"):
        return "Номер начинается с кода страны, для России это 7, а не 8."
    return "Такого номера нет. Проверьте код страны и число цифр."


def _meant(text: str) -> str | None:
    bare = bare_digits(text).removeprefix("+")
    readings = (f"7{bare[1:]}" if len(bare) == 11 and bare.startswith("8") else "", bare, f"7{bare}")
    return next((reading for reading in readings if _SHAPE.fullmatch(reading) and _exists(reading)), None)
