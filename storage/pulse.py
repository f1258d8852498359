"""Whether the database answers at all: one that hangs is given up like one that is gone, in about two seconds.

A hung server keeps its connections open, so that a statement on them would wait for ever. When it has been silent
for `SILENCE` seconds its connections are cut: whoever waits is told at once, and those who come are not let wait.
A server that is only slow, because the machine has too much to do, is not given up: what it answers to anybody counts,
and so does that we ourselves were held up.
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

from storage.patience import CANCEL_SECONDS

BEAT, SILENCE, TICKS = 0.5, 1.6, 8
TICK = SILENCE / TICKS
LONGEST = 3 * SILENCE  # an end to it, however busy the machine is
Connection = psycopg.AsyncConnection[Any]


class Pulse:
    """`alive` says whether the server answered a moment ago."""

    def __init__(self, engine: AsyncEngine, url: str) -> None:
        self.alive = True
        self._url = url
        self._own: Connection | None = None
        self._open: WeakSet[Connection] = WeakSet()
        self._answers_heard = 0
        event.listen(engine.sync_engine, "connect", self._opened)
        event.listen(engine.sync_engine, "after_cursor_execute", self._heard)

    def _opened(self, connection: Any, record: Any) -> None:
        self._open.add(record.driver_connection)

    def _heard(self, *_: object) -> None:
        self._answers_heard += 1

    async def beat(self) -> None:
        """Runs beside the database until cancelled."""
        while True:
            await asyncio.sleep(BEAT)
            self.alive = await self._answers()

    async def close(self) -> None:
        if self._own is not None:
            await self._own.close()

    async def _answers(self) -> bool:
        asking, heard = asyncio.create_task(self._ask()), self._answers_heard
        try:
            if await self._silent(asking):
                self.alive = False
                self._cut(*self._open)
            elif asking.done():
                return asking.exception() is None or heard != self._answers_heard
            self._cut(*([self._own] if self._own else ()))
            await asyncio.wait({asking})
            return self.alive
        finally:
            asking.cancel()
            await asyncio.wait({asking}, timeout=CANCEL_SECONDS)

    async def _silent(self, asking: asyncio.Task[None]) -> bool:
        """Whether nobody is answered for so many short waits that ended in time; an answer to others counts anew."""
        loop, first = asyncio.get_running_loop(), self._answers_heard
        counted, heard = 0, first
        end = loop.time() + LONGEST
        while (began := loop.time()) < end:
            await asyncio.wait({asking}, timeout=TICK)
            if asking.done():
                return False
            counted += loop.time() - began < 2 * TICK
            if heard != self._answers_heard:
                counted, heard = 0, self._answers_heard
            if counted >= TICKS:
                return True
        return heard == first

    async def _ask(self) -> None:
        if self._own is not None:
            with suppress(psycopg.OperationalError):
                await self._own.execute("SELECT 1")
                return
        self._own = await psycopg.AsyncConnection.connect(self._url, autocommit=True, connect_timeout=2)
        await self._own.execute("SELECT 1")

    def _cut(self, *connections: Connection) -> None:
        for connection in connections:
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
