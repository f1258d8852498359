"""Questions of many askers answered by one read: those put while a read is under way share the next one.

Nothing is remembered. A read begins after the questions it answers were put, so that no answer is older than what
woke its asker.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from itertools import islice
from typing import Any, Generic, TypeVar

from storage.patience import READ_SECONDS, unavailable_after

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")
Read = Callable[[list[Question]], Awaitable[Mapping[Question, Answer]]]
MOST_AT_ONCE = 200


class Gathering(Generic[Question, Answer]):
    """One kind of question; `read` answers every question it is given."""

    def __init__(self, read: Read[Question, Answer], patience: float = READ_SECONDS) -> None:
        self._read = read
        self._patience = patience
        self._put: dict[Question, asyncio.Future[Answer]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def ask(self, questions: Collection[Question]) -> list[Answer]:
        """The answers in the order of the questions; who stops waiting takes nothing from the others."""
        futures = [self._future(question) for question in questions]
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._answer())
        return [await asyncio.shield(future) for future in futures]

    def _future(self, question: Question) -> "asyncio.Future[Answer]":
        future = self._put.get(question)
        if future is None:
            future = self._put[question] = asyncio.get_running_loop().create_future()
            future.add_done_callback(_look_at)
        return future

    async def _answer(self) -> None:
        while self._put:
            await asyncio.sleep(0)  # whoever was woken by the same change puts their question too
            asked = {question: self._put.pop(question) for question in list(islice(self._put, MOST_AT_ONCE))}
            try:
                async with unavailable_after(self._patience):
                    found = await self._read(list(asked))
                for question, future in asked.items():
                    future.set_result(found[question])
            except Exception as error:
                for future in asked.values():
                    if not future.done():
                        future.set_exception(error)


class Gatherings:
    """All kinds of questions of a process."""

    def __init__(self) -> None:
        self._kinds: dict[Hashable, Gathering[Any, Any]] = {}

    def of(self, kind: Hashable, read: Read[Any, Any]) -> Gathering[Any, Any]:
        """The gathering of a kind; its first asker says how it is read."""
        if kind not in self._kinds:
            self._kinds[kind] = Gathering(read)
        return self._kinds[kind]


def _look_at(future: "asyncio.Future[Any]") -> None:
    """A failure that nobody waits for any more is no news."""
    if not future.cancelled():
        future.exception()
