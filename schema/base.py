"""The words every part of the schema shares: scalars, ids, the `Node` interface."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, NewType, TypeVar
from uuid import UUID

import strawberry
from strawberry import Info as StrawberryInfo

from models.base import Row
from models.errors import ErrorCode, UserError, mistake
from resolvers.context import Context

Info = StrawberryInfo[Context, None]
T = TypeVar("T")

Cursor = NewType("Cursor", str)
RuDate = NewType("RuDate", str)
PhoneDigits = NewType("PhoneDigits", str)
Inn = NewType("Inn", str)
Snils = NewType("Snils", str)


def _text(name: str, description: str) -> Any:
    """A text with a meaning; whether it is right is told as a `FieldError` beside all other mistakes."""
    return strawberry.scalar(name=name, description=description, serialize=str, parse_value=str)


SCALARS: dict[object, Any] = {
    Cursor: _text(
        "Cursor",
        "Непрозрачный указатель места в списке или в живом потоке: верните его таким, каким получили.",
    ),
    RuDate: _text("RuDate", "Дата, как её пишут в бумажной форме: ДД.ММ.ГГГГ. Только для ввода."),
    PhoneDigits: _text("PhoneDigits", "Телефон одними цифрами, начиная с кода страны: 79161234567."),
    Inn: _text("Inn", "ИНН физического лица: 12 цифр с верной контрольной суммой."),
    Snils: _text("Snils", "СНИЛС: 11 цифр или 112-233-445 95, с верной контрольной суммой."),
    datetime: strawberry.scalar(
        name="DateTime",
        description="Момент времени в ISO 8601, всегда со смещением: 2026-11-24T09:30:00+00:00.",
        serialize=datetime.isoformat,
        parse_value=lambda value: _moment(value),
    ),
    date: strawberry.scalar(
        name="Date",
        description="Календарная дата в ISO 8601: 2026-11-24.",
        serialize=date.isoformat,
        parse_value=lambda value: _day(value),
    ),
}


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment needs an offset from UTC")
    _check_year(moment.year)
    return moment.astimezone(UTC)


def _day(value: str) -> date:
    day = date.fromisoformat(value)
    _check_year(day.year)
    return day


def _check_year(year: int) -> None:
    """Far from the ends of the calendar, so that no arithmetic of ours falls off them."""
    if not 1900 <= year <= 2200:
        raise ValueError("a year from 1900 to 2200")


@strawberry.interface(description="Всё, что можно получить по идентификатору полем `node`.")
class Node:
    """The root of everything that has an id."""

    id: strawberry.ID = strawberry.field(description="Непрозрачный идентификатор.")


def node(row: type[Row], prefix: str, *, description: str, key: str = "id") -> Callable[[type[T]], type[T]]:
    """A type that is served straight from rows of one table; its ids read `prefix_<hex of the key>`."""

    def identity(root: Any) -> strawberry.ID:
        return node_id(prefix, getattr(root, key))

    def is_type_of(obj: object, info: object) -> bool:
        return isinstance(obj, row)

    def wrap(cls: type[T]) -> type[T]:
        field = strawberry.field(resolver=identity, description="Непрозрачный идентификатор.")
        cls.__annotations__ = {"id": strawberry.ID, **cls.__annotations__}
        setattr(cls, "id", field)  # noqa: B010 - the class is being declared
        setattr(cls, "is_type_of", staticmethod(is_type_of))  # noqa: B010
        return strawberry.type(cls, description=description)

    return wrap


def node_id(prefix: str, key: UUID) -> strawberry.ID:
    """The public id of a row."""
    return strawberry.ID(f"{prefix}_{key.hex}")


def parse_id(prefix: str, value: str, *path: str) -> UUID:
    """The key in a public id; an id of another kind is as unknown as one that does not exist."""
    kind, _, digits = value.rpartition("_")
    try:
        if kind != prefix or len(digits) != 32 or digits != digits.lower():
            raise ValueError(value)
        return UUID(hex=digits)
    except ValueError as error:
        raise mistake(ErrorCode.NOT_FOUND, "Объект с таким идентификатором не найден.", *path) from error


def key_of_row(prefix: str, value: str) -> UUID:
    """The key in an id of one row of a batch; what cannot be an id is as unknown as any other, and costs only its row."""
    try:
        return parse_id(prefix, value)
    except UserError:
        return UUID(int=0)


def field(description: str, *, name: str | None = None) -> Any:
    """An attribute of the row, shown as it is."""
    return strawberry.field(description=description, name=name)
