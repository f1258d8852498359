"""Documents that prove qualification, and the uploads on their way (requirements 3.3)."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field

from models.base import Row, document, owner, word
from models.documents_rules import FORMATS, DocumentType

MIME_TYPES = tuple(known.mime_type for known in FORMATS)
TICKET_LIFE = timedelta(minutes=5)
PENDING_UPLOADS = 20


class DocumentStatus(StrEnum):
    """Where a document stands; two of the values are final (A18)."""

    CHECKING = "CHECKING"
    APPROVED = "APPROVED"
    NEEDS_CORRECTION = "NEEDS_CORRECTION"
    REPLACED = "REPLACED"
    EXPIRED = "EXPIRED"


DOCUMENT_LABELS = {
    DocumentStatus.CHECKING: "Проверяется",
    DocumentStatus.APPROVED: "Одобрено",
    DocumentStatus.NEEDS_CORRECTION: "Требуется исправление",
    DocumentStatus.REPLACED: "Заменён",
    DocumentStatus.EXPIRED: "Срок действия истёк",
}


class Upload(Row, table=True):
    """Leave to put one file into the object store, under a random key, for a few minutes."""

    id: UUID = Field(primary_key=True)
    account_id: UUID = owner()
    type: DocumentType = word(DocumentType)
    file_name: str
    mime_type: str
    size_bytes: int
    object_key: str = Field(unique=True)
    replaces_id: UUID | None = Field(default=None, foreign_key="document.id", ondelete="SET NULL")
    created_at: datetime
    expires_at: datetime = Field(index=True)
    used_at: datetime | None = None


class Document(Row, table=True):
    """A document of the portfolio; `checks` and `problems` say what was measured and what must be mended."""

    id: UUID = Field(primary_key=True)
    account_id: UUID = owner()
    type: DocumentType = word(DocumentType)
    number: str
    issued_at: date
    expires_at: date | None = None
    file_name: str
    mime_type: str
    size_bytes: int
    sha256: str
    object_key: str = Field(unique=True)
    status: DocumentStatus = word(DocumentStatus, DocumentStatus.CHECKING)
    checks: list[dict[str, Any]] = document(list)
    problems: list[dict[str, Any]] = document(list)
    version: int = 1
    replaces_id: UUID | None = Field(default=None, foreign_key="document.id", ondelete="SET NULL")
    uploaded_at: datetime
    reviewed_at: datetime | None = None
