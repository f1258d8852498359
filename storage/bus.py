"""The wake-up bus: says that a topic has something new; what is true is in PostgreSQL, readers poll as a net.

Memory is enough for one process, NATS joins several. Neither ever fails a transaction already committed.
"""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from storage.nats_bus import open_nats_bus
from storage.wakeups import Subscription, Topics


class Bus(Protocol):
    """A topic is a name without spaces and wildcards, such as `account:<id>`."""

    async def publish(self, topic: str, payload: bytes) -> None:
        """Wakes every subscription of the topic, in every process; never raises when the bus is down."""
        ...

    def subscribe(self, topic: str) -> AbstractAsyncContextManager[Subscription]:
        """From entering on, no publication is missed while the bus is up."""
        ...

    @property
    def healthy(self) -> bool: ...


class MemoryBus:
    """The bus of one process."""

    healthy = True

    def __init__(self) -> None:
        self._topics = Topics()

    async def publish(self, topic: str, payload: bytes) -> None:
        self._topics.wake(topic, payload)

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncGenerator[Subscription]:
        with self._topics.joined(topic) as subscription:
            yield subscription


@asynccontextmanager
async def open_bus(url: str | None) -> AsyncGenerator[Bus]:
    """Memory without a URL, NATS with one."""
    if url is None:
        yield MemoryBus()
        return
    async with open_nats_bus(url) as bus:
        yield bus
