"""A change of e-mail or phone: proved from the new contact, revertible from the old address (A47-A50)."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from models.base import Row, owner, word

CHANGE_LIFE = timedelta(minutes=10)
CHANGE_ATTEMPTS = 5
REVERT_LIFE = timedelta(days=7)


class ContactKind(StrEnum):
    """What is changed."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"


class ContactChange(Row, table=True):
    """One change; only the latest that is neither confirmed nor cancelled can be confirmed."""

    id: UUID = Field(primary_key=True)
    account_id: UUID = owner()
    kind: ContactKind = word(ContactKind)
    value_sealed: bytes
    code_hash: bytes
    attempts_left: int = CHANGE_ATTEMPTS
    created_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None = None
    cancelled_at: datetime | None = None
    previous_sealed: bytes | None = None
    revert_hash: bytes | None = Field(default=None, unique=True)
    revert_until: datetime | None = None
    reverted_at: datetime | None = None
