"""Consents, copies of personal data, closure of an account (152-FZ; P05..P10, P15)."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from models.account import Channel
from models.base import Row, owner, word
from models.terms import TermsKind

CLOSURE_GRACE = timedelta(days=14)
EXPORT_LIFE = timedelta(hours=24)


class Consent(Row, table=True):
    """One agreement to one text with one purpose; a withdrawn one stays as a record."""

    id: UUID = Field(primary_key=True)
    account_id: UUID = owner()
    kind: TermsKind = word(TermsKind)
    version: str
    sha256: str
    channel: Channel = word(Channel, Channel.SITE)
    origin: str | None = None
    given_at: datetime
    withdrawn_at: datetime | None = None


class DataExportState(StrEnum):
    """How far a copy of the data has come."""

    QUEUED = "QUEUED"
    READY = "READY"
    TAKEN = "TAKEN"
    EXPIRED = "EXPIRED"
    FAILED = "FAILED"


class DataExport(Row, table=True):
    """A copy of everything of one person: a ZIP in the object store, taken once within a day."""

    id: UUID = Field(primary_key=True)
    account_id: UUID = owner()
    state: DataExportState = word(DataExportState, DataExportState.QUEUED)
    object_key: str = Field(unique=True)
    size_bytes: int = 0
    requested_at: datetime
    expires_at: datetime | None = None
    taken_at: datetime | None = None
    link_hash: bytes | None = None  # of the link that was given out and not yet opened


class Closure(Row, table=True):
    """A request to close the account; its day can be waited for or called off."""

    account_id: UUID = owner(index=False, primary_key=True)
    requested_at: datetime
    due_at: datetime
    done_at: datetime | None = None
