"""What a person proves a login with besides the password: an authenticator application, ten spare codes (2.2-7)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Field

from models.base import Row, owner

PENDING_LIFE = timedelta(minutes=10)


class TotpFactor(Row, table=True):
    """The secret of an application; a new one waits beside the active one until a code proves it."""

    account_id: UUID = owner(index=False, primary_key=True)
    secret_sealed: bytes | None = None
    confirmed_at: datetime | None = None
    last_counter: int | None = None
    pending_sealed: bytes | None = None
    pending_at: datetime | None = None


class RecoveryCode(Row, table=True):
    """One spare code; kept as a digest, spent by one login."""

    id: UUID = Field(primary_key=True)
    account_id: UUID = owner()
    code_hash: bytes
    used_at: datetime | None = None
