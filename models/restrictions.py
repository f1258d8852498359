"""What an institution forbids for a time: adding or removing its elements (3.2-16, A13)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from models.base import Row, owner, word
from models.education import ElementKind

LONGEST_REASON = 500


class RestrictedAction(StrEnum):
    """What a restriction forbids."""

    ADD = "ADD"
    REMOVE = "REMOVE"


class Restriction(Row, table=True):
    """Covers one course, one kind, or with both empty everything of the organiser."""

    id: UUID = Field(primary_key=True)
    organizer_id: UUID = owner("organizer")
    action: RestrictedAction = word(RestrictedAction)
    kind: ElementKind | None = word(ElementKind, None)
    course_id: UUID | None = Field(default=None, foreign_key="course.id", index=True, ondelete="CASCADE")
    starts_at: datetime
    ends_at: datetime | None = None
    reason: str
    lifted_at: datetime | None = None
