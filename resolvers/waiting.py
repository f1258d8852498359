"""The waiting list of a full event: whoever came first gets the place that is freed, in the same transaction (3.1-20).

The lock of the event's row orders everything here; places of the list are counted from one and have no gaps.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlmodel import col

from models.activities import Activity, Enrollment, EnrollmentState
from models.journal import Fact, account_stream
from models.notifications import NotificationKind
from resolvers.activity_places import places_moved
from resolvers.context import Context
from resolvers.days import MOSCOW
from resolvers.notices import Notice, notify_each
from storage.database import Transaction

QUEUE = "waiting list"


def is_full(activity: Activity) -> bool:
    """Whether every place is taken."""
    return activity.places is not None and activity.taken >= activity.places


def _waiting(activity_id: UUID) -> ColumnElement[bool]:
    return and_(
        col(Enrollment.activity_id) == activity_id, col(Enrollment.state) == EnrollmentState.WAITLISTED
    )


async def join_waiting(work: Transaction, mine: Enrollment) -> None:
    """The last place of the list."""
    query = select(func.count()).select_from(Enrollment).where(_waiting(mine.activity_id))
    # Without autoflush a new enrolment is not counted before it waits.
    with work.session.no_autoflush:
        ahead = await work.session.scalar(query) or 0
    mine.state, mine.waiting_place = EnrollmentState.WAITLISTED, ahead + 1
    work.record(Fact(account_stream(mine.account_id), "activities:enrollment:waitlisted", mine.activity_id))


async def leave(context: Context, work: Transaction, activity: Activity, mine: Enrollment) -> None:
    """Those behind move up by one: into the place that is freed, or on the list; the caller sets the new state."""
    places_moved(work, activity)
    if mine.state is EnrollmentState.WAITLISTED:
        place, mine.waiting_place = mine.waiting_place or 0, None
        await _close_up(work, activity.id, place, 1)
        return
    activity.taken -= 1
    await promote(context, work, activity)


async def promote(context: Context, work: Transaction, activity: Activity) -> None:
    """Give the free places of an event that has not begun to those who wait, the first ones first."""
    now = context.clock.now()
    if is_full(activity) or activity.starts_at <= now or activity.cancelled_at is not None:
        return
    first = select(col(Enrollment.id)).where(_waiting(activity.id)).order_by(col(Enrollment.waiting_place))
    free = None if activity.places is None else activity.places - activity.taken
    moved = update(Enrollment).where(col(Enrollment.id).in_(first.limit(free)))
    chosen = (
        await work.session.scalars(
            moved.values(state=EnrollmentState.ENROLLED, waiting_place=None, updated_at=now).returning(
                col(Enrollment.account_id)
            ),
            execution_options={"synchronize_session": False},
        )
    ).all()
    if chosen:
        activity.taken += len(chosen)
        places_moved(work, activity)
        await _close_up(work, activity.id, 0, len(chosen))
        await _tell(context, work.named(QUEUE), activity, chosen)


async def _close_up(work: Transaction, activity_id: UUID, place: int, by: int) -> None:
    await work.session.flush()
    moved = update(Enrollment).where(_waiting(activity_id), col(Enrollment.waiting_place) > place)
    await work.session.execute(
        moved.values(waiting_place=col(Enrollment.waiting_place) - by),
        execution_options={"synchronize_session": False},
    )


async def _tell(context: Context, work: Transaction, activity: Activity, people: Collection[UUID]) -> None:
    for account_id in people:
        work.record(Fact(account_stream(account_id), "activities:enrollment:promoted", activity.id))
    starts = activity.starts_at.astimezone(MOSCOW)
    notice = Notice(
        NotificationKind.ENROLLMENT_CHANGED,
        "Для вас освободилось место",
        f"Вы записаны на мероприятие «{activity.title}». Начало {starts:%d.%m.%Y в %H:%M} по Москве. "
        "Если планы изменились, отмените запись: место получит следующий.",
        f"activity_{activity.id.hex}",
    )
    await notify_each(context, work, [(key, notice) for key in people])


async def leave_all(context: Context, work: Transaction, account_id: UUID) -> None:
    """A person who goes for good frees every place that they hold or wait for."""
    held = (EnrollmentState.ENROLLED, EnrollmentState.WAITLISTED)
    query = (
        select(Activity)
        .join(Enrollment, col(Enrollment.activity_id) == col(Activity.id))
        .where(
            col(Enrollment.account_id) == account_id,
            col(Enrollment.state).in_(held),
            col(Activity.starts_at) > context.clock.now(),
        )
        .order_by(col(Activity.id))
        .with_for_update(of=[Activity])
    )
    for activity in (await work.session.scalars(query)).all():
        mine = await work.session.scalar(
            select(Enrollment)
            .where(col(Enrollment.account_id) == account_id, col(Enrollment.activity_id) == activity.id)
            .execution_options(populate_existing=True)
        )
        if mine is not None and mine.state in held:
            await leave(context, work, activity, mine)
            mine.state = EnrollmentState.CANCELLED
