"""Whose event is answered next: one of each person at a time, a few of all people."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Turns:
    """A person with very many streams waits for themselves, and others wait for one event of theirs."""

    def __init__(self, at_once: int) -> None:
        self._everybody = asyncio.Semaphore(at_once)
        self._own: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def taken(self, subject: str | None) -> AsyncGenerator[None]:
        own = self._own.setdefault(subject or "", asyncio.Lock())
        async with own, self._everybody:
            yield
