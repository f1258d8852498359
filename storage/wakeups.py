"""Who in this process waits for which topic."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager


class Subscription:
    """A slot for one wake-up: a newer payload replaces an unread one, so a slow reader costs no memory."""

    def __init__(self) -> None:
        self._payload = b""
        self._woken = asyncio.Event()

    def put(self, payload: bytes) -> None:
        self._payload = payload
        self._woken.set()

    async def wait(self, timeout: float | None) -> bytes | None:  # noqa: ASYNC109 - a poll interval, not a deadline
        """The newest payload, or None when nothing came in `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                await self._woken.wait()
        except TimeoutError:
            return None
        self._woken.clear()
        return self._payload


class Topics:
    def __init__(self) -> None:
        self._slots: dict[str, set[Subscription]] = {}

    def __contains__(self, topic: str) -> bool:
        return topic in self._slots

    @contextmanager
    def joined(self, topic: str) -> Generator[Subscription]:
        slot = Subscription()
        self._slots.setdefault(topic, set()).add(slot)
        try:
            yield slot
        finally:
            self._slots[topic].discard(slot)
            if not self._slots[topic]:
                del self._slots[topic]

    def wake(self, topic: str, payload: bytes) -> None:
        for slot in self._slots.get(topic, ()):
            slot.put(payload)

    def wake_all(self) -> None:
        for topic in self._slots:
            self.wake(topic, b"")
