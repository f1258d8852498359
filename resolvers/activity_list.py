"""The list of educational events: filters, order, pages (3.1-1, 3.1-2, 3.1-8 .. 3.1-17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Double,
    Select,
    SQLColumnExpression,
    and_,
    case,
    cast,
    extract,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB, array
from sqlmodel import col

from models.activities import Activity, ActivityStatus, ActivityType, Enrollment, EnrollmentState
from models.organizers import Organizer
from resolvers.context import Context
from resolvers.days import Days, within
from resolvers.paging import By, Page, page
from resolvers.searching import alphabetical, matches


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
    specialties: tuple[str, ...] = ()


# A sort key: the column, and whether it goes down.
ActivityOrder = tuple[ActivitySortField, bool]


async def list_activities(
    context: Context,
    query: ActivityQuery,
    sort: Sequence[ActivityOrder],
    first: int,
    after: str | None,
) -> Page[Activity]:
    """Events as filtered and sorted; `sort` pairs a field with «descending» (3.1-1, 3.1-2, 3.1-8 .. 3.1-17).

    Without a sort the nearest come first: those ahead from the soonest on, then those behind from the latest back.
    """
    wanted, order = chosen(context.person.account.id, query, sort, context.clock.now())
    return await page(context, wanted, order, first, after)


def chosen(
    account_id: UUID, query: ActivityQuery, sort: Sequence[ActivityOrder], now: datetime
) -> tuple[Select[Activity], list[By]]:
    """The events a list or an export of it shows to an account, and their order; the last key is the id."""
    mine = and_(
        col(Enrollment.activity_id) == col(Activity.id),
        col(Enrollment.account_id) == account_id,
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
        ActivitySortField.ORGANIZER: alphabetical(col(Organizer.name)),
        ActivitySortField.TYPE: col(Activity.type),
        ActivitySortField.CREDITS: col(Activity.credits),
    }
    order = [By(field, expressions[field], descending) for field, descending in sort] or _nearest(now)
    return wanted, [*order, By("ID", col(Activity.id))]


def _nearest(now: datetime) -> list[By]:
    ahead = col(Activity.ends_at) > now
    starts = cast(extract("epoch", col(Activity.starts_at)), Double)
    return [
        By("BEHIND", case((ahead, 0), else_=1)),
        By("NEAREST", case((ahead, starts), else_=-starts)),
    ]


_RANKS = {
    ActivityStatus.PLANNED: 0,
    ActivityStatus.FINISHED: 1,
    ActivityStatus.PARTICIPATION_CONFIRMED: 2,
}


def _conditions(query: ActivityQuery, now: datetime, rank: ColumnElement[int]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.days is not None:
        conditions += within(col(Activity.starts_at), query.days)
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
    if query.specialties:
        counted_for = type_coerce(col(Activity.specialties), JSONB)
        for_any = func.jsonb_array_length(counted_for) == 0  # as the plan takes it
        conditions.append(or_(for_any, counted_for.has_any(array(query.specialties))))
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
        col(Activity.cancelled_at).is_(None),
        or_(col(Activity.places).is_(None), col(Activity.taken) < col(Activity.places)),
    )
