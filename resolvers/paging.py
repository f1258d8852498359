"""Keyset pages: stable under inserts, the same cost on page one and page thousand; never an offset."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar, cast
from uuid import UUID
from zlib import crc32

import orjson
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, TypeDecorator, and_, func, or_, select

from models.errors import ErrorCode, Refusal
from resolvers.context import Context

R = TypeVar("R")
MAX_PAGE = 100
INTEGERS = (-(2**31), 2**31 - 1)  # of PostgreSQL


@dataclass(frozen=True, slots=True)
class By:
    """One sort key; the last key of a list must be unique."""

    name: str
    expression: SQLColumnExpression[Any]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """A page of rows with a cursor for each; `count` costs a statement and is called only when asked for."""

    rows: Sequence[R]
    cursors: Sequence[str]
    has_next: bool
    has_previous: bool
    count: Callable[[], Awaitable[int]]


async def page(
    context: Context, query: Select[R], order: Sequence[By], first: int, after: str | None
) -> Page[R]:
    """One page of `query` in `order`, starting after the cursor."""
    check_size(first)
    wanted = query.add_columns(*(key.expression for key in order))
    if after is not None:
        wanted = wanted.where(_beyond(order, _decode(order, after)))
    wanted = wanted.order_by(*directed(order))
    async with context.database.reading() as session:
        found = (await session.execute(wanted.limit(first + 1))).all()
    shown = found[:first]

    async def count() -> int:
        counted = select(func.count()).select_from(query.order_by(None).subquery())
        async with context.database.reading() as session:
            return (await session.execute(counted)).scalar_one()

    return Page(
        rows=[row[0] for row in shown],
        cursors=[_encode(order, list(row[1:])) for row in shown],
        has_next=len(found) > first,
        has_previous=after is not None,
        count=count,
    )


def check_size(first: int) -> None:
    """Refuse a page that nobody can read."""
    if not 1 <= first <= MAX_PAGE:
        raise Refusal(
            ErrorCode.BAD_PAGE_SIZE, f"Размер страницы — от 1 до {MAX_PAGE}.", minimum=1, maximum=MAX_PAGE
        )


def directed(order: Sequence[By]) -> list[ColumnElement[Any]]:
    """The order as a statement takes it."""
    return [key.expression.desc() if key.descending else key.expression.asc() for key in order]


def _beyond(order: Sequence[By], values: list[Any]) -> ColumnElement[bool]:
    """Rows after `values`, written out per key because directions may differ."""
    cases: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for key, value in zip(order, values, strict=True):
        further = key.expression < value if key.descending else key.expression > value
        cases.append(and_(*equal, further))
        equal.append(key.expression == value)
    return or_(*cases)


def _signature(order: Sequence[By]) -> int:
    return crc32(",".join(f"{key.name}{'-' if key.descending else '+'}" for key in order).encode())


def _encode(order: Sequence[By], values: list[Any]) -> str:
    return urlsafe_b64encode(orjson.dumps([_signature(order), *values])).decode().rstrip("=")


def _decode(order: Sequence[By], cursor: str) -> list[Any]:
    try:
        signature, *values = cast(
            list[Any], orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        )
        if signature != _signature(order):
            raise ValueError("a cursor of another list")
        return [_revive(key, value) for key, value in zip(order, values, strict=True)]
    except (ValueError, TypeError, IndexError, AttributeError, OverflowError) as error:
        raise bad_cursor() from error


def _revive(key: By, value: Any) -> Any:
    kind = _python_type(key)
    if kind is datetime:
        return _moment(value)
    if kind is UUID or issubclass(kind, StrEnum):
        return kind(value)
    if kind is float and isinstance(value, int | float):
        return float(value)
    outside = isinstance(value, int) and not INTEGERS[0] <= value <= INTEGERS[1]
    if type(value) is not kind or outside or (isinstance(value, str) and "\0" in value):
        raise ValueError("a cursor with values that no row has")
    return value


def _moment(value: Any) -> datetime:
    """An hour that the database can hold: with its zone, and in UTC still within the calendar."""
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("an hour of no zone")
    return moment.astimezone(UTC)


def _python_type(key: By) -> type[Any]:
    kept = cast(ColumnElement[Any], key.expression).type
    return (kept.impl_instance if isinstance(kept, TypeDecorator) else kept).python_type


def bad_cursor() -> Refusal:
    """A cursor that we did not give out, or gave out for another list."""
    return Refusal(ErrorCode.BAD_CURSOR, "Неизвестный курсор. Запросите список с начала.")
