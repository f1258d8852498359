"""A database that is only slow, or slow to one of us, is not given up; one that hangs is."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database import connect
from storage.pulse import SILENCE, Pulse, beating
from tests.api import eventually

pytestmark = pytest.mark.anyio
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    made = connect(database_url, pool_size=2)
    yield made
    await made.dispose()


def backends(url: str) -> set[int]:
    """The server's processes for our connections."""
    with psycopg.connect(url) as connection:
        return {row[0] for row in connection.execute(BACKENDS)}


async def asked_for(engine: AsyncEngine, pulse: Pulse, seconds: float) -> bool:
    """Others ask all the time; whether the database was said to be alive all the time."""
    end = time.monotonic() + seconds
    while pulse.alive and time.monotonic() < end:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
        await asyncio.sleep(0.05)
    return pulse.alive


async def test_a_server_that_answers_others_is_alive(engine: AsyncEngine, database_url: str) -> None:
    async with beating(engine, database_url) as pulse:
        (own,) = await eventually(lambda: backends(database_url))
        os.kill(own, signal.SIGSTOP)
        try:
            assert await asked_for(engine, pulse, 2 * SILENCE)
        finally:
            os.kill(own, signal.SIGCONT)


async def test_a_process_that_was_held_up_itself_does_not_blame_the_server(
    engine: AsyncEngine, database_url: str
) -> None:
    async with beating(engine, database_url) as pulse:
        (own,) = await eventually(lambda: backends(database_url))
        os.kill(own, signal.SIGSTOP)
        try:
            for _ in range(6):
                time.sleep(0.5)  # noqa: ASYNC251 - the loop stands still, as on a machine with too much to do
                await asyncio.sleep(0)
                assert pulse.alive
        finally:
            os.kill(own, signal.SIGCONT)
        assert await asked_for(engine, pulse, 1)


async def test_a_server_that_answers_nobody_is_dead_until_it_answers(
    engine: AsyncEngine, database_url: str
) -> None:
    async with beating(engine, database_url) as pulse:
        (own,) = await eventually(lambda: backends(database_url))
        began = time.monotonic()
        os.kill(own, signal.SIGSTOP)
        try:
            await eventually(lambda: not pulse.alive)
            assert time.monotonic() - began < SILENCE + 1
        finally:
            os.kill(own, signal.SIGCONT)
        await eventually(lambda: pulse.alive)
