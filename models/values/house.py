"""Numbers of houses and flats, and which building of a house: «2», «строение 1», «литера А» (1.1.1-23, 1.1.1-24)."""

import re
from typing import Self

from models.errors import ErrorCode
from models.values.cyrillic import refuse_foreign_letters
from models.values.text import Checked, broken, required, tidy

_ONE = r"[1-9][0-9]{0,4}(?:[А-Яа-яЁё](?![А-Яа-яЁё0-9]))?(?:[/-][0-9]{1,4}[А-Яа-яЁё]?)?"
_NUMBER = re.compile(_ONE)
_GLUED = re.compile(
    r"([1-9][0-9]{0,4}[А-Яа-яЁё]?(?:[/-][0-9]{1,4}[А-Яа-яЁё]?)?)\s*"
    r"(?P<word>корпус|корп\.?|к\.?|строение|стр\.?|с\.?)\s*([0-9]+)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?:дом|д|владение|вл|квартира|кв|№)\.?\s*(?=[0-9])", re.IGNORECASE)
_GAP = re.compile(r"(?<=[0-9]) (?=[А-Яа-яЁё]$)| ?([/-]) ?")
_BUILDINGS = {
    **dict.fromkeys(("корпус", "корп", "к"), "корпус"),
    **dict.fromkeys(("строение", "стр", "с"), "строение"),
    **dict.fromkeys(("сооружение", "соор"), "сооружение"),
    **dict.fromkeys(("литера", "лит"), "литера"),
    "литер": "литер",
}
_LETTERED = r"(?:(?-i:[А-ЯЁ]{1,2}(?:-?[0-9]{1,2})?)|[А-ЯЁ])(?![а-яё0-9])"
_UNFINISHED = re.compile("[0-9][кс]$")  # «3к» has lost what stood after it
_PART = re.compile(
    rf"(?:(?P<word>{'|'.join(_BUILDINGS)})(?![а-яё])\.? ?№? ?)?(?P<number>{_ONE}|{_LETTERED})(?:,? |$|(?=\D))",
    re.IGNORECASE,
)


class HouseNumber(Checked):
    """A number of a house or flat: 5, 12А, 7/2."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *path: str) -> Self:
        expected = "номер: 5, 12А или 7/2"
        given = tidy(required(text, path, expected))
        refuse_foreign_letters(given, path, expected, cls.parse)
        if _NUMBER.fullmatch(given) is not None:
            return cls(given)
        if glued := _GLUED.fullmatch(given):
            whole = glued["word"].lower() in _BUILDINGS.values()
            code = ErrorCode.INVALID_FORMAT if whole else ErrorCode.ABBREVIATION
            message = "Корпус и строение пишутся в отдельном поле, здесь только номер дома."
            raise broken(code, message, path, expected=expected, hint=_GLUED.sub(r"\1", given))
        bare = _GAP.sub(r"\1", _LABEL.sub("", given))
        hint = bare if _NUMBER.fullmatch(bare) else None
        raise broken(ErrorCode.INVALID_FORMAT, _advice(given), path, expected=expected, hint=hint)


def _advice(given: str) -> str:
    if re.match(r"(?:корпус|корп|к|строение|стр|с)(?![а-яё])", given, re.IGNORECASE):
        return (
            "Корпус и строение пишутся в отдельном поле; если другого номера у дома нет, оставьте дом пустым."
        )
    if re.match(r"[А-Яа-яЁё№]", given):
        return "Здесь пишется только номер: слова «дом» и «квартира» и их сокращения не нужны."
    return "Номер начинается с цифры от 1 до 9, буква пишется сразу за ним: 5, 12А или 7/2."


class Building(Checked):
    """A number alone is a «корпус», as most are; anything else keeps its word."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *path: str) -> Self:
        expected = "номер корпуса или слово с номером: 2, строение 1, литера А"
        given = tidy(required(text, path, expected))
        refuse_foreign_letters(given, path, expected, cls.parse)
        meant = _in_words(given)
        if meant is not None and meant.casefold() == given.casefold():
            return cls(meant)
        words = re.findall(r"[а-яё]+", given.lower())
        shortened = meant is not None and any(
            word in _BUILDINGS and word not in _BUILDINGS.values() for word in words
        )
        code = ErrorCode.ABBREVIATION if shortened else ErrorCode.INVALID_FORMAT
        message = "Укажите номер корпуса или слово целиком с номером: «корпус А», «строение 1», «литера А»."
        raise broken(code, message, path, expected=expected, hint=meant)

    @staticmethod
    def is_house(text: str) -> bool:
        """«корпус 1205» is all the number that a house of Zelenograd has; a «2» alone may belong to a forgotten one."""
        return re.match("(?:корпус|строение) [0-9]", _in_words(tidy(text)) or "") is not None

    @property
    def full(self) -> str:
        return f"корпус {self}" if self[:1].isdigit() else str(self)


def _in_words(given: str) -> str | None:
    """Every part with its whole word; only the first may be a number alone."""
    parts, at = list[str](), 0
    while at < len(given):
        part = _PART.match(given, at)
        if part is None or (part["word"] is None and (parts or not part["number"][0].isdigit())):
            return None
        if _UNFINISHED.search(part["number"]):
            return None
        word = _BUILDINGS[part["word"].lower()] + " " if part["word"] else ""
        parts.append(word + part["number"])
        at = part.end()
    return ", ".join(parts)
