"""Thresholds that results have just crossed: told once, by e-mail and in the cabinet (3.4-18, 3.4-19, A20).

Each crossing from below is told, also of a threshold that was reached and lost before. None is told twice: what is
compared is held by a lock, so one batch alone finds the value below before it and not below after it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Text, and_, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.account import Account, AccountState
from models.education import Course, Element
from models.journal import Fact, account_stream
from models.notifications import NotificationKind
from models.progress import CourseProgress
from models.thresholds import TOTALS, Threshold, ThresholdHit, ThresholdMetric, ThresholdSource, crossed
from resolvers.context import Context
from resolvers.notices import Notice, notify_each
from resolvers.numbers import number
from resolvers.totals import WHOLE, Totals, totals
from storage.database import Transaction
from storage.locks import Turn, take_turns

WHOSE = {
    ThresholdSource.SYSTEM: "порог системы",
    ThresholdSource.AUTHOR: "порог автора курса",
    ThresholdSource.USER: "ваш порог",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What thresholds measure in one course."""

    percent: float
    score: float
    modules: int

    @classmethod
    def of(cls, course: CourseProgress) -> "Reading":
        return cls(course.percent, course.score or 0.0, course.modules_completed)

    def measured(self, metric: ThresholdMetric) -> float:
        """What a threshold of one course is compared with."""
        return self.percent if metric is ThresholdMetric.COURSE_PERCENT else self.score


@dataclass(frozen=True, slots=True)
class Move:
    """One course of one person before and after results."""

    element: Element
    before: Reading
    after: Reading


@dataclass(frozen=True, slots=True)
class _Crossing:
    threshold: Threshold
    account_id: UUID
    element: Element | None
    reached: float


async def one_at_a_time(session: AsyncSession, account_ids: Collection[UUID]) -> None:
    """Until the transaction ends nobody else compares totals or thresholds of these accounts.

    Results in different courses of one person lock different rows, so none of them would do.
    """
    names = cast([str(key) for key in account_ids], ARRAY(Text))
    await take_turns(session, Turn.TOTALS, select(func.unnest(names)))


async def tell_crossings(context: Context, work: Transaction, moves: Collection[Move]) -> None:
    """Called when the rows of a batch are written and before it commits."""
    moves = [move for move in moves if move.before != move.after]
    if not moves:
        return
    thresholds = await _relevant(work.session, moves)
    query = select(Course).where(col(Course.id).in_({move.element.course_id for move in moves}))
    courses = {course.id: course for course in await work.session.scalars(query)}
    found = [crossing for threshold in thresholds for crossing in _in_courses(threshold, moves)]
    found += await _over_all(work.session, thresholds, moves, courses)
    standing = await _standing(work.session, found)
    for crossing in standing:
        _record(context, work, crossing)
    notices = [(crossing.account_id, _notice(crossing, courses)) for crossing in standing]
    await notify_each(context, work, notices)


async def _relevant(session: AsyncSession, moves: Collection[Move]) -> list[Threshold]:
    accounts = {move.element.account_id for move in moves}
    courses = {move.element.course_id for move in moves}
    query = select(Threshold).where(
        or_(col(Threshold.account_id).is_(None), col(Threshold.account_id).in_(accounts)),
        or_(col(Threshold.course_id).is_(None), col(Threshold.course_id).in_(courses)),
    )
    return list(await session.scalars(query.order_by(col(Threshold.id))))


def _in_courses(threshold: Threshold, moves: Collection[Move]) -> Iterator[_Crossing]:
    if threshold.metric in TOTALS:
        return
    for move in moves:
        element = move.element
        meant = threshold.course_id in (None, element.course_id)
        theirs = threshold.account_id in (None, element.account_id)
        before, after = (each.measured(threshold.metric) for each in (move.before, move.after))
        if meant and theirs and crossed(before, after, threshold.value):
            yield _Crossing(threshold, element.account_id, element, after)


