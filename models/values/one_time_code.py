"""A code that was sent, or shown by an application: six digits; a slip of typing is no guess and costs no try (1.2-7)."""

import re
from typing import Self

from models.errors import ErrorCode
from models.values.text import Checked, broken, is_digits, required

EXPECTED = "6 цифр, например 048213"
_SEPARATORS = re.compile(r"[\s\-–—]+")  # as messages and applications print it: 048 213


class OneTimeCode(Checked):
    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *path: str) -> Self:
        required(text, path, EXPECTED)
        bare = _SEPARATORS.sub("", text)
        if not is_digits(bare, 6):
            message = "Код — это 6 цифр. Введите его ещё раз, попытка не потрачена."
            raise broken(ErrorCode.INVALID_FORMAT, message, path, expected=EXPECTED)
        return cls(bare)
