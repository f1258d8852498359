"""The keys of the settings must be those of the stored data: found out at the start, not at a person (P04).

For every sealed column: no row needs a key that is absent, the newest rows of each key open, and where the
column has a blind index beside it (`phone_sealed`, `phone_index`), the index key gives the stored digest.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Column, MetaData, and_, func, null, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.key_rotation import ENDING, sealed_columns
from storage.vault import IntegrityError, KeyMismatch, Vault

SAMPLE = 3  # one damaged row must not look like a wrong key


async def check_keys(engine: AsyncEngine, vault: Vault, metadata: MetaData) -> None:
    """Raises `KeyMismatch` with the column it was found in."""
    async with engine.connect() as connection:
        for column in sealed_columns(metadata):
            await _refuse_absent_key(connection, vault, column)
            for header in vault.headers:
                await _refuse_wrong_key(connection, vault, column, header)


async def _refuse_absent_key(connection: AsyncConnection, vault: Vault, column: Column[Any]) -> None:
    (key,) = column.table.primary_key
    unknown = and_(*(_header(column, header) != header for header in vault.headers))
    row = (await connection.execute(select(key, column).where(unknown).limit(1))).one_or_none()
    if row is not None:
        vault.open(row[1], column.table.name, column.name, row[0])


async def _refuse_wrong_key(
    connection: AsyncConnection, vault: Vault, column: Column[Any], header: bytes
) -> None:
    (key,) = column.table.primary_key
    index = column.table.columns.get(f"{_kind(column)}_index", null())
    newest = select(key, column, index).where(_header(column, header) == header).order_by(key.desc())
    rows = (await connection.execute(newest.limit(SAMPLE))).all()
    if rows and not any(_fits(vault, column, *row) for row in rows):
        raise KeyMismatch(
            f"Ключи шифрования не те, которыми закрыты данные ({column}). Верните прежние ключи в настройки."
        )


def _fits(vault: Vault, column: Column[Any], row: UUID, sealed: bytes, index: bytes | None) -> bool:
    try:
        value = vault.open(sealed, column.table.name, column.name, row)
    except IntegrityError:
        return False
    return index is None or index == vault.index(_kind(column), value)


def _kind(column: Column[Any]) -> str:
    return column.name.removesuffix(ENDING)


def _header(column: Column[Any], header: bytes) -> Any:
    return func.substring(column, 1, len(header))
