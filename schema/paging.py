"""Relay connections over keyset pages; `totalCount` costs a statement only when it is asked for."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import strawberry

from resolvers.paging import Page
from schema.base import Cursor

T = TypeVar("T")


@strawberry.type(description="Где кончается страница и есть ли что-нибудь за её краями.")
class PageInfo:
    """The edges of a page."""

    has_next_page: bool = strawberry.field(description="Есть ли следующая страница.")
    has_previous_page: bool = strawberry.field(description="Есть ли предыдущая страница.")
    start_cursor: Cursor | None = strawberry.field(description="Курсор первой строки страницы.")
    end_cursor: Cursor | None = strawberry.field(
        description="Курсор последней строки: передайте его в `after`."
    )


@strawberry.type(description="Строка списка и её место в нём.")
class Edge(Generic[T]):
    """A row with its cursor."""

    cursor: Cursor = strawberry.field(description="Курсор этой строки.")
    node: T = strawberry.field(description="Сама строка.")


@dataclass(frozen=True, slots=True)
class _Row:
    cursor: str
    node: Any


def _edges(root: Page[Any]) -> Any:
    return [_Row(cursor, row) for cursor, row in zip(root.cursors, root.rows, strict=True)]


def _page_info(root: Page[Any]) -> PageInfo:
    ends = [Cursor(cursor) for cursor in root.cursors]
    return PageInfo(
        has_next_page=root.has_next,
        has_previous_page=root.has_previous,
        start_cursor=ends[0] if ends else None,
        end_cursor=ends[-1] if ends else None,
    )


async def _total_count(root: Page[Any]) -> int:
    return await root.count()


del _edges.__annotations__["return"]


@strawberry.type(description="Страница списка.")
class Connection(Generic[T]):
    """A page; served from `resolvers.paging.Page`."""

    edges: list[Edge[T]] = strawberry.field(resolver=_edges, description="Строки страницы.")
    page_info: PageInfo = strawberry.field(resolver=_page_info, description="Края страницы.")
    total_count: int = strawberry.field(
        resolver=_total_count, description="Сколько строк во всём списке; считается, только если спросить."
    )
