"""How many statements one operation costs, as PostgreSQL itself counts them (BEGIN and COMMIT too)."""

from collections.abc import Awaitable, Callable
from statistics import median_low

import psycopg

PREPARE = "CREATE EXTENSION IF NOT EXISTS pg_stat_statements"
COUNT = "SELECT COALESCE(sum(calls), 0)::int FROM pg_stat_statements WHERE toplevel"
TIMES = 15


async def statements(url: str, once: Callable[[], Awaitable[object]]) -> int:
    """The median of several operations: the worker's own polling falls into a few of them only."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(PREPARE)
        own = await _spent(connection, _nothing)
        return median_low([await _spent(connection, once) - own for _ in range(TIMES)])


async def _spent(
    connection: psycopg.AsyncConnection[tuple[object, ...]], once: Callable[[], Awaitable[object]]
) -> int:
    before = await _calls(connection)
    await once()
    return await _calls(connection) - before


async def _nothing() -> None:
    """What counting alone costs."""


async def _calls(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> int:
    found = await (await connection.execute(COUNT)).fetchone()
    return int(str(found[0])) if found else 0
