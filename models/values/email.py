"""E-mail address: checked by its grammar alone, and one key per mailbox for uniqueness (1.1-9, 1.1.1-14)."""

from typing import Self
from unicodedata import normalize

from email_validator import EmailNotValidError, validate_email

from models.errors import ErrorCode
from models.values.text import Checked, broken, required

EXPECTED = "адрес вида ivanov@example.ru"
LONGEST_LOCAL_PART = 64
LONGEST = 254


class Email(Checked):
    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *path: str) -> Self:
        required(text, path, EXPECTED)
        address = _normal(text.strip())
        if address is None:
            message = "Это не похоже на адрес электронной почты. Проверьте знак @ и имя сайта после него."
            raise broken(ErrorCode.INVALID_FORMAT, message, path, expected=EXPECTED, hint=_meant(text))
        return cls(address)

    @property
    def key(self) -> str:
        """Equal for addresses that a person or an attacker could take for one another (case, look-alikes)."""
        return normalize("NFKC", normalize("NFKC", self).casefold())

    @property
    def masked(self) -> str:
        local, _, domain = self.rpartition("@")
        return f"{local[:1]}***@{domain}"


def _normal(text: str) -> str | None:
    if len(text) > LONGEST:
        return None
    try:
        checked = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return None
    return checked.normalized if len(checked.local_part) <= LONGEST_LOCAL_PART else None


def _meant(text: str) -> str | None:
    local, at, domain = "".join(text.split()).rpartition("@")
    return _normal(f"{local}{at}{domain.replace(',', '.')}")
