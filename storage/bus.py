"""The wake-up bus: says that a topic has something new; what is true is in PostgreSQL, readers poll as a net.

NATS joins several processes. Without it memory is enough for one, which hears the commands beside it over PostgreSQL.
None ever fails a transaction already committed.
"""

from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncEngine

from storage.nats_bus import open_nats_bus
from storage.notified_bus import TellingBus, open_listening_bus
from storage.wakeups import Subscription


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


def open_bus(
    nats_url: str | None, engine: AsyncEngine, database_url: str, *, beside: bool
) -> AbstractAsyncContextManager[Bus]:
    """The bus of a server, or of a command `beside` one."""
    if nats_url:
        return open_nats_bus(nats_url)
    return nullcontext(TellingBus(engine)) if beside else open_listening_bus(database_url)
