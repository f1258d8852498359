"""Names of places, each with an example of its own (1.1.1-6, 1.1.1-22)."""

from typing import ClassVar

from models.values.full_words import FullWords


class BirthPlace(FullWords):
    __slots__ = ()
    expected: ClassVar[str] = "слова целиком, как в паспорте: «город Тула»"


class Region(FullWords):
    __slots__ = ()
    expected: ClassVar[str] = "слова целиком: «Тульская область»"


class City(FullWords):
    __slots__ = ()
    expected: ClassVar[str] = "слова целиком: «город Тула»"


class Street(FullWords):
    __slots__ = ()
    expected: ClassVar[str] = "слова целиком: «улица Ленина»"
