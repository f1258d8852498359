"""Setting thresholds of results: one's own, those of a course's author, those of the system (3.4-18, A20).

A threshold tells of each crossing from below; set again, it forgets when it was reached.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, delete, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.education import Course, Element
from models.errors import ErrorCode, Problem, UserError, mistake
from models.journal import Fact, account_stream
from models.progress import CourseProgress
from models.thresholds import (
    MOST_COMMON,
    MOST_OWN,
    TOTALS,
    Threshold,
    ThresholdHit,
    ThresholdMetric,
    ThresholdSource,
)
from resolvers.context import Context, Provider
from resolvers.crossings import Reading, measured, one_at_a_time
from resolvers.loading import Relation
from resolvers.paging import By, Page, page
from resolvers.rights import everyone
from resolvers.totals import Totals, totals
from storage.database import Transaction

COMMON = UUID(int=3418)
THRESHOLD_COURSE = Relation(Course, "course_id", col(Course.id), everyone)


def _reached_by_me(context: Context) -> ColumnElement[bool]:
    """An organiser reaches nothing."""
    if isinstance(context.caller, Provider):
        return false()
    return col(ThresholdHit.account_id) == context.person.account.id


HITS = Relation(
    ThresholdHit,
    "id",
    col(ThresholdHit.threshold_id),
    _reached_by_me,
    many=True,
    order=(col(ThresholdHit.reached_at), col(ThresholdHit.id)),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A threshold as it is asked for."""

    metric: ThresholdMetric
    value: float
    course_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Setter:
    """Who sets it, and whose journal tells of it; `account_id` is that of a person who does so for oneself."""

    source: ThresholdSource
    stream: str
    account_id: UUID | None = None

    @property
    def most(self) -> int:
        return MOST_COMMON if self.account_id is None else MOST_OWN


async def list_thresholds(context: Context, first: int, after: str | None) -> Page[Threshold]:
    """Everything that may tell the viewer: own thresholds, those of the courses taken up, those of the system."""
    me = context.person.account.id
    courses = select(col(Element.course_id)).where(col(Element.account_id) == me)
    query = select(Threshold).where(
        or_(
            col(Threshold.account_id) == me,
            col(Threshold.source) == ThresholdSource.SYSTEM,
            (col(Threshold.source) == ThresholdSource.AUTHOR) & col(Threshold.course_id).in_(courses),
        )
    )
    return await page(context, query, [By("ID", col(Threshold.id), descending=True)], first, after)


async def set_threshold(context: Context, *, wish: Wish) -> Threshold:
    """A threshold of the viewer's own; one that lies ahead."""
    me = context.person.account.id
    problems = _problems(wish)
    async with context.database.transaction(context.author) as work:
        courses = await _courses(work.session, me)
        if wish.course_id is not None and wish.course_id not in courses:
            problems.append(Problem(ErrorCode.NOT_FOUND, "Среди ваших курсов такого нет.", ("courseId",)))
        if problems:
            raise UserError(*problems)
        await _check_ahead(work.session, me, wish, courses)
        return await _put(context, work, Setter(ThresholdSource.USER, account_stream(me), me), wish)


async def _courses(session: AsyncSession, account_id: UUID) -> dict[UUID, CourseProgress]:
    """The viewer's courses, held as they are: results that are on their way come first, later ones wait."""
    query = (
        select(CourseProgress)
        .where(col(CourseProgress.account_id) == account_id)
        .order_by(col(CourseProgress.element_id))
        .with_for_update(read=True)
    )
    found = {course.course_id: course for course in await session.scalars(query)}
    await one_at_a_time(session, [account_id])
    return found


async def _check_ahead(
    session: AsyncSession, account_id: UUID, wish: Wish, courses: dict[UUID, CourseProgress]
) -> None:
    if wish.metric in TOTALS:
        now = measured(wish.metric, (await totals(session, [account_id])).get(account_id, Totals()))
    elif wish.course_id is not None:
        now = Reading.of(courses[wish.course_id]).measured(wish.metric)
    else:
        return
    if now >= wish.value:
        problem = Problem(
            ErrorCode.INVALID_FORMAT, "Этот порог уже достигнут.", ("value",), expected=f"больше {now:g}"
        )
        raise UserError(problem)


async def remove_threshold(context: Context, *, threshold_id: UUID) -> None:
    """Drop one of the viewer's own."""
    me = context.person.account.id
    await _remove(context, threshold_id, col(Threshold.account_id) == me, account_stream(me))


def _governed(context: Context) -> ColumnElement[bool]:
    """A service account governs the thresholds of its own courses, a holder of the right those of everybody."""
    if isinstance(context.caller, Provider):
        own = select(col(Course.id)).where(col(Course.organizer_id) == context.caller.organizer_id)
        return (col(Threshold.source) == ThresholdSource.AUTHOR) & col(Threshold.course_id).in_(own)
    return col(Threshold.source) != ThresholdSource.USER


