"""Many rows in one statement: they travel as one JSON value, so its text is the same for one row and for a thousand.

A statement with a place for every value of every row is built anew for each number of rows, which costs more than
carrying it out; this one is built and prepared once.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Insert, Table, Text, bindparam, cast, column, func, or_, select
from sqlalchemy.dialects.postgresql import JSON, insert
from sqlalchemy.dialects.postgresql import Insert as Upsert
from sqlalchemy.ext.asyncio import AsyncSession

from models.base import Row


def insertion(kind: type[Row]) -> Upsert:
    """INSERT of all given rows in their order."""
    table = _table(kind)
    fields = [column(each.name, each.type) for each in table.columns]
    given = func.json_to_recordset(cast(bindparam("rows", type_=Text), JSON))
    rows = given.table_valued(*fields).render_derived("given", with_types=True)
    return insert(table).from_select([each.name for each in fields], select(*rows.c))


def replacement(kind: type[Row]) -> Upsert:
    """The same; a row whose key is known is written anew if anything in it has changed."""
    table, statement = _table(kind), insertion(kind)
    rest = [each for each in table.columns if not each.primary_key]
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={each.name: statement.excluded[each.name] for each in rest},
        where=or_(*(each.is_distinct_from(statement.excluded[each.name]) for each in rest)),
    )


async def put(session: AsyncSession, statement: Insert, rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Carry out such a statement, every row with a value for each column; the first column of what it returns."""
    names = [each.name for each in statement.table.columns]
    values = [{name: row[name] for name in names} for row in rows]
    if not values:
        return []
    given = orjson.dumps(values, default=_wire, option=orjson.OPT_PASSTHROUGH_DATETIME)
    found: Any = await session.execute(statement, {"rows": given.decode()})
    return list(found.scalars()) if found.returns_rows else []


def _table(kind: type[Row]) -> Table:
    table: Table = vars(kind)["__table__"]
    return table


def _wire(value: Any) -> str:
    """A moment keeps whatever offset it has; bytes are written as PostgreSQL reads them."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    raise TypeError(type(value).__name__)