async def _over_all(
    session: AsyncSession, thresholds: list[Threshold], moves: Collection[Move], courses: dict[UUID, Course]
) -> list[_Crossing]:
    wanted = [threshold for threshold in thresholds if threshold.metric in TOTALS]
    if not wanted:
        return []
    gained: dict[UUID, Totals] = {}
    for move in moves:
        key, modules = move.element.account_id, move.after.modules - move.before.modules
        whole = (move.after.percent >= WHOLE) - (move.before.percent >= WHOLE)
        so_far, credits_ = gained.get(key, Totals()), courses[move.element.course_id].credits
        gained[key] = Totals(so_far.modules_completed + modules, 0, so_far.credits_earned + whole * credits_)
    await one_at_a_time(session, gained)
    now = await totals(session, gained)
    found: list[_Crossing] = []
    for threshold in wanted:
        for key in gained if threshold.account_id is None else [threshold.account_id]:
            after = measured(threshold.metric, now[key])
            if crossed(after - measured(threshold.metric, gained[key]), after, threshold.value):
                found.append(_Crossing(threshold, key, None, after))
    return found


def measured(metric: ThresholdMetric, found: Totals) -> float:
    """What a threshold over all courses is compared with."""
    return found.credits_earned if metric is ThresholdMetric.CREDITS_TOTAL else found.modules_completed


async def _standing(session: AsyncSession, found: list[_Crossing]) -> list[_Crossing]:
    """Crossings of thresholds and accounts that are still there."""
    if not found:
        return []
    wanted = {crossing.threshold.id for crossing in found}
    # Whoever removes one of them from here on waits until the batch is in.
    query = select(col(Threshold.id)).where(col(Threshold.id).in_(wanted)).order_by(col(Threshold.id))
    kept = set(await session.scalars(query.with_for_update(read=True, key_share=True)))
    accounts = {crossing.account_id for crossing in found}
    open_ones = select(col(Account.id)).where(
        and_(col(Account.id).in_(accounts), col(Account.state) != AccountState.CLOSED)
    )
    present = set(await session.scalars(open_ones))
    return [
        crossing for crossing in found if crossing.threshold.id in kept and crossing.account_id in present
    ]


def _record(context: Context, work: Transaction, crossing: _Crossing) -> None:
    threshold, element = crossing.threshold, crossing.element
    hit = ThresholdHit(
        id=context.secrets.uuid(),
        threshold_id=threshold.id,
        account_id=crossing.account_id,
        element_id=element.id if element else None,
        reached_at=context.clock.now(),
    )
    work.session.add(hit)
    stream = account_stream(crossing.account_id)
    work.record(Fact(stream, "thresholds:threshold:reached", threshold.id, {"hit": str(hit.id)}))


def _notice(crossing: _Crossing, courses: dict[UUID, Course]) -> Notice:
    threshold, element = crossing.threshold, crossing.element
    return Notice(
        NotificationKind.THRESHOLD_REACHED,
        f"Достигнут {WHOSE[threshold.source]}",
        _words(threshold, crossing.reached, courses[element.course_id].title if element else ""),
        f"element_{element.id.hex}" if element else None,
    )


def _words(threshold: Threshold, reached: float, course: str) -> str:
    match threshold.metric:
        case ThresholdMetric.COURSE_PERCENT:
            return f"Курс «{course}» пройден на {number(reached)} %, порог — {number(threshold.value)} %."
        case ThresholdMetric.COURSE_SCORE:
            return (
                f"За курс «{course}» получено баллов: {number(reached)}, порог — {number(threshold.value)}."
            )
        case ThresholdMetric.CREDITS_TOTAL:
            return f"Всего заработано ЗЕТ: {number(reached)}, порог — {number(threshold.value)}."
        case ThresholdMetric.MODULES_COMPLETED:
            return f"Всего пройдено модулей: {number(reached)}, порог — {number(threshold.value)}."