async def list_common(context: Context, first: int, after: str | None) -> Page[Threshold]:
    """Thresholds for everybody that the caller governs."""
    query = select(Threshold).where(_governed(context))
    return await page(context, query, [By("ID", col(Threshold.id), descending=True)], first, after)


async def set_common(context: Context, *, wish: Wish) -> Threshold:
    """A threshold for everybody: an author's is about one own course, one of the system about any."""
    setter, problems = _common(context), _problems(wish)
    author = setter.source is ThresholdSource.AUTHOR
    if author and wish.course_id is None:
        problems.append(Problem(ErrorCode.REQUIRED, "Укажите свой курс.", ("courseId",)))
    if not author and wish.course_id is not None:
        message = "Порог системы действует во всех курсах: не указывайте курс."
        problems.append(Problem(ErrorCode.INVALID_FORMAT, message, ("courseId",)))
    async with context.database.transaction(context.author) as work:
        if author and wish.course_id is not None:
            problems += await _foreign(work.session, wish.course_id, context.provider.organizer_id)
        if problems:
            raise UserError(*problems)
        await one_at_a_time(work.session, [COMMON])
        return await _put(context, work, setter, wish)


async def _foreign(session: AsyncSession, course_id: UUID, organizer_id: UUID) -> list[Problem]:
    course = await session.get(Course, course_id)
    if course is not None and course.organizer_id == organizer_id:
        return []
    return [Problem(ErrorCode.NOT_FOUND, "У вашей организации нет такого курса.", ("courseId",))]


async def remove_common(context: Context, *, threshold_id: UUID) -> None:
    """Drop a threshold for everybody."""
    await _remove(context, threshold_id, _governed(context), _common(context).stream)


def _common(context: Context) -> Setter:
    if isinstance(context.caller, Provider):
        return Setter(ThresholdSource.AUTHOR, f"organizer:{context.caller.organizer_id}")
    return Setter(ThresholdSource.SYSTEM, "thresholds")


def _problems(wish: Wish) -> list[Problem]:
    problems: list[Problem] = []
    most = 100.0 if wish.metric is ThresholdMetric.COURSE_PERCENT else 1_000_000.0
    if not 0 < wish.value <= most:
        message = "Порог — положительное число; доля пройденного — не больше 100."
        problems.append(
            Problem(ErrorCode.INVALID_FORMAT, message, ("value",), expected=f"больше 0, до {most:.0f}")
        )
    if wish.metric in TOTALS and wish.course_id is not None:
        message = "Этот показатель считается по всем курсам: не указывайте курс."
        problems.append(Problem(ErrorCode.INVALID_FORMAT, message, ("courseId",)))
    return problems


async def _put(context: Context, work: Transaction, setter: Setter, wish: Wish) -> Threshold:
    """The same threshold is there once; one of the owner's, set again, forgets when it was reached."""
    theirs = await _beside(work.session, setter, wish)
    held = next((one for one in theirs if Wish(one.metric, one.value, one.course_id) == wish), None)
    if held is not None:
        if setter.account_id is not None:
            told = delete(ThresholdHit).where(col(ThresholdHit.threshold_id) == held.id)
            await work.session.execute(told)
        return held
    if len(theirs) >= setter.most:
        message = f"Порогов может быть до {setter.most}: удалите лишние."
        raise mistake(ErrorCode.CONFLICT, message, "value")
    made = Threshold(
        id=context.secrets.uuid(),
        source=setter.source,
        account_id=setter.account_id,
        course_id=wish.course_id,
        metric=wish.metric,
        value=wish.value,
        created_at=context.clock.now(),
    )
    work.session.add(made)
    work.record(Fact(setter.stream, "thresholds:threshold:set", made.id, {"metric": made.metric.value}))
    return made


async def _beside(session: AsyncSession, setter: Setter, wish: Wish) -> list[Threshold]:
    """Those that count towards the same limit: a person's all, of those for everybody the ones of the course."""
    query = select(Threshold).where(
        col(Threshold.source) == setter.source,
        col(Threshold.account_id).is_not_distinct_from(setter.account_id),
    )
    if setter.account_id is None:
        query = query.where(col(Threshold.course_id).is_not_distinct_from(wish.course_id))
    return list(await session.scalars(query))


async def _remove(context: Context, threshold_id: UUID, theirs: ColumnElement[bool], stream: str) -> None:
    query = delete(Threshold).where(col(Threshold.id) == threshold_id, theirs)
    async with context.database.transaction(context.author) as work:
        if await work.session.scalar(query.returning(col(Threshold.id))) is None:
            raise mistake(ErrorCode.NOT_FOUND, "Порог не найден.", "id")
        work.record(Fact(stream, "thresholds:threshold:removed", threshold_id))
