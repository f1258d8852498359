"""Text without abbreviations: each short form is named, the full word offered (1.1.1-25, 1.1.1-31, A29)."""

import re
from dataclasses import dataclass
from typing import ClassVar, Self

from models.errors import ErrorCode
from models.values.cyrillic import refuse_foreign_letters
from models.values.meanings import is_letter_name, meanings
from models.values.short_forms import (
    FULL_WORDS,
    IN_ISSUING_BODIES,
    IN_NAMES,
    ONLY_WITH_A_STOP,
)
from models.values.text import Checked, broken, required, tidy, vetted, visible

LONGEST = 250
_DOTTED = "|".join(
    re.escape(form) for form in sorted(FULL_WORDS, key=len, reverse=True) if set(form) & set(". –—")
)
_LETTERS = "[А-Яа-яЁё][А-Яа-яЁё'’ʼ]*"
_WORD = re.compile(
    rf"(?<![\w/-])(?P<word>(?:{_DOTTED})(?![\w-])|{_LETTERS}(?:[-/_]{_LETTERS})*)"
    r"(?P<stop>\.?)(?P<number>(?= ?\d))?",
    re.IGNORECASE,
)
_STRANGE = re.compile(r"[^A-ZА-Яа-яЁё0-9 .,\-/'’()«»\"№–—]")
_RUSSIAN = re.compile("[А-Яа-яЁё]")
_VOWELS = frozenset("аеёиоуыэюя")
_LONG_ENOUGH_TO_END_A_SENTENCE = 4


@dataclass(frozen=True, slots=True)
class _Short:
    """One short form in a text, and what it may stand for here."""

    start: int
    end: int
    word: str
    meanings: tuple[str, ...]


class FullWords(Checked):
    """Free text of a form."""

    __slots__ = ()
    expected: ClassVar[str] = "слова целиком: «улица Ленина, дом 5, квартира 12»"
    permitted: ClassVar[frozenset[str]] = IN_NAMES
    offers_full_text: ClassVar[bool] = True
    names_may_be_initials: ClassVar[bool] = False

    @classmethod
    def parse(cls, text: str, *path: str) -> Self:
        given = tidy(required(text, path, cls.expected))
        refuse_foreign_letters(given, path, cls.expected, cls.parse)
        if len(given) > LONGEST or _STRANGE.search(given) or not _RUSSIAN.search(given):
            message = f"Здесь нужны слова; допустимы цифры и знаки препинания, не длиннее {LONGEST} знаков."
            seen = visible(given)
            hint = vetted(cls.parse, seen) if seen != given else None
            raise broken(ErrorCode.INVALID_FORMAT, message, path, expected=cls.expected, hint=hint)
        if shorts := _shorts(given, cls.permitted, names=cls.names_may_be_initials):
            full = _written_out(given, shorts) if cls.offers_full_text else None
            hint = full and vetted(cls.parse, full)
            raise broken(ErrorCode.ABBREVIATION, _advice(shorts), path, expected=cls.expected, hint=hint)
        return cls(given)


class IssuingBody(FullWords):
    """Who gave the passport: official initials are permitted; a hint would need declension (A27, A29)."""

    __slots__ = ()
    expected: ClassVar[str] = "слова целиком, как в паспорте: «Отделом УФМС России по городу Москве»"
    permitted: ClassVar[frozenset[str]] = IN_ISSUING_BODIES
    offers_full_text: ClassVar[bool] = False


def _shorts(text: str, permitted: frozenset[str], *, names: bool) -> list[_Short]:
    return [
        _Short(match.start(), match.end(), match["word"] + match["stop"], meanings(match))
        for match in _WORD.finditer(text)
        if match["word"] not in permitted and _is_short(match) and not (names and _is_initials(match))
    ]


def _is_short(match: re.Match[str]) -> bool:
    plain = match["word"].lower()
    before_number = match["number"] is not None
    if match["stop"]:
        ends_the_text = match.end() == len(match.string)
        return plain in FULL_WORDS or not ends_the_text or len(plain) < _LONG_ENOUGH_TO_END_A_SENTENCE
    if is_letter_name(match):
        return False
    if plain in FULL_WORDS:
        return plain not in ONLY_WITH_A_STOP or before_number
    if plain.endswith("сср"):
        return True
    return len(plain) > 1 and any(not _VOWELS & set(part) for part in re.split("[-/_]", plain))


def _is_initials(match: re.Match[str]) -> bool:
    """«улица МЖК»: nobody writes it otherwise; a text in capitals only tells nothing."""
    word = match["word"]
    known = word.lower() in FULL_WORDS or word.endswith("ССР")
    return len(word) > 2 and word.isupper() and not (known or match["stop"] or match.string.isupper())


def _advice(shorts: list[_Short]) -> str:
    parts = (
        f"«{short.word}» — {' или '.join(f'«{meaning}»' for meaning in short.meanings)}"
        if short.meanings
        else f"«{short.word}» — слово целиком"
        for short in shorts
    )
    return f"Пишите без сокращений, как в документе: {'; '.join(parts)}."


def _written_out(text: str, shorts: list[_Short]) -> str | None:
    """The whole text in full words, when each short form can mean one thing only."""
    if any(len(short.meanings) != 1 for short in shorts):
        return None
    for short in reversed(shorts):
        text = f"{text[: short.start]}{short.meanings[0]} {text[short.end :].lstrip()}"
    return re.sub(r" +([,.)]|$)", r"\1", text)
