"""Tokens of wall screens: what may be looked at with one, and nothing else (2.2-10, 3.4-17)."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from models.base import Row, document, owner


class DashboardField(StrEnum):
    """A part of the cabinet that a screen may show."""

    PROGRESS = "PROGRESS"
    ACTIVITIES = "ACTIVITIES"
    EDUCATION = "EDUCATION"
    NOTIFICATIONS = "NOTIFICATIONS"


# The fields of the schema that stand behind each part; whatever is not here is closed to every screen.
COORDINATES = {
    DashboardField.PROGRESS: (
        *("Viewer.progress", "Subscription.progress"),
        *("Progress.courses", "Progress.grades", "Progress.summary"),
    ),
    DashboardField.ACTIVITIES: ("Viewer.activities", "Subscription.activities"),
    DashboardField.EDUCATION: ("Viewer.education", "Subscription.education"),
    DashboardField.NOTIFICATIONS: (
        *("Viewer.notifications", "Subscription.notifications"),
        "Viewer.unreadNotifications",
    ),
}
ALWAYS = frozenset({"Query.viewer"})
LONGEST = timedelta(days=365)
MOST_TOKENS = 10


class DashboardToken(Row, table=True):
    """A bearer token that only reads; its SHA-256 is kept."""

    id: UUID = Field(primary_key=True)
    account_id: UUID = owner()
    name: str
    token_hash: bytes = Field(unique=True)
    fields: list[str] = document(list)
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


def opened_by(parts: list[str]) -> frozenset[str]:
    """The fields of the schema that a token with these parts may ask for."""
    return ALWAYS.union(*(COORDINATES[DashboardField(part)] for part in parts))
