"""Organisers of education and the service accounts through which they report (3.4-16)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from models.base import Row, document, owner


class Scope(StrEnum):
    """What a provider's token may do."""

    RESULTS = "RESULTS"
    ATTENDANCE = "ATTENDANCE"
    POLICIES = "POLICIES"
    ACTIVITIES = "ACTIVITIES"


class Organizer(Row, table=True):
    """A university, a professional society or another provider."""

    id: UUID = Field(primary_key=True)
    name: str
    inn: str = Field(unique=True)


class ServiceToken(Row, table=True):
    """A provider's bearer token; only its SHA-256 is kept."""

    id: UUID = Field(primary_key=True)
    organizer_id: UUID = owner("organizer")
    title: str
    token_hash: bytes = Field(unique=True)
    scopes: list[str] = document(list)
    created_at: datetime
    revoked_at: datetime | None = None
