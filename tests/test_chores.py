"""Chores: each at its own pace, none kept waiting by one that fails or hangs."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from resolvers.context import Context
from storage.jobs import JobQueue
from tests.api import eventually
from tests.live_site import site_of
from web.app import Site
from web.chores import Chore, chores_of, keep_doing, log
from web.settings import Settings

pytestmark = pytest.mark.anyio
NEVER = 3600.0


@pytest.fixture
async def idle(settings: Settings) -> AsyncIterator[Site]:
    """The product without its worker."""
    async with site_of(settings, worker=False) as site:
        yield site


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.chores.ROUND_SECONDS", 0.02)
    monkeypatch.setattr("web.chores.MOST_SECONDS", 0.2)


@asynccontextmanager
async def doing(site: Site, *chores: Chore) -> AsyncGenerator[None]:
    task = asyncio.create_task(keep_doing(chores, site.ports))
    yield
    assert not task.done()
    task.cancel()


class Counted:
    """A chore that does something each of its first `busy` times."""

    def __init__(self, busy: int = 0) -> None:
        self.times, self._busy = 0, busy

    async def __call__(self, context: Context) -> int:
        self.times += 1
        return int(self.times <= self._busy)


async def failing(context: Context) -> None:
    async with context.database.reading() as session:
        await session.execute(text("SELECT 1/0"))


async def hanging(context: Context) -> None:
    async with context.database.reading() as session:
        await session.execute(text("SELECT pg_sleep(60)"))


@pytest.mark.parametrize("bad", [failing, hanging])
async def test_a_chore_that_fails_or_hangs_keeps_no_other_waiting(
    idle: Site, caplog: pytest.LogCaptureFixture, bad: Callable[[Context], Awaitable[None]]
) -> None:
    after = Counted()
    with caplog.at_level(logging.ERROR, "web.chores"):
        async with doing(idle, Chore(bad, NEVER), Chore(after, 0)):
            await eventually(lambda: after.times >= 3)
    assert len(caplog.records) >= 3, "a chore that failed is tried again at the next round"


async def test_a_chore_comes_at_its_own_pace_and_at_once_again_while_it_finds_anything(idle: Site) -> None:
    seldom, often, full = Counted(), Counted(), Counted(busy=3)
    async with doing(idle, Chore(seldom, NEVER), Chore(often, 0), Chore(full, NEVER)):
        await eventually(lambda: often.times >= 10)
    assert (seldom.times, full.times) == (1, 4)


async def test_every_chore_of_the_product_runs_on_its_database(
    idle: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.chores.MOST_SECONDS", 20)
    queue, runs = JobQueue(idle.settings.database_url or ""), Counter[int]()

    def counted(number: int, chore: Chore) -> Chore:
        async def do(context: Context) -> None:
            await chore.do(context)
            runs[number] += 1

        return Chore(do, 0)

    async with queue.opened():
        chores = [counted(number, chore) for number, chore in enumerate(chores_of(queue))]
        async with doing(idle, *chores):
            await eventually(lambda: len(runs) == len(chores), 20)
    assert [record for record in caplog.records if record.name == log.name] == []
