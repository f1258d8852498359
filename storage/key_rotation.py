"""Rotation of the vault's keys while the product runs: rows are sealed anew in small transactions (P03).

A sealed column is a `bytea` whose name ends with `_sealed`, in a table with one `uuid` primary key. Put the
new key into the settings as the current one beside the old, run the rotation, then take the old key away.
"""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from sqlalchemy import Column, MetaData, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.vault import Vault

ENDING = "_sealed"
BATCH = 500


def sealed_columns(metadata: MetaData) -> list[Column[Any]]:
    columns = (column for table in metadata.sorted_tables for column in table.columns)
    return [column for column in columns if column.name.endswith(ENDING)]


async def rotate(
    engine: AsyncEngine, vault: Vault, metadata: MetaData, batch: int = BATCH
) -> AsyncIterator[int]:
    """Yields the number of rows of each finished batch; may be stopped and begun again at any time."""
    for column in sealed_columns(metadata):
        last: UUID | None = UUID(int=0)
        while last is not None:
            async with engine.begin() as connection:
                done, last = await _reseal(connection, vault, column, last, batch)
            if done:
                yield done


async def _reseal(
    connection: AsyncConnection, vault: Vault, column: Column[Any], after: UUID, batch: int
) -> tuple[int, UUID | None]:
    """One batch and its last row; the rows are locked, so a change made meanwhile is not overwritten."""
    table = column.table
    (key,) = table.primary_key
    outdated = func.substring(column, 1, len(vault.header)) != vault.header
    wanted = select(key, column).where(key >= after, outdated).order_by(key).limit(batch)
    rows = (await connection.execute(wanted.with_for_update())).all()
    changes = [
        {"row": row, "sealed": vault.reseal(sealed, table.name, column.name, row)} for row, sealed in rows
    ]
    if changes:
        change = update(table).where(key == bindparam("row")).values({column: bindparam("sealed")})
        await connection.execute(change, changes)
    return len(rows), rows[-1][0] if len(rows) == batch else None
