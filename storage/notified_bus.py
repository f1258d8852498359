"""The bus of one server and of the commands beside it, where there is no NATS: PostgreSQL carries what commands tell.

Only commands tell: a NOTIFY makes all commits of a database wait for one another, too dear for each one of a server.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.memory_bus import MemoryBus

log = logging.getLogger(__name__)
CHANNEL, AGAIN_SECONDS = "nmo_bus", 1.0


class TellingBus(MemoryBus):
    """The bus of a command: it wakes this process and the server that listens."""

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__()
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def publish(self, topic: str, payload: bytes) -> None:
        await super().publish(topic, payload)
        said = {"channel": CHANNEL, "said": f"{topic} {payload.decode()}"}
        try:
            async with self._engine.connect() as connection:
                await connection.execute(text("SELECT pg_notify(:channel, :said)"), said)
        except SQLAlchemyError as error:
            log.warning("a wake-up of %s was lost: %r", topic, error)


@asynccontextmanager
async def open_listening_bus(url: str) -> AsyncGenerator[MemoryBus]:
    """The bus of a server of one process, which hears the commands beside it."""
    bus = MemoryBus()
    hearing = asyncio.create_task(_hear(url, bus))
    try:
        yield bus
    finally:
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)


async def _hear(url: str, bus: MemoryBus) -> None:
    """Whatever was told while nobody listened is unknown, so everybody looks then."""
    while True:
        with suppress(psycopg.Error):
            connection = await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=2)
            async with connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                bus.wake_all()
                async for told in connection.notifies():
                    topic, _, payload = told.payload.partition(" ")
                    await bus.publish(topic, payload.encode())
        await asyncio.sleep(AGAIN_SECONDS)
