"""The personal data of an account at rest, and how its check stands (1.1.1-26..30, P01)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from models.account import Channel
from models.base import Row, document, owner, word


class Profile(Row, table=True):
    """The form as it was last accepted, sealed as one text; `sources` says of each field whence and since when.

    `version` grows with every submission, so that a late answer about older data changes nothing.
    `application_id` is the application that the answer about this version moves.
    """

    account_id: UUID = owner(index=False, primary_key=True)
    data_sealed: bytes
    version: int
    application_id: UUID | None = Field(
        default=None, foreign_key="application.id", index=True, ondelete="SET NULL"
    )
    source: Channel = word(Channel, Channel.SITE)
    submitted_at: datetime
    checked_at: datetime | None = None
    mismatches: list[str] = document(list)
    sources: dict[str, Any] = document()
