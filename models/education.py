"""Courses and what they are made of, and the courses a person has taken up (requirements 3.2, 3.4; A19)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.activities import ActivityType
from models.base import Row, document, owner, word


class ElementKind(StrEnum):
    """What can be added to one's education."""

    COURSE = "COURSE"
    PROGRAM = "PROGRAM"
    MODULE = "MODULE"


class Difficulty(StrEnum):
    """Level of difficulty a course declares."""

    BASIC = "BASIC"
    INTERMEDIATE = "INTERMEDIATE"
    ADVANCED = "ADVANCED"


DIFFICULTY_LABELS = {
    Difficulty.BASIC: "базовый",
    Difficulty.INTERMEDIATE: "средний",
    Difficulty.ADVANCED: "продвинутый",
}


class AssessmentKind(StrEnum):
    """What a grade is given for."""

    TEST = "TEST"
    PRACTICAL_TASK = "PRACTICAL_TASK"
    EXAM = "EXAM"


class MoveOn(StrEnum):
    """When a lesson counts as done, after cmi5 `moveOn`."""

    COMPLETED = "Completed"
    PASSED = "Passed"
    COMPLETED_AND_PASSED = "CompletedAndPassed"
    COMPLETED_OR_PASSED = "CompletedOrPassed"
    NOT_APPLICABLE = "NotApplicable"


class Course(Row, table=True):
    """An element of the catalogue: a course, a programme or a single module; without specialties it counts for any."""

    id: UUID = Field(primary_key=True)
    organizer_id: UUID = Field(foreign_key="organizer.id", index=True)
    kind: ElementKind = word(ElementKind, ElementKind.COURSE)
    title: str
    course_type: ActivityType = word(ActivityType)
    difficulty: Difficulty = word(Difficulty)
    credits: float
    hours: float
    specialties: list[str] = document(list)


class Module(Row, table=True):
    """A part of a course."""

    id: UUID = Field(primary_key=True)
    course_id: UUID = owner("course")
    position: int
    title: str


class Topic(Row, table=True):
    """A part of a module; complete when all its lessons are (A19)."""

    id: UUID = Field(primary_key=True)
    module_id: UUID = owner("module")
    position: int
    title: str


class Lesson(Row, table=True):
    """The smallest thing a person works through."""

    id: UUID = Field(primary_key=True)
    topic_id: UUID = owner("topic")
    position: int
    title: str
    move_on: MoveOn = word(MoveOn, MoveOn.COMPLETED)


class Assessment(Row, table=True):
    """A test, a practical task or the exam of a module or of the whole course."""

    id: UUID = Field(primary_key=True)
    course_id: UUID = owner("course")
    module_id: UUID | None = Field(default=None, foreign_key="module.id", index=True, ondelete="CASCADE")
    position: int
    kind: AssessmentKind = word(AssessmentKind)
    title: str
    max_score: float
    passing_score: float


class CourseMaterial(Row, table=True):
    """A file of a course, kept in the object store and handed out only to those who study (3.2-7, 3.2-11)."""

    id: UUID = Field(primary_key=True)
    course_id: UUID = owner("course")
    position: int
    title: str
    file_name: str
    mime_type: str
    object_key: str


class Element(Row, table=True):
    """A course that a person has added; its removal takes progress, grades and certificates with it (A12)."""

    __table_args__ = (UniqueConstraint("account_id", "course_id"),)

    id: UUID = Field(primary_key=True)
    account_id: UUID = owner()
    course_id: UUID = Field(foreign_key="course.id", index=True)
    added_at: datetime
