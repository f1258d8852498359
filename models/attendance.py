"""Attendance: what a provider says of a person, and one-use codes that say the same (3.1-13, A10)."""

import re
from base64 import b32encode
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from models.base import Row, owner
from models.secrets import fingerprint

MOST_CODES = 500
CODE_LETTERS = 12
CODE_LIFE = timedelta(days=90)
_ALIKE = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")


class AttendanceMark(StrEnum):
    """What a provider reports: the person was there, or the part in the event counts."""

    ATTENDED = "ATTENDED"
    CONFIRMED = "CONFIRMED"


class AttendanceCode(Row, table=True):
    """A code for one person, bound to its event; only its digest is kept."""

    id: UUID = Field(primary_key=True)
    activity_id: UUID = owner("activity")
    code_hash: bytes = Field(unique=True)
    issued_at: datetime
    expires_at: datetime
    used_by: UUID | None = Field(default=None, foreign_key="account.id", index=True, ondelete="CASCADE")
    used_at: datetime | None = None


def drawn_code(token: str) -> str:
    """A code to be typed by hand, of sixty of the token's random bits: letters and the digits 2 to 7."""
    return b32encode(fingerprint(token)).decode()[:CODE_LETTERS]


def printed(code: str) -> str:
    """In groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def typed_code(text: str) -> str:
    """What was meant: case, spaces and dashes do not matter, Russian letters stand for the Latin ones they look like."""
    return re.sub(r"[\s\-–—]", "", text).upper().translate(_ALIKE)
