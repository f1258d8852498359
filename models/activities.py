"""Educational events and a person's part in them (requirements 3.1)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import Row, document, owner, word


class ActivityType(StrEnum):
    """Kinds of education in the portal's own vocabulary (A11)."""

    PROGRAM_DPP = "PROGRAM_DPP"
    EVENT_CONFERENCE = "EVENT_CONFERENCE"
    EVENT_WEBINAR = "EVENT_WEBINAR"
    EVENT_SEMINAR = "EVENT_SEMINAR"
    EVENT_MASTERCLASS = "EVENT_MASTERCLASS"
    SELF_STUDY_IOM = "SELF_STUDY_IOM"
    OTHER = "OTHER"


TYPE_LABELS = {
    ActivityType.PROGRAM_DPP: "Программа ДПО",
    ActivityType.EVENT_CONFERENCE: "Конференция",
    ActivityType.EVENT_WEBINAR: "Вебинар",
    ActivityType.EVENT_SEMINAR: "Семинар",
    ActivityType.EVENT_MASTERCLASS: "Мастер-класс",
    ActivityType.SELF_STUDY_IOM: "Интерактивный модуль",
    ActivityType.OTHER: "Другое",
}


class ActivityStatus(StrEnum):
    """The three displayed values, computed by one rule (A10)."""

    PLANNED = "PLANNED"
    FINISHED = "FINISHED"
    PARTICIPATION_CONFIRMED = "PARTICIPATION_CONFIRMED"


STATUS_LABELS = {
    ActivityStatus.PLANNED: "запланировано",
    ActivityStatus.FINISHED: "завершено",
    ActivityStatus.PARTICIPATION_CONFIRMED: "подтверждено участие",
}
CANCELLED_LABEL = "отменено"  # what a list says of a cancelled event in the place of its status


class EnrollmentState(StrEnum):
    """A person's part in an event; richer than what the list shows."""

    REQUESTED = "REQUESTED"
    ENROLLED = "ENROLLED"
    WAITLISTED = "WAITLISTED"
    ATTENDED = "ATTENDED"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"


ENROLLMENT_LABELS = {
    EnrollmentState.REQUESTED: "заявка подана",
    EnrollmentState.ENROLLED: "записан",
    EnrollmentState.WAITLISTED: "в листе ожидания",
    EnrollmentState.ATTENDED: "посетил",
    EnrollmentState.CONFIRMED: "участие подтверждено",
    EnrollmentState.CANCELLED: "запись отменена",
    EnrollmentState.REJECTED: "в записи отказано",
}


class MaterialKind(StrEnum):
    """What a link of an event leads to."""

    METHODICAL = "METHODICAL"
    RECORDING = "RECORDING"


class Activity(Row, table=True):
    """An event; `places` is None when there is no limit, `taken` counts live enrolments under the row's lock.

    `places_changed` marks it until everybody has been told how its places stand.
    """

    __table_args__ = (
        Index("ix_activity_starts_at_id", "starts_at", "id"),
        Index("ix_activity_title_sort_id", "title_sort", "id"),
        Index("ix_activity_places_changed", "id", postgresql_where=text("places_changed")),
    )

    id: UUID = Field(primary_key=True)
    organizer_id: UUID = Field(foreign_key="organizer.id", index=True)
    title: str
    title_sort: str
    type: ActivityType = word(ActivityType)
    starts_at: datetime
    ends_at: datetime
    credits: float
    places: int | None = None
    taken: int = 0
    places_changed: bool = False
    opens_at: datetime
    closes_at: datetime
    cancelled_at: datetime | None = None
    registry_number: str | None = None
    specialties: list[str] = document(list)


class Material(Row, table=True):
    """A link that belongs to an event: methodical materials or the recording of a webinar."""

    id: UUID = Field(primary_key=True)
    activity_id: UUID = owner("activity")
    kind: MaterialKind = word(MaterialKind)
    title: str
    url: str


class Enrollment(Row, table=True):
    """One row for a person and an event, whatever happens to it; `waiting_place` counts from one, without gaps."""

    __table_args__ = (
        UniqueConstraint("account_id", "activity_id"),
        Index("ix_enrollment_activity_state", "activity_id", postgresql_where=text("state <> 'CANCELLED'")),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID = owner()
    activity_id: UUID = Field(foreign_key="activity.id")
    state: EnrollmentState = word(EnrollmentState)
    waiting_place: int | None = None
    created_at: datetime
    updated_at: datetime


RUSSIAN_ORDER = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
RUSSIAN_RANKS = "".join(chr(0x430 + rank) for rank in range(len(RUSSIAN_ORDER)))
_TO_RANKS = str.maketrans(RUSSIAN_ORDER, RUSSIAN_RANKS)


def sort_key(title: str) -> str:
    """A text whose code-point order is the Russian alphabet: the database has no such collation of its own."""
    return title.casefold().translate(_TO_RANKS)


def displayed_status(ends_at: datetime, state: EnrollmentState | None, now: datetime) -> ActivityStatus:
    """Past and confirmed, past, or still to come (A10)."""
    if ends_at > now:
        return ActivityStatus.PLANNED
    if state is EnrollmentState.CONFIRMED:
        return ActivityStatus.PARTICIPATION_CONFIRMED
    return ActivityStatus.FINISHED
