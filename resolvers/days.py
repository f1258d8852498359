"""Ranges of calendar days as people mean them: in Moscow time, both ends included."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Mapped

from models.errors import ErrorCode, Problem, UserError

MOSCOW = ZoneInfo("Europe/Moscow")


@dataclass(frozen=True, slots=True)
class Days:
    """Either end may be open."""

    since: date | None = None
    until: date | None = None


def within(moment: Mapped[datetime], days: Days) -> list[ColumnElement[bool]]:
    """The conditions that put a moment into the days of a filter."""
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
        conditions.append(moment >= datetime.combine(days.since, time(), MOSCOW))
    if days.until:
        conditions.append(moment < datetime.combine(days.until + timedelta(days=1), time(), MOSCOW))
    return conditions
