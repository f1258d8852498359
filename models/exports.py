"""Exports of lists as files: what is asked for, how far it has come (3.1-18, 3.1-19, 3.4-14, 3.4-15, A23)."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field

from models.base import Row, document, owner, word


class ExportKind(StrEnum):
    """Which list goes into the file."""

    ACTIVITIES = "ACTIVITIES"
    PROGRESS = "PROGRESS"
    PORTFOLIO_HISTORY = "PORTFOLIO_HISTORY"


class ExportFormat(StrEnum):
    """What the file is."""

    CSV = "CSV"
    PDF = "PDF"


class ExportState(StrEnum):
    """How far an export has come."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    READY = "READY"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


class ExportFailure(StrEnum):
    """Why there is no file."""

    NOT_MADE = "NOT_MADE"
    TOOK_TOO_LONG = "TOOK_TOO_LONG"


UNFINISHED = (ExportState.QUEUED, ExportState.RUNNING)
AT_ONCE = 1_000  # rows that are answered within the request
MOST_ROWS = {ExportFormat.CSV: 200_000, ExportFormat.PDF: 5_000}
MOST_UNFINISHED = 3  # of one person
SAME_JOB = timedelta(seconds=30)  # the same question within it joins the export that is being made
SAME_PRESS = timedelta(seconds=3)  # or gets the file of a double press; later the list may have changed
GIVEN_UP = timedelta(hours=1)
FILE_LIFE = timedelta(days=1)
REMEMBERED = timedelta(days=30)  # what was asked for, with the words it searched
LINK_LIFE = timedelta(hours=1)
MIME_TYPES = {ExportFormat.CSV: "text/csv; charset=utf-8", ExportFormat.PDF: "application/pdf"}


class ExportJob(Row, table=True):
    """One export; `version` grows with every change, `rows` is known once the rows have been chosen."""

    id: UUID = Field(primary_key=True)
    account_id: UUID = owner()
    kind: ExportKind = word(ExportKind)
    format: ExportFormat = word(ExportFormat)
    state: ExportState = word(ExportState, ExportState.QUEUED, index=True)
    question: dict[str, Any] = document()
    object_key: str = Field(unique=True)
    rows: int | None = None
    rows_done: int = 0
    size_bytes: int = 0
    failure: ExportFailure | None = word(ExportFailure, None)
    version: int = 1
    requested_at: datetime
    ready_at: datetime | None = None
    expires_at: datetime | None = None
