"""Notices to a person, and by which ways they want them (1.1-17)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from models.base import Row, owner, word


class NotificationKind(StrEnum):
    """What a notice is about."""

    SECURITY = "SECURITY"
    DATA_UPDATED = "DATA_UPDATED"
    APPLICATION_CHANGED = "APPLICATION_CHANGED"
    DOCUMENT_REVIEWED = "DOCUMENT_REVIEWED"
    DOCUMENT_EXPIRING = "DOCUMENT_EXPIRING"
    ENROLLMENT_CHANGED = "ENROLLMENT_CHANGED"
    CERTIFICATE_READY = "CERTIFICATE_READY"
    THRESHOLD_REACHED = "THRESHOLD_REACHED"
    DEADLINE = "DEADLINE"


class Notification(Row, table=True):
    """One notice; its words hold no personal data. `in_cabinet` is what the settings said when it was made."""

    id: UUID = Field(primary_key=True)
    account_id: UUID = owner()
    kind: NotificationKind = word(NotificationKind)
    title: str
    body: str
    subject: str | None = None
    in_cabinet: bool = True
    created_at: datetime
    read_at: datetime | None = None
    emailed_at: datetime | None = None


class Preferences(Row, table=True):
    """What a person has chosen; without a row everything is on. Notices of security always come to the cabinet."""

    account_id: UUID = owner(index=False, primary_key=True)
    notify_by_email: bool = True
    notify_in_cabinet: bool = True
