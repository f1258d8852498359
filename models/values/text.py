"""The common ground of checked values: masked text, the empty field, the shape of a problem (1.1.1-16)."""

import re
from collections.abc import Callable
from unicodedata import category, normalize

from models.errors import ErrorCode, Problem, UserError

_DIGITS = re.compile(r"[0-9]+")
_NOISE = re.compile(r"[\s()\-‐‑–—−.№]+")
_LOOK_LIKE_ZERO = str.maketrans("ОоOo", "0000")


class Checked(str):
    """Text that passed its rule, in its normal form; to call the class itself is to trust the text."""

    __slots__ = ()

    @property
    def masked(self) -> str:
        """What logs and neutral answers may show."""
        return "*" * len(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.masked})"


def broken(
    code: ErrorCode,
    message: str,
    path: tuple[str, ...],
    *,
    expected: str | None = None,
    hint: str | None = None,
) -> UserError:
    """One broken rule."""
    return UserError(Problem(code, message, path, hint=hint, expected=expected))


def required(text: str, path: tuple[str, ...], expected: str) -> str:
    """The text, unless there is nothing in it."""
    if not text.strip():
        raise broken(ErrorCode.REQUIRED, "Заполните это поле: оно обязательное.", path, expected=expected)
    return text


def tidy(text: str) -> str:
    """Single spaces, letters composed: keyboards differ in how they send й and ё."""
    return normalize("NFC", " ".join(text.split()))


def visible(text: str) -> str:
    """Without the marks of no width that come along when one pastes."""
    return "".join(sign for sign in text if category(sign) != "Cf")


def is_digits(text: str, length: int) -> bool:
    """Exactly so many ASCII digits; the digits of other scripts are not meant."""
    return len(text) == length and _DIGITS.fullmatch(text) is not None


def bare_digits(text: str) -> str:
    """The digits a person most likely meant, to be offered as a hint and never taken silently."""
    return _NOISE.sub("", visible(text)).translate(_LOOK_LIKE_ZERO)


def vetted(parse: Callable[[str], object], candidate: str) -> str | None:
    """A correction is offered only if it is right itself, or else its own correction."""
    try:
        parse(candidate)
    except UserError as error:
        return error.problems[0].hint
    return candidate
