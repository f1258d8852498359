"""What a person has achieved over all courses: one rule for the tab, for thresholds and for nothing else."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.education import Course
from models.progress import CourseProgress

WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Totals:
    """Credits are earned by courses done to their end."""

    modules_completed: int = 0
    modules_total: int = 0
    credits_earned: float = 0.0


async def totals(session: AsyncSession, account_ids: Collection[UUID]) -> dict[UUID, Totals]:
    """The totals of each account that has taken up anything."""
    done = col(CourseProgress.percent) >= WHOLE
    query = (
        select(
            col(CourseProgress.account_id),
            func.sum(col(CourseProgress.modules_completed)),
            func.sum(col(CourseProgress.modules_total)),
            func.sum(case((done, col(Course.credits)), else_=0.0)),
        )
        .join(Course, col(Course.id) == col(CourseProgress.course_id))
        .where(col(CourseProgress.account_id).in_(account_ids))
        .group_by(col(CourseProgress.account_id))
    )
    return {key: Totals(*found) for key, *found in (await session.execute(query)).all()}
