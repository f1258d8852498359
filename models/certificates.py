"""Certificates that are no longer there: their numbers stay known (3.4-10, A12)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from models.base import Row


class RemovedCertificate(Row, table=True):
    """A number once given and withdrawn by its holder; nothing of the holder is kept."""

    number: str = Field(primary_key=True)
    course_id: UUID = Field(foreign_key="course.id", index=True, ondelete="CASCADE")
    removed_at: datetime
