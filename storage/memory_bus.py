"""The bus of one process."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from storage.wakeups import Subscription, Topics


class MemoryBus:
    healthy = True

    def __init__(self) -> None:
        self._topics = Topics()

    async def publish(self, topic: str, payload: bytes) -> None:
        self._topics.wake(topic, payload)

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncGenerator[Subscription]:
        with self._topics.joined(topic) as subscription:
            yield subscription

    def wake_all(self) -> None:
        """Everybody looks whether there is something new."""
        self._topics.wake_all()
