"""Educational events: the list, and taking part with one press (requirements 3.1)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, exists, or_, select
from sqlmodel import col

from models.activities import (
    Activity,
    ActivityStatus,
    ActivityType,
    Enrollment,
    EnrollmentState,
    Material,
    displayed_status,
)
from models.errors import ErrorCode, Problem, UserError, mistake
from models.journal import Fact, account_stream
from models.organizers import Organizer
from resolvers.context import Context
from resolvers.live import Step, follow
from resolvers.loading import Relation, fetch
from resolvers.paging import By, Page, page
from resolvers.rights import everyone, not_found, owned
from resolvers.searching import matches

MOSCOW = ZoneInfo("Europe/Moscow")
LIVE = (EnrollmentState.ENROLLED, EnrollmentState.ATTENDED, EnrollmentState.CONFIRMED)


class ActivitySortField(StrEnum):
    """Every column of the list can be sorted by (3.1-17)."""

    TITLE = "TITLE"
    STARTS_AT = "STARTS_AT"
    STATUS = "STATUS"
    ORGANIZER = "ORGANIZER"
    TYPE = "TYPE"
    CREDITS = "CREDITS"


class ActivityPeriod(StrEnum):
    """Where an event lies in time."""

    CURRENT = "CURRENT"
    PAST = "PAST"
    UPCOMING = "UPCOMING"


@dataclass(frozen=True, slots=True)
class Days:
    """A range of calendar days in Moscow time, both ends included; either may be open."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ActivityQuery:
    """What the list is narrowed to; all conditions hold at once."""

    days: Days | None = None
    types: tuple[ActivityType, ...] = ()
    statuses: tuple[ActivityStatus, ...] = ()
    period: ActivityPeriod | None = None
    search: str | None = None
    only_mine: bool = False
    only_open: bool = False
    organizers: tuple[UUID, ...] = ()


def _entitled(context: Context) -> ColumnElement[bool]:
    """Materials are open to those who take part."""
    return exists().where(
        col(Enrollment.activity_id) == col(Material.activity_id),
        col(Enrollment.account_id) == context.person.account.id,
        col(Enrollment.state).in_(LIVE),
    )


ORGANIZER = Relation(Organizer, "organizer_id", col(Organizer.id), everyone)
MATERIALS = Relation(
    Material,
    "id",
    col(Material.activity_id),
    _entitled,
    many=True,
    order=(col(Material.kind), col(Material.id)),
)
MY_ENROLLMENT = Relation(Enrollment, "id", col(Enrollment.activity_id), owned(col(Enrollment.account_id)))


def status(context: Context, activity: Activity, mine: Enrollment | None) -> ActivityStatus:
    """The displayed status of an event for the viewer (3.1-13, A10)."""
    return displayed_status(activity, mine.state if mine else None, context.clock.now())


def enrollment_open(activity: Activity, now: datetime) -> bool:
    """Whether one press would put a person on the list right now."""
    in_time = activity.opens_at <= now < activity.closes_at and now < activity.starts_at
    return in_time and (activity.places is None or activity.taken < activity.places)


async def list_activities(
    context: Context,
    query: ActivityQuery,
    sort: list[tuple[ActivitySortField, bool]],
    first: int,
    after: str | None,
) -> Page[Activity]:
    """Events as filtered and sorted; `sort` pairs a field with «descending» (3.1-1, 3.1-2, 3.1-8 .. 3.1-17).

    Without a sort the nearest event comes first: the soonest of those ahead, else the latest.
    """
    now = context.clock.now()
    mine = and_(
        col(Enrollment.activity_id) == col(Activity.id),
        col(Enrollment.account_id) == context.person.account.id,
        col(Enrollment.state) != EnrollmentState.CANCELLED,
    )
    rank = case(
        (col(Activity.ends_at) > now, 0),
        (col(Enrollment.state) == EnrollmentState.CONFIRMED, 2),
        else_=1,
    )
    wanted = (
        select(Activity)
        .outerjoin(Enrollment, mine)
        .join(Organizer, col(Organizer.id) == col(Activity.organizer_id))
        .where(*_conditions(query, now, rank))
    )
    expressions: dict[ActivitySortField, SQLColumnExpression[Any]] = {
        ActivitySortField.TITLE: col(Activity.title_sort),
        ActivitySortField.STARTS_AT: col(Activity.starts_at),
        ActivitySortField.STATUS: rank,
        ActivitySortField.ORGANIZER: col(Organizer.name),
        ActivitySortField.TYPE: col(Activity.type),
        ActivitySortField.CREDITS: col(Activity.credits),
    }
    ahead = query.only_open or query.period in {ActivityPeriod.CURRENT, ActivityPeriod.UPCOMING}
    chosen = sort or [(ActivitySortField.STARTS_AT, not ahead)]
    order = [By(field, expressions[field], descending) for field, descending in chosen]
    return await page(context, wanted, [*order, By("ID", col(Activity.id))], first, after)


_RANKS = {
    ActivityStatus.PLANNED: 0,
    ActivityStatus.FINISHED: 1,
    ActivityStatus.PARTICIPATION_CONFIRMED: 2,
}


