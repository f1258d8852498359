"""Rotation of the vault's keys while the product runs: rows are sealed anew in small transactions (P03).

A sealed column is a `bytea` whose name ends with `_sealed`, in a table with one `uuid` primary key. Put the
new key into the settings as the current one beside the old, run the rotation, then take the old key away.
"""

from collections.abc import AsyncIterator
from typing import Any

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
        while True:
            async with engine.begin() as connection:
                done = await _reseal(connection, vault, column, batch)
            if not done:
                break
            yield done


async def _reseal(connection: AsyncConnection, vault: Vault, column: Column[Any], batch: int) -> int:
    """One batch; its rows are locked, so that a change made meanwhile is not overwritten."""
    table = column.table
    (key,) = table.primary_key
    outdated = func.substring(column, 1, len(vault.header)) != vault.header
    rows = await connection.execute(select(key, column).where(outdated).limit(batch).with_for_update())
    changes = [
        {"row": row, "sealed": vault.reseal(sealed, table.name, column.name, row)} for row, sealed in rows
    ]
    if changes:
        change = update(table).where(key == bindparam("row")).values({column: bindparam("sealed")})
        await connection.execute(change, changes)
    return len(changes)
