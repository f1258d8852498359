"""Signing in: a password, then a code at every login (2.2-6, 3.1-5, 3.1-6, A26)."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from models.base import Row, owner

CHALLENGE_LIFE = timedelta(minutes=5)
CHALLENGE_ATTEMPTS = 5
SESSION_IDLE = timedelta(minutes=30)
SESSION_LIFE = timedelta(hours=12)


class SecondFactorMethod(StrEnum):
    """How the second step is proved."""

    SMS = "SMS"
    TOTP = "TOTP"
    RECOVERY_CODE = "RECOVERY_CODE"


class Challenge(Row, table=True):
    """A login between its two steps; the code is kept as a digest bound to this challenge."""

    id: UUID = Field(primary_key=True)
    account_id: UUID = owner()
    code_hash: bytes
    attempts_left: int = CHALLENGE_ATTEMPTS
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
