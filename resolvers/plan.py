"""The plan: what a doctor still lacks, of which kind, by when, for each speciality and cycle (3.4-20)."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.account import Account, AccountState
from models.activities import Activity, Enrollment, EnrollmentState
from models.education import Course
from models.errors import ErrorCode, Problem, UserError, mistake, too_long
from models.journal import Fact, account_stream
from models.notifications import NotificationKind
from models.plan import LONGEST_SPECIALTY, MOST_CYCLES, PlanCycle
from models.plan_rules import (
    KIND_OF,
    WARN_MONTHS,
    YEARS,
    Earning,
    Standing,
    shifted,
    standing,
    step_due,
    warning,
)
from models.progress import Certificate, CourseProgress
from resolvers.context import Context
from resolvers.days import MOSCOW
from resolvers.notices import Notice, notify_each
from storage.database import Author

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """One cycle as it stands today."""

    cycle: PlanCycle
    standing: Standing
    closed: bool
    warnings: tuple[str, ...]


def today(context: Context) -> date:
    """The day in Moscow, by which cycles end."""
    return context.clock.now().astimezone(MOSCOW).date()


async def my_plan(context: Context) -> list[Plan]:
    """Every cycle of the viewer: those that go on first, then closed ones, which stay to be read."""
    me, day = context.person.account.id, today(context)
    query = select(PlanCycle).where(col(PlanCycle.account_id) == me)
    async with context.database.reading() as session:
        cycles = (await session.scalars(query.order_by(col(PlanCycle.specialty)))).all()
        earnings = (await _earnings(session, [me]))[me]
    plans = [_plan(cycle, earnings, day) for cycle in cycles]
    return sorted(plans, key=lambda plan: (plan.closed, -plan.cycle.ends_on.toordinal()))


def _plan(cycle: PlanCycle, earnings: list[Earning], day: date) -> Plan:
    found = standing(cycle.specialty, cycle.starts_on, cycle.ends_on, earnings)
    step = step_due(cycle.ends_on, day)
    warnings = (warning(cycle.ends_on, step, found),) if step and found.lacking else ()
    return Plan(cycle, found, cycle.ends_on <= day, warnings)


async def _earnings(session: AsyncSession, account_ids: Collection[UUID]) -> defaultdict[UUID, list[Earning]]:
    """Events with confirmed attendance and courses done to their end, of each account."""
    events = (
        select(
            col(Enrollment.account_id),
            col(Activity.type),
            col(Activity.ends_at),
            col(Activity.credits),
            col(Activity.specialties),
        )
        .join(Activity, col(Activity.id) == col(Enrollment.activity_id))
        .where(
            col(Enrollment.account_id).in_(account_ids),
            col(Enrollment.state) == EnrollmentState.CONFIRMED,
        )
    )
    completed_at = func.coalesce(col(Certificate.completed_at), col(Certificate.ready_at))
    courses = (
        select(
            col(CourseProgress.account_id),
            col(Course.course_type),
            completed_at,
            col(Course.credits),
            col(Course.specialties),
        )
        .join(Course, col(Course.id) == col(CourseProgress.course_id))
        .join(Certificate, col(Certificate.element_id) == col(CourseProgress.element_id))
        .where(col(CourseProgress.account_id).in_(account_ids), completed_at.is_not(None))
    )
    found = defaultdict[UUID, list[Earning]](list)
    for query in (events, courses):
        for key, kind, at, credits_, specialties in await session.execute(query):
            day = at.astimezone(MOSCOW).date()
            found[key].append(Earning(KIND_OF[kind], day, credits_, tuple(specialties)))
    return found


async def set_cycle(context: Context, *, specialty: str, starts_on: date) -> Plan:
    """Begin a cycle or move the one that goes on; a closed one is never changed, the next begins after it."""
    me, day = context.person.account.id, today(context)
    specialty, ends_on = specialty.strip(), shifted(starts_on, YEARS * 12)
    problems = _problems(specialty, starts_on, ends_on, day)
    async with context.database.transaction(context.author) as work:
        # Parallel requests wait for one another, since a transaction of a session holds its account.
        held = (await work.session.scalars(select(PlanCycle).where(col(PlanCycle.account_id) == me))).all()
        same = [cycle for cycle in held if cycle.specialty == specialty]
        problems += _overlap(starts_on, [cycle.ends_on for cycle in same if cycle.ends_on <= day])
        current = next((cycle for cycle in same if cycle.ends_on > day), None)
        if current is None and len(held) >= MOST_CYCLES:
            message = f"Циклов может быть до {MOST_CYCLES}."
            problems.append(Problem(ErrorCode.CONFLICT, message, ("specialty",)))
        if problems:
            raise UserError(*problems)
        cycle = PlanCycle(
            id=current.id if current else context.secrets.uuid(),
            account_id=me,
            specialty=specialty,
            starts_on=starts_on,
            ends_on=ends_on,
            warned_months=current.warned_months if current and current.ends_on == ends_on else None,
        )
        cycle = await work.session.merge(cycle)
        work.record(Fact(account_stream(me), "plan:cycle:set", cycle.id))
        earnings = (await _earnings(work.session, [me]))[me]
    return _plan(cycle, earnings, day)


def _overlap(starts_on: date, ends: list[date]) -> list[Problem]:
    last = max(ends, default=starts_on)
    if starts_on >= last:
        return []
    message = f"Прошлый цикл закрыт {last:%d.%m.%Y}: следующий начинается не раньше."
    return [Problem(ErrorCode.CONFLICT, message, ("startsOn",))]


def _problems(specialty: str, starts_on: date, ends_on: date, day: date) -> list[Problem]:
    problems: list[Problem] = []
    if not specialty:
        problems.append(Problem(ErrorCode.REQUIRED, "Укажите специальность.", ("specialty",)))
    if len(specialty) > LONGEST_SPECIALTY:
        problems.append(too_long("Название слишком длинное.", LONGEST_SPECIALTY, "specialty"))
    if not starts_on <= day < ends_on:
        expected = f"после {shifted(day, -YEARS * 12):%d.%m.%Y} и не позже сегодняшнего дня"
        message = "Цикл длится пять лет и должен идти сейчас."
        problems.append(Problem(ErrorCode.INVALID_FORMAT, message, ("startsOn",), expected=expected))
    return problems


async def remove_cycle(context: Context, *, cycle_id: UUID) -> None:
    """Stop following a cycle that goes on; a closed one stays."""
    me = context.person.account.id
    query = select(PlanCycle).where(col(PlanCycle.id) == cycle_id, col(PlanCycle.account_id) == me)
    async with context.database.transaction(context.author) as work:
        found = await work.session.scalar(query.with_for_update())
        if found is None:
            raise mistake(ErrorCode.NOT_FOUND, "Цикл не найден.", "id")
        if found.ends_on <= today(context):
            raise mistake(ErrorCode.CONFLICT, "Цикл закрыт: его можно только смотреть.", "id")
        await work.session.delete(found)
        work.record(Fact(account_stream(me), "plan:cycle:removed", cycle_id))


async def warn_of_deadlines(context: Context) -> int:
    """A warning 12, 6, 3 and 1 months ahead, each given once, to those who lack anything."""
    day = today(context)
    due = (
        and_(
            col(PlanCycle.ends_on) <= shifted(day, months),
            or_(col(PlanCycle.warned_months).is_(None), col(PlanCycle.warned_months) > months),
        )
        for months in WARN_MONTHS
    )
    query = (
        select(PlanCycle)
        .join(Account, col(Account.id) == col(PlanCycle.account_id))
        .where(col(PlanCycle.ends_on) > day, or_(*due), col(Account.state) != AccountState.CLOSED)
        .order_by(col(PlanCycle.id))
        .limit(AT_ONCE)
        .with_for_update(of=PlanCycle, skip_locked=True)
    )
    async with context.database.transaction(Author("plan", "")) as work:
        cycles = (await work.session.scalars(query)).all()
        earnings = await _earnings(work.session, {cycle.account_id for cycle in cycles})
        for cycle in cycles:
            cycle.warned_months = step_due(cycle.ends_on, day)
        plans = [_plan(cycle, earnings[cycle.account_id], day) for cycle in cycles]
        notices = [
            (plan.cycle.account_id, _notice(plan.cycle, said)) for plan in plans for said in plan.warnings
        ]
        await notify_each(context, work, notices)
    return len(cycles)


def _notice(cycle: PlanCycle, said: str) -> Notice:
    return Notice(NotificationKind.DEADLINE, f"Заканчивается цикл: {cycle.specialty}", said)
