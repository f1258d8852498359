"""Names of places, each with an example of its own (1.1.1-6, 1.1.1-22)."""

import re
from typing import ClassVar, Self

from models.errors import ErrorCode
from models.values.full_words import FullWords
from models.values.short_forms import STREET_WORDS
from models.values.text import broken, vetted

_HOUSE = re.compile(
    r",? *(?<!\w)(?:дом|владение|корпус|строение|квартира) *№? *[0-9].*"
    r"|, *№? *[1-9][0-9]{0,4} ?[А-ЯЁ]?(?:[/-][0-9]{1,4}[А-ЯЁ]?)? *(?:,.*)?$",
    re.IGNORECASE,
)


class BirthPlace(FullWords):
    __slots__ = ()
    expected: ClassVar[str] = "слова целиком, как в паспорте: «город Тула»"


class Region(FullWords):
    __slots__ = ()
    expected: ClassVar[str] = "слова целиком: «Тульская область»"


class City(FullWords):
    __slots__ = ()
    expected: ClassVar[str] = "слова целиком: «город Тула»"
    names_may_be_initials: ClassVar[bool] = True


class Street(FullWords):
    __slots__ = ()
    expected: ClassVar[str] = "слова целиком: «улица Ленина»"
    names_may_be_initials: ClassVar[bool] = True

    @classmethod
    def parse(cls, text: str, *path: str) -> Self:
        street = super().parse(text, *path)
        alone = _HOUSE.sub("", street)
        if alone == street:
            return street
        message = "Дом и квартира пишутся в своих полях, здесь только улица."
        hint = None if alone.lower() in STREET_WORDS else vetted(cls.parse, alone)
        raise broken(ErrorCode.INVALID_FORMAT, message, path, expected=cls.expected, hint=hint)