def _conditions(query: ActivityQuery, now: datetime, rank: ColumnElement[int]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.days is not None:
        conditions += _within(query.days)
    if query.types:
        conditions.append(col(Activity.type).in_(query.types))
    if query.statuses:
        conditions.append(rank.in_([_RANKS[status] for status in query.statuses]))
    if query.period is not None:
        conditions.append(_in_period(query.period, now))
    if query.search and query.search.strip():
        conditions.append(matches(col(Activity.title), query.search.strip()))
    if query.only_mine:
        conditions.append(col(Enrollment.id).is_not(None))
    if query.only_open:
        conditions.append(_open(now))
    if query.organizers:
        conditions.append(col(Activity.organizer_id).in_(query.organizers))
    return conditions


def _within(days: Days) -> list[ColumnElement[bool]]:
    if days.since and days.until and days.since > days.until:
        raise UserError(
            Problem(
                ErrorCode.INVALID_FORMAT,
                "Начало периода позже его конца.",
                ("filter", "date", "from"),
                expected="дата не позже конца периода",
            )
        )
    conditions: list[ColumnElement[bool]] = []
    if days.since:
        conditions.append(col(Activity.starts_at) >= datetime.combine(days.since, time(), MOSCOW))
    if days.until:
        conditions.append(
            col(Activity.starts_at) < datetime.combine(days.until + timedelta(days=1), time(), MOSCOW)
        )
    return conditions


def _in_period(period: ActivityPeriod, now: datetime) -> ColumnElement[bool]:
    match period:
        case ActivityPeriod.PAST:
            return col(Activity.ends_at) <= now
        case ActivityPeriod.UPCOMING:
            return col(Activity.starts_at) > now
        case ActivityPeriod.CURRENT:
            return col(Activity.ends_at) > now


def _open(now: datetime) -> ColumnElement[bool]:
    return and_(
        col(Activity.opens_at) <= now,
        col(Activity.closes_at) > now,
        col(Activity.starts_at) > now,
        or_(col(Activity.places).is_(None), col(Activity.taken) < col(Activity.places)),
    )


async def find_activity(context: Context, activity_id: UUID) -> Activity:
    """One event by its id."""
    found = await fetch(context, Activity, activity_id, everyone(context))
    if found is None:
        raise not_found()
    return found


async def all_mine(context: Context) -> list[Activity]:
    """Every event the viewer has a part in, for the snapshot of a live stream."""
    query = (
        select(Activity)
        .join(Enrollment, col(Enrollment.activity_id) == col(Activity.id))
        .where(
            col(Enrollment.account_id) == context.person.account.id,
            col(Enrollment.state) != EnrollmentState.CANCELLED,
        )
        .order_by(col(Activity.starts_at).desc(), col(Activity.id))
    )
    async with context.database.reading() as session:
        return list(await session.scalars(query))


def follow_activities(context: Context, after: int | None) -> AsyncIterator[Step]:
    """The live stream of the viewer's part in events (3.1-21)."""
    return follow(context, account_stream(context.person.account.id), after, ("activities:enrollment:",))


def _locked(activity_id: UUID) -> Select[Activity]:
    return select(Activity).where(col(Activity.id) == activity_id).with_for_update()


async def enroll(context: Context, *, activity_id: UUID) -> tuple[Activity, Enrollment]:
    """Take a place with one press; a repeated press finds the place already taken by the same person (3.1-20)."""
    person, now = context.person, context.clock.now()
    async with context.database.transaction(context.author) as work:
        # The row lock is what keeps `taken` from ever passing `places`.
        activity = (await work.session.scalars(_locked(activity_id))).one_or_none()
        if activity is None:
            raise mistake(ErrorCode.NOT_FOUND, "Мероприятие не найдено.", "activityId")
        mine = await work.session.scalar(
            select(Enrollment).where(
                col(Enrollment.activity_id) == activity_id, col(Enrollment.account_id) == person.account.id
            )
        )
        if mine is not None and mine.state in LIVE:
            return activity, mine
        _check_open(activity, now)
        if mine is None:
            mine = Enrollment(
                id=context.secrets.uuid(),
                account_id=person.account.id,
                activity_id=activity_id,
                state=EnrollmentState.ENROLLED,
                created_at=now,
                updated_at=now,
            )
            work.session.add(mine)
        mine.state, mine.updated_at = EnrollmentState.ENROLLED, now
        activity.taken += 1
        work.record(Fact(account_stream(person.account.id), "activities:enrollment:enrolled", activity_id))
    return activity, mine


def _check_open(activity: Activity, now: datetime) -> None:
    if not activity.opens_at <= now < min(activity.closes_at, activity.starts_at):
        raise mistake(ErrorCode.ENROLLMENT_CLOSED, "Запись на это мероприятие закрыта.", "activityId")
    if activity.places is not None and activity.taken >= activity.places:
        raise mistake(ErrorCode.NO_PLACES, "Свободных мест не осталось.", "activityId")


async def cancel_enrollment(context: Context, *, activity_id: UUID) -> tuple[Activity, Enrollment]:
    """Give the place back, until the event starts."""
    person, now = context.person, context.clock.now()
    async with context.database.transaction(context.author) as work:
        activity = (await work.session.scalars(_locked(activity_id))).one_or_none()
        mine = await work.session.scalar(
            select(Enrollment).where(
                col(Enrollment.activity_id) == activity_id, col(Enrollment.account_id) == person.account.id
            )
        )
        if activity is None or mine is None:
            raise mistake(ErrorCode.NOT_FOUND, "Запись на мероприятие не найдена.", "activityId")
        if mine.state is EnrollmentState.CANCELLED:
            return activity, mine
        if mine.state is not EnrollmentState.ENROLLED or activity.starts_at <= now:
            raise mistake(ErrorCode.ENROLLMENT_CLOSED, "Отменить запись уже нельзя.", "activityId")
        mine.state, mine.updated_at = EnrollmentState.CANCELLED, now
        activity.taken -= 1
        work.record(Fact(account_stream(person.account.id), "activities:enrollment:cancelled", activity_id))
    return activity, mine
