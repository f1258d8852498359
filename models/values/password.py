"""Password rules: length, both cases, a digit, a special sign; not common, not one's own data.

1.1-10, 1.1-11, 1.2-8..1.2-11, A30. Each broken rule is a problem of its own; nothing is trimmed.
"""

import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from unicodedata import category

from models.errors import ErrorCode, Problem, UserError
from models.values.text import Checked, required

_COMMON = frozenset(files("models.values").joinpath("common_passwords.txt").read_text().split())
_RUSSIAN_KEYS = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,.")
_SHORTEST_PERSONAL_PIECE = 4


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """The published rules; a client draws its hints from them."""

    min_length: int = 8
    max_length: int = 128
    upper: bool = True
    lower: bool = True
    digit: bool = True
    special: bool = True
    specials: str = string.punctuation


POLICY = PasswordPolicy()
EXPECTED = f"от {POLICY.min_length} до {POLICY.max_length} знаков: прописная, строчная, цифра, спецзнак"


class Password(Checked):
    """A password that may be set; it never shows itself."""

    __slots__ = ()

    @property
    def masked(self) -> str:
        return "***"

    @classmethod
    def parse(cls, text: str, *path: str, personal: Iterable[str] = ()) -> "Password":
        """`personal` is what others may know of the person: e-mail, names, phone."""
        required(text, path, EXPECTED)
        problems = [
            Problem(code, message, path, expected=EXPECTED) for code, message in _broken_rules(text, personal)
        ]
        if problems:
            raise UserError(*problems)
        return cls(text)


def _broken_rules(text: str, personal: Iterable[str]) -> list[tuple[ErrorCode, str]]:
    """What must change anyway is not looked up among the common ones; what is huge is not read at all."""
    if len(text) > POLICY.max_length:
        return [(ErrorCode.PASSWORD_TOO_LONG, f"Пароль длиннее {POLICY.max_length} знаков. Сократите его.")]
    broken = [*_shape(text), *_composition(text), *_own_data(text, personal)]
    return broken or list(_well_known(text))


def _shape(text: str) -> Iterator[tuple[ErrorCode, str]]:
    if len(text) < POLICY.min_length:
        yield ErrorCode.PASSWORD_TOO_SHORT, f"Пароль короче {POLICY.min_length} знаков. Добавьте знаки."
    if not text.isprintable():
        yield ErrorCode.INVALID_FORMAT, "В пароле есть невидимый знак. Наберите пароль заново."


def _composition(text: str) -> Iterator[tuple[ErrorCode, str]]:
    kinds = {category(sign) for sign in text}
    if "Lu" not in kinds:
        yield ErrorCode.PASSWORD_NO_UPPER, "Нет прописной (заглавной) буквы. Добавьте хотя бы одну."
    if "Ll" not in kinds:
        yield ErrorCode.PASSWORD_NO_LOWER, "Нет строчной буквы. Добавьте хотя бы одну."
    if "Nd" not in kinds:
        yield ErrorCode.PASSWORD_NO_DIGIT, "Нет цифры. Добавьте хотя бы одну."
    if all(sign.isalnum() or not sign.isprintable() for sign in text):
        yield ErrorCode.PASSWORD_NO_SPECIAL, "Нет специального знака, например ! % & ? @ _"


def _own_data(text: str, personal: Iterable[str]) -> Iterator[tuple[ErrorCode, str]]:
    plain = text.casefold()
    if any(piece in plain for piece in _pieces(personal)):
        yield ErrorCode.PASSWORD_PERSONAL, "В пароле есть ваше имя, почта или телефон. Уберите их."


def _well_known(text: str) -> Iterator[tuple[ErrorCode, str]]:
    plain = text.casefold()
    typed = (plain, plain.translate(_RUSSIAN_KEYS))
    if not _COMMON.isdisjoint(form for layout in typed for form in _bare_forms(layout)):
        yield ErrorCode.PASSWORD_COMMON, "Этот пароль — из списка самых частых. Придумайте другой."


def _bare_forms(plain: str) -> Iterator[str]:
    """The password itself, and without the signs that people put around a common word."""
    yield plain
    yield plain.strip(string.punctuation + " ")


def _pieces(personal: Iterable[str]) -> Iterator[str]:
    for known in personal:
        plain = known.casefold()
        for piece in (plain, plain.partition("@")[0], plain.removeprefix("+"), plain.removeprefix("+7")):
            if len(piece) >= _SHORTEST_PERSONAL_PIECE:
                yield piece
