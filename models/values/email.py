"""E-mail address: checked by its grammar alone, and one key per mailbox for uniqueness (1.1-9, 1.1.1-14)."""

import re
from typing import Self
from unicodedata import normalize

from email_validator import EmailNotValidError, validate_email

from models.errors import ErrorCode
from models.values.text import Checked, broken, required, visible

EXPECTED = "адрес вида ivanov@example.ru"
LONGEST_LOCAL_PART = 64
LONGEST = 254
SHORTEST_TOP = 2
# a Russian letter in a word of Latin ones; «иванов@почта.рф» and «иванов@mail.ru» are right
_ALIEN = re.compile(r"(?<=[a-z])[а-яё]|[а-яё](?=[a-z])", re.IGNORECASE)
_TWINS = str.maketrans("авекмнорстухАВЕКМНОРСТУХ", "abekmhopctyxABEKMHOPCTYX")


class Email(Checked):
    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *path: str) -> Self:
        required(text, path, EXPECTED)
        address = _normal(text.strip())
        if address is not None and (alien := _ALIEN.search(address)):
            message = f"Буква «{alien.group()}» русская, а соседние латинские. Наберите адрес заново."
            raise broken(
                ErrorCode.INVALID_FORMAT,
                message,
                path,
                expected=EXPECTED,
                hint=_meant(address.translate(_TWINS)),
            )
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
    too_long = len(checked.local_part) > LONGEST_LOCAL_PART
    top = checked.ascii_domain.rpartition(".")[2]
    return None if too_long or len(top) < SHORTEST_TOP else checked.normalized


def _meant(text: str) -> str | None:
    local, at, domain = "".join(visible(text).split()).rpartition("@")
    address = _normal(f"{local}{at}{domain.replace(',', '.').rstrip('.;')}")
    return address if address and not _ALIEN.search(address) else None
