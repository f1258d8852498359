"""Results that providers report, and what follows from them (requirements 3.4)."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import Row, document, owner, word


class Verb(StrEnum):
    """What a statement says a person did, in the words of xAPI."""

    PROGRESSED = "PROGRESSED"
    COMPLETED = "COMPLETED"
    PASSED = "PASSED"
    FAILED = "FAILED"


class ExamStatus(StrEnum):
    """How the exam of a course stands."""

    NOT_STARTED = "NOT_STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    PASSED = "PASSED"
    FAILED = "FAILED"


EXAM_LABELS = {
    ExamStatus.NOT_STARTED: "не начат",
    ExamStatus.IN_PROGRESS: "в процессе",
    ExamStatus.PASSED: "сдан",
    ExamStatus.FAILED: "не сдан",
}


class CertificateStatus(StrEnum):
    """The three displayed states of a certificate; there is no way back (A35)."""

    IN_PROGRESS = "IN_PROGRESS"
    READY_TO_DOWNLOAD = "READY_TO_DOWNLOAD"
    ISSUED = "ISSUED"


CERTIFICATE_LABELS = {
    CertificateStatus.IN_PROGRESS: "в процессе",
    CertificateStatus.READY_TO_DOWNLOAD: "готов к скачиванию",
    CertificateStatus.ISSUED: "выдан",
}


class Statement(Row, table=True):
    """A reported result as it came: idempotent by its id, provenance kept."""

    __table_args__ = (UniqueConstraint("organizer_id", "statement_id"),)

    id: UUID = Field(primary_key=True)
    organizer_id: UUID = Field(foreign_key="organizer.id")
    statement_id: str
    element_id: UUID = owner("element")
    verb: Verb = word(Verb)
    lesson_id: UUID | None = Field(default=None, foreign_key="lesson.id", index=True)
    assessment_id: UUID | None = Field(default=None, foreign_key="assessment.id", index=True)
    scaled: float | None = None
    happened_at: datetime
    accepted_at: datetime
    source: str
    token_id: UUID | None = None  # the service token that reported, which may be gone
    raw: dict[str, Any] = document()


class LessonProgress(Row, table=True):
    """How one lesson stands for one person."""

    element_id: UUID = owner("element", index=False, primary_key=True)
    lesson_id: UUID = Field(foreign_key="lesson.id", primary_key=True)
    completed: bool = False
    passed: bool = False
    updated_at: datetime


class Grade(Row, table=True):
    """One attempt at one test, practical task or exam."""

    __table_args__ = (UniqueConstraint("element_id", "assessment_id", "attempt"),)

    id: UUID = Field(primary_key=True)
    element_id: UUID = owner("element")
    assessment_id: UUID = Field(foreign_key="assessment.id", index=True)
    attempt: int
    score: float
    passed: bool
    graded_at: datetime


class ModuleProgress(Row, table=True):
    """How one module stands for one person; recomputed with every result."""

    element_id: UUID = owner("element", index=False, primary_key=True)
    module_id: UUID = Field(foreign_key="module.id", primary_key=True)
    completed_at: datetime | None = None
    score: float | None = None


class CourseProgress(Row, table=True):
    """How one course stands for one person; `version` grows by one with every recomputation."""

    element_id: UUID = owner("element", index=False, primary_key=True)
    account_id: UUID = owner()
    course_id: UUID = Field(foreign_key="course.id", index=True)
    topics_completed: int = 0
    topics_total: int
    lessons_completed: int = 0
    lessons_total: int
    modules_completed: int = 0
    modules_total: int
    percent: float = 0.0
    score: float | None = None
    exam: ExamStatus = word(ExamStatus, ExamStatus.NOT_STARTED)
    started_at: datetime | None = None
    updated_at: datetime
    version: int = 0


class Certificate(Row, table=True):
    """The certificate of a course, from the day the course is taken up; it gets its number when it is ready."""

    id: UUID = Field(primary_key=True)
    element_id: UUID = Field(foreign_key="element.id", unique=True, ondelete="CASCADE")
    account_id: UUID = owner()
    number: str | None = Field(default=None, unique=True)
    status: CertificateStatus = word(CertificateStatus, CertificateStatus.IN_PROGRESS)
    ready_at: datetime | None = None
    completed_at: datetime | None = None  # none in rows that became ready before it was kept
    issued_at: datetime | None = None

    @property
    def course_completed_at(self) -> datetime | None:
        return self.completed_at or self.ready_at
