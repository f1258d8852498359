"""Educational events: what belongs to one, and taking part with one press (requirements 3.1)."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select
from sqlmodel import col

from models.activities import (
    Activity,
    ActivityStatus,
    Enrollment,
    EnrollmentState,
    Material,
    displayed_status,
)
from models.errors import ErrorCode, mistake
from models.journal import ACTIVITIES_STREAM, Fact, account_stream
from models.organizers import Organizer
from resolvers.activity_places import places_moved
from resolvers.context import Context
from resolvers.live import Step
from resolvers.live_pair import Feed, Places, follow_two
from resolvers.loading import Relation
from resolvers.rights import everyone, not_found, owned
from resolvers.waiting import is_full, join_waiting, leave
from storage.database import Transaction

CANCELLABLE = (EnrollmentState.ENROLLED, EnrollmentState.WAITLISTED)
LIVE = (EnrollmentState.ENROLLED, EnrollmentState.ATTENDED, EnrollmentState.CONFIRMED)


def _entitled(context: Context) -> ColumnElement[bool]:
    """Materials are open to those who take part."""
    return exists().where(
        col(Enrollment.activity_id) == col(Material.activity_id),
        col(Enrollment.account_id) == context.person.account.id,
        col(Enrollment.state).in_(LIVE),
    )


ACTIVITY = Relation(Activity, "activity_id", col(Activity.id), everyone)
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
    return displayed_status(activity.ends_at, mine.state if mine else None, context.clock.now())


def enrollment_open(activity: Activity, now: datetime) -> bool:
    """Whether one press would give a person a place right now."""
    return _in_time(activity, now) and not is_full(activity)


def waiting_open(activity: Activity, now: datetime) -> bool:
    """Whether one press would put a person on the waiting list right now."""
    return _in_time(activity, now) and is_full(activity)


def _in_time(activity: Activity, now: datetime) -> bool:
    in_time = activity.opens_at <= now < min(activity.closes_at, activity.starts_at)
    return in_time and activity.cancelled_at is None


async def find_activity(context: Context, activity_id: UUID) -> Activity:
    """One event by its id."""
    found = await ACTIVITY.now(context, activity_id)
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


def follow_activities(context: Context, after: Places | None) -> AsyncIterator[Step]:
    """The viewer's part in events, what organisers change in any event and how its places stand, live (3.1-21)."""
    own = Feed(account_stream(context.person.account.id), ("activities:enrollment:",))
    return follow_two(context, own, Feed(ACTIVITIES_STREAM, ("activities:activity:",)), after)


def locked(activity_id: UUID) -> Select[Activity]:
    """An event whose places, times and waiting list nobody else changes meanwhile."""
    return select(Activity).where(col(Activity.id) == activity_id).with_for_update()


async def enroll(context: Context, *, activity_id: UUID) -> tuple[Activity, Enrollment]:
    """Take a place with one press, or the last one of the waiting list; a repeated press changes nothing (3.1-20)."""
    now = context.clock.now()
    async with context.database.transaction(context.author) as work:
        # The row lock is what keeps `taken` from ever passing `places`.
        activity = (await work.session.scalars(locked(activity_id))).one_or_none()
        if activity is None:
            raise mistake(ErrorCode.NOT_FOUND, "Мероприятие не найдено.", "activityId")
        mine = await work.session.scalar(_mine(context, activity_id))
        if mine is not None and mine.state in (*LIVE, EnrollmentState.WAITLISTED):
            return activity, mine
        if not _in_time(activity, now):
            raise mistake(ErrorCode.ENROLLMENT_CLOSED, "Запись на это мероприятие закрыта.", "activityId")
        if mine is None:
            mine = _begun(context, activity_id)
            work.session.add(mine)
        mine.updated_at = now
        if is_full(activity):
            await join_waiting(work, mine)
        else:
            _take_place(work, activity, mine)
    return activity, mine


def _mine(context: Context, activity_id: UUID) -> Select[Enrollment]:
    return select(Enrollment).where(
        col(Enrollment.activity_id) == activity_id, col(Enrollment.account_id) == context.person.account.id
    )


def _begun(context: Context, activity_id: UUID) -> Enrollment:
    now = context.clock.now()
    return Enrollment(
        id=context.secrets.uuid(),
        account_id=context.person.account.id,
        activity_id=activity_id,
        state=EnrollmentState.ENROLLED,
        created_at=now,
        updated_at=now,
    )


def _take_place(work: Transaction, activity: Activity, mine: Enrollment) -> None:
    mine.state = EnrollmentState.ENROLLED
    activity.taken += 1
    places_moved(work, activity)
    work.record(Fact(account_stream(mine.account_id), "activities:enrollment:enrolled", activity.id))


async def cancel_enrollment(context: Context, *, activity_id: UUID) -> tuple[Activity, Enrollment]:
    """Give the place back, or leave the waiting list, until the event starts."""
    person, now = context.person, context.clock.now()
    async with context.database.transaction(context.author) as work:
        activity = (await work.session.scalars(locked(activity_id))).one_or_none()
        mine = await work.session.scalar(_mine(context, activity_id))
        if activity is None or mine is None:
            raise mistake(ErrorCode.NOT_FOUND, "Запись на мероприятие не найдена.", "activityId")
        if mine.state is EnrollmentState.CANCELLED:
            return activity, mine
        if mine.state not in CANCELLABLE or activity.starts_at <= now:
            raise mistake(ErrorCode.ENROLLMENT_CLOSED, "Отменить запись уже нельзя.", "activityId")
        await leave(context, work, activity, mine)
        mine.state, mine.updated_at = EnrollmentState.CANCELLED, now
        work.record(Fact(account_stream(person.account.id), "activities:enrollment:cancelled", activity_id))
    return activity, mine
