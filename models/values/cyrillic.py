"""Latin letters that look like Cyrillic ones are named and the right text is offered (1.1-6, 1.1.1-17)."""

import re
from collections.abc import Callable

from models.errors import ErrorCode
from models.values.text import broken, vetted

_TWINS = str.maketrans("ABEKMHOPCTYXaeopcyxëË", "АВЕКМНОРСТУХаеорсухёЁ")
_APOSTROPHE = "ʼ"  # a letter to Unicode, a sign to us
_ROMAN_NUMERAL = re.compile(r"(?<!\w)[IVXLC]+(?!\w)")


def refuse_foreign_letters(
    text: str, path: tuple[str, ...], expected: str, parse: Callable[[str], object]
) -> None:
    """Cyrillic letters only; a Roman numeral as a word of its own («улица XXII Партсъезда») is a number."""
    foreign = _first_foreign(text)
    if foreign is None:
        return
    twin = text.translate(_TWINS)
    raise broken(
        ErrorCode.NOT_CYRILLIC,
        f"Буква «{foreign}» не русская. Переключите раскладку и наберите слово заново.",
        path,
        expected=expected,
        hint=vetted(parse, twin) if _first_foreign(twin) is None else None,
    )


def _first_foreign(text: str) -> str | None:
    letters = (
        letter for letter in _ROMAN_NUMERAL.sub("", text) if letter.isalpha() and letter != _APOSTROPHE
    )
    return next((letter for letter in letters if not _is_russian(letter)), None)


def _is_russian(letter: str) -> bool:
    return "а" <= letter.lower() <= "я" or letter in "ёЁ"
