"""Questions of many askers answered by one read (storage/gathering.py)."""

import asyncio

import pytest

from models.errors import Unavailable
from storage.gathering import Gathering

pytestmark = pytest.mark.anyio


class Library:
    """Answers with how many times it has been asked, when it is let to."""

    def __init__(self) -> None:
        self.reads: list[list[str]] = []
        self.open = asyncio.Event()

    async def read(self, questions: list[str]) -> dict[str, str]:
        self.reads.append(questions)
        number = len(self.reads)
        await self.open.wait()
        if "?" in questions:
            raise LookupError(questions)
        return {question: f"{question}{number}" for question in questions}


async def asked(gathering: Gathering[str, str], *questions: str) -> "asyncio.Task[list[str]]":
    """A question put by somebody who waits."""
    waiting = asyncio.create_task(gathering.ask(questions))
    await asyncio.sleep(0.01)
    return waiting


async def test_those_who_ask_during_a_read_share_the_next_one_and_get_nothing_older() -> None:
    library = Library()
    gathering = Gathering(library.read)
    first = await asked(gathering, "a")
    later = [await asked(gathering, "a", "b"), await asked(gathering, "b"), await asked(gathering, "c")]
    library.open.set()
    assert await first == ["a1"]
    assert await asyncio.gather(*later) == [["a2", "b2"], ["b2"], ["c2"]]
    assert library.reads == [["a"], ["a", "b", "c"]]
    assert await gathering.ask(["a"]) == ["a3"]


async def test_those_woken_at_one_moment_share_a_read() -> None:
    library = Library()
    library.open.set()
    gathering = Gathering(library.read)
    answers = await asyncio.gather(*(gathering.ask([each]) for each in "abca"))
    assert answers == [["a1"], ["b1"], ["c1"], ["a1"]]
    assert library.reads == [["a", "b", "c"]]


async def test_who_stops_waiting_takes_nothing_from_the_others() -> None:
    library = Library()
    gathering = Gathering(library.read)
    first, gone, staying = [await asked(gathering, "a") for _ in range(3)]
    gone.cancel()
    library.open.set()
    assert (await first, await staying) == (["a1"], ["a2"])
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_a_failure_is_told_to_all_who_asked_and_to_nobody_after() -> None:
    library = Library()
    gathering = Gathering(library.read)
    library.open.set()
    failed = await asyncio.gather(gathering.ask(["?"]), gathering.ask(["a"]), return_exceptions=True)
    assert [type(each) for each in failed] == [LookupError, LookupError]
    assert await gathering.ask(["a"]) == ["a2"]


async def test_a_read_that_hangs_is_given_up_and_the_next_one_begins() -> None:
    library = Library()
    gathering = Gathering(library.read, patience=0.05)
    with pytest.raises(Unavailable):
        await gathering.ask(["a"])
    library.open.set()
    assert await gathering.ask(["a"]) == ["a2"]
