"""Rotation of keys on a real database: rows stay readable before, during and after; writers lose nothing."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.key_check import check_keys
from storage.key_rotation import rotate, sealed_columns
from storage.postgres import EmbeddedPostgres
from storage.vault import IntegrityError, KeyMismatch, Vault
from tests.sealed_people import BOTH, INDEX, K1, K2, NEW, OLD, PERSON, ROWS, TABLES, sealed_row

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = EmbeddedPostgres(tmp_path_factory.mktemp("rotation") / "pg", settings={"fsync": "off"})
    yield server.start()
    server.stop()


@pytest.fixture
async def engine(database: str) -> AsyncIterator[AsyncEngine]:
    made = create_async_engine(database.replace("postgresql://", "postgresql+psycopg://", 1))
    async with made.begin() as connection:
        await connection.run_sync(TABLES.drop_all)
        await connection.run_sync(TABLES.create_all)
        await connection.execute(insert(PERSON), [sealed_row(number) for number in range(ROWS)])
    yield made
    await made.dispose()


async def opened(engine: AsyncEngine, vault: Vault) -> dict[int, tuple[str, str | None]]:
    async with engine.connect() as connection:
        rows = (await connection.execute(select(PERSON))).all()
    return {
        row.id.int: (
            vault.open(row.snils_sealed, "person", "snils_sealed", row.id),
            vault.open(row.phone_sealed, "person", "phone_sealed", row.id) if row.phone_sealed else None,
        )
        for row in rows
    }


async def run(engine: AsyncEngine, batch: int = 500) -> list[int]:
    return [done async for done in rotate(engine, BOTH, TABLES, batch)]


def test_sealed_columns_are_known_by_their_names() -> None:
    assert [column.name for column in sealed_columns(TABLES)] == ["snils_sealed", "phone_sealed"]


async def test_p03_old_key_can_go_after_the_rotation(engine: AsyncEngine) -> None:
    before = await opened(engine, OLD)
    with pytest.raises(KeyMismatch):
        await opened(engine, NEW)
    assert await run(engine) == [500, 500, 200, 500, 100]
    assert await opened(engine, NEW) == before
    assert await run(engine) == []


async def test_p03_rotation_stopped_half_way_is_readable_and_goes_on(engine: AsyncEngine) -> None:
    before = await opened(engine, OLD)
    batches = rotate(engine, BOTH, TABLES, 100)
    for _ in range(3):
        await anext(batches)
    assert await opened(engine, BOTH) == before
    assert sum(await run(engine)) == ROWS + ROWS // 2 - 300
    assert await opened(engine, NEW) == before


async def test_p03_change_made_during_the_rotation_is_kept(engine: AsyncEngine) -> None:
    async def write(number: int) -> None:
        row = UUID(int=number)
        fresh = BOTH.seal("99999999999", "person", "snils_sealed", row)
        async with engine.begin() as connection:
            await connection.execute(update(PERSON).where(PERSON.c.id == row).values(snils_sealed=fresh))

    changed = set(range(0, ROWS, 100))
    await asyncio.gather(run(engine, 50), *(write(number) for number in changed))
    after = await opened(engine, NEW)
    assert {number for number, (snils, _) in after.items() if snils == "99999999999"} == changed


async def test_p02_swapped_rows_stop_the_rotation_and_change_nothing(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        first, second = (sealed_row(number)["snils_sealed"] for number in (1, 2))
        for number, sealed in ((1, second), (2, first)):
            change = update(PERSON).where(PERSON.c.id == UUID(int=number)).values(snils_sealed=sealed)
            await connection.execute(change)
    with pytest.raises(IntegrityError):
        await run(engine, ROWS)
    async with engine.connect() as connection:
        kept = (await connection.execute(select(PERSON.c.snils_sealed))).scalars().all()
    assert not [sealed for sealed in kept if sealed.startswith(BOTH.header)]


async def test_p04_right_keys_pass_the_check_before_and_after_a_rotation(engine: AsyncEngine) -> None:
    await check_keys(engine, OLD, TABLES)
    await check_keys(engine, BOTH, TABLES)
    await run(engine)
    await check_keys(engine, NEW, TABLES)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Vault({"k1": K2}, "k1", INDEX), "person.snils_sealed"),  # another key under the known name
        (Vault({"k1": K1}, "k1", K2), "person.snils_sealed"),  # another index key
        (NEW, "k1"),  # the old key taken away too early
        (Vault({"k1": K2, "k2": K2}, "k2", INDEX), "person.snils_sealed"),
    ],
)
async def test_p04_wrong_or_missing_key_is_refused_at_the_start(
    engine: AsyncEngine, wrong: Vault, said: str
) -> None:
    with pytest.raises(KeyMismatch, match=said):
        await check_keys(engine, wrong, TABLES)


async def test_p04_one_damaged_row_is_no_wrong_key(engine: AsyncEngine) -> None:
    newest = PERSON.c.id == UUID(int=ROWS - 1)
    async with engine.begin() as connection:
        await connection.execute(
            update(PERSON).where(newest).values(snils_sealed=sealed_row(0)["snils_sealed"])
        )
    await check_keys(engine, OLD, TABLES)
