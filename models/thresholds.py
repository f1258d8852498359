"""Thresholds of results: who sets them, what they measure, and who has reached them (3.4-18, 3.4-19, A20)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from models.base import Row, owner, word

MOST_OWN = 50
MOST_COMMON = 20  # of one course, or for all courses: each sends a letter to everybody who reaches it


class ThresholdMetric(StrEnum):
    """What is measured: the first two in one course, the others over all of a person's courses."""

    COURSE_PERCENT = "COURSE_PERCENT"
    COURSE_SCORE = "COURSE_SCORE"
    CREDITS_TOTAL = "CREDITS_TOTAL"
    MODULES_COMPLETED = "MODULES_COMPLETED"


TOTALS = frozenset({ThresholdMetric.CREDITS_TOTAL, ThresholdMetric.MODULES_COMPLETED})


class ThresholdSource(StrEnum):
    """Who has set a threshold (A20)."""

    SYSTEM = "SYSTEM"
    AUTHOR = "AUTHOR"
    USER = "USER"


class Threshold(Row, table=True):
    """`account_id` is whose it is, for one of a user; `course_id` None means any course, for a total all of them."""

    id: UUID = Field(primary_key=True)
    source: ThresholdSource = word(ThresholdSource)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True, ondelete="CASCADE")
    course_id: UUID | None = Field(default=None, foreign_key="course.id", index=True, ondelete="CASCADE")
    metric: ThresholdMetric = word(ThresholdMetric)
    value: float
    created_at: datetime


class ThresholdHit(Row, table=True):
    """A threshold has been reached by a person, in one course taken up or over all; one row for each time."""

    id: UUID = Field(primary_key=True)
    threshold_id: UUID = owner("threshold")
    account_id: UUID = owner()
    element_id: UUID | None = Field(default=None, foreign_key="element.id", index=True, ondelete="CASCADE")
    reached_at: datetime


def crossed(before: float, after: float, value: float) -> bool:
    """Whether a result has brought what is measured up to the threshold from below."""
    return before < value <= after
