"""The door to the database: what failed is told without people's data."""

import asyncio
import traceback

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.clock import SystemClock
from storage.database import READS_IN_TURN, Author, Database, connect
from storage.jobs import JobQueue
from storage.memory_bus import MemoryBus
from storage.pulse import Pulse
from web.app import Site

pytestmark = pytest.mark.anyio
SECRET = "Иванова-Тайная"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT CAST(:secret AS int)",
        "INSERT INTO organizer (id, name, inn) SELECT gen_random_uuid(), :secret, inn FROM organizer LIMIT 1",
        "INSERT INTO organizer (id, name) VALUES (gen_random_uuid(), :secret)",
    ],
)
async def test_a_failed_statement_leaves_no_value_in_what_is_logged(site: Site, statement: str) -> None:
    async def failing() -> None:
        async with site.ports.database.transaction(Author("test", "")) as work:
            await work.session.execute(text(statement), {"secret": SECRET})

    with pytest.raises(DBAPIError) as caught:
        await failing()
    assert SECRET not in "".join(traceback.format_exception(caught.value))


async def test_who_loses_a_deadlock_is_told_to_come_again_and_left_nothing_behind(site: Site) -> None:
    database = site.ports.database
    met = asyncio.Barrier(2)

    async def renames(*codes: int) -> None:
        async with database.transaction(Author("test", "")) as work:
            first, second = (
                text(f"UPDATE account SET last_name = 'x' WHERE slug = 'demo-{each}'") for each in codes
            )
            await work.session.execute(first)
            await met.wait()
            await work.session.execute(second)

    outcomes = await asyncio.gather(renames(1, 2), renames(2, 1), return_exceptions=True)
    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "Unavailable"]


async def test_readers_in_turn_outwait_the_limit_of_the_pool_and_leave_a_connection_to_others(
    database_url: str,
) -> None:
    engine = connect(database_url, pool_size=READS_IN_TURN + 1, wait_seconds=0.2)
    pulse = Pulse(engine, database_url)
    database = Database(engine, MemoryBus(), SystemClock(), JobQueue(database_url), pulse)
    sleeping = 0

    async def sleep() -> None:
        nonlocal sleeping
        async with database.in_turn().reading() as session:
            sleeping += 1
            await session.execute(text("SELECT pg_sleep(0.1)"))

    everybody = asyncio.gather(*(sleep() for _ in range(6 * READS_IN_TURN)))
    while not everybody.done():
        await database.ready()
        await asyncio.sleep(0.05)
    await everybody
    assert sleeping == 6 * READS_IN_TURN
    await engine.dispose()
