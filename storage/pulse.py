"""Whether the database answers at all: one that hangs is given up like one that is gone, in about two seconds.

A hung server keeps its connections open, so that a statement on them would wait for ever. When it has been silent
for `SILENCE` seconds its connections are cut: whoever waits is told at once, and those who come are not let wait.
"""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any
from weakref import WeakSet

import psycopg
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

BEAT, SILENCE, TICKS = 0.5, 1.6, 4
Connection = psycopg.AsyncConnection[Any]


class Pulse:
    """`alive` says whether the server answered a moment ago."""

    def __init__(self, engine: AsyncEngine, url: str) -> None:
        self.alive = True
        self._url = url
        self._own: Connection | None = None
        self._open: WeakSet[Connection] = WeakSet()
        event.listen(engine.sync_engine, "connect", self._opened)

    def _opened(self, connection: Any, record: Any) -> None:
        self._open.add(record.driver_connection)

    async def beat(self) -> None:
        """Runs beside the database until cancelled."""
        while True:
            await asyncio.sleep(BEAT)
            self.alive = await self._answers()

    async def close(self) -> None:
        if self._own is not None:
            await self._own.close()

    async def _answers(self) -> bool:
        """Silence is counted in short waits: a process that was itself held up has not waited for the server."""
        asking = asyncio.create_task(self._ask())
        try:
            for _ in range(TICKS):
                await asyncio.wait({asking}, timeout=SILENCE / TICKS)
                if asking.done():
                    return asking.exception() is None
            self.alive = False
            self._cut()
            await asyncio.wait({asking})
            return False
        finally:
            asking.cancel()

    async def _ask(self) -> None:
        if self._own is not None:
            with suppress(psycopg.OperationalError):
                await self._own.execute("SELECT 1")
                return
        self._own = await psycopg.AsyncConnection.connect(self._url, autocommit=True, connect_timeout=2)
        await self._own.execute("SELECT 1")

    def _cut(self) -> None:
        for connection in (*self._open, *([self._own] if self._own else ())):
            with suppress(OSError, psycopg.Error), socket.socket(fileno=connection.fileno()) as end:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                finally:
                    end.detach()  # the descriptor stays the driver's to close


@asynccontextmanager
async def beating(engine: AsyncEngine, url: str) -> AsyncGenerator[Pulse]:
    """A pulse for the length of a block."""
    pulse = Pulse(engine, url)
    beat = asyncio.create_task(pulse.beat())
    try:
        yield pulse
    finally:
        beat.cancel()
        await asyncio.gather(beat, return_exceptions=True)
        await pulse.close()
