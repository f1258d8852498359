"""Jobs survive the death of their worker, an outage of the database, and two sweeps at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from hashlib import sha256

import pytest
from sqlalchemy import text

from models.clock import SettableClock
from resolvers.context import Context
from resolvers.document_check import DROP_OBJECT, recheck_forgotten
from storage.database import Author
from storage.jobs import Job, JobQueue
from tests.api import Api, once
from web.app import Site
from web.worker import work

pytestmark = pytest.mark.anyio
GIVEN_UP = """
    UPDATE document SET status = 'CHECKING', object_key = 'documents/given-up'
    WHERE object_key LIKE 'documents/demo-diploma-%'
"""
STALLED = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args, status)
    VALUES ('default', 'nothing', 'x', '{}', 'doing') RETURNING id
"""


async def status(site: Site, job_id: int) -> str:
    async with site.ports.database.engine.connect() as connection:
        found = await connection.scalar(text(f"SELECT status FROM procrastinate_jobs WHERE id = {job_id}"))
        return str(found)


@pytest.fixture
async def idle(settings: object, clock: SettableClock, site: Site) -> AsyncIterator[Site]:
    """A site whose own worker does nothing, so that a job stays as the test left it."""
    quiet = Site(site.settings, worker=False, clock=clock)
    async with quiet.starlette.router.lifespan_context(quiet.starlette):
        yield quiet


async def test_a_job_of_a_dead_worker_is_given_back_once_by_many_sweeps(idle: Site) -> None:
    async with idle.ports.database.engine.begin() as connection:
        job_id = (await connection.execute(text(STALLED))).scalar_one()
    url = idle.settings.database_url or ""
    queues = [JobQueue(url) for _ in range(4)]
    async with queues[0].opened(), queues[1].opened(), queues[2].opened(), queues[3].opened():
        given_back = await asyncio.gather(*(queue.rescue() for queue in queues))
    assert sum(given_back) == 1
    assert await status(idle, job_id) == "todo"


async def test_a_queue_that_is_told_to_stop_while_it_opens_leaves_no_task(idle: Site) -> None:
    async def opened() -> None:
        async with JobQueue(idle.settings.database_url or "").opened():
            await asyncio.sleep(1)

    def pools() -> set[str]:
        return {
            name for name in (task.get_name() for task in asyncio.all_tasks()) if name.startswith("pool-")
        }

    before = pools()
    for milliseconds in range(0, 40, 4):
        opening = asyncio.create_task(opened())
        await asyncio.sleep(milliseconds / 1000)
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)
    assert pools() == before


async def test_a_job_exists_only_if_its_transaction_commits(idle: Site) -> None:
    async def failing() -> None:
        async with idle.ports.database.transaction(Author("test", "")) as work:
            work.enqueue(Job("lost"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await failing()
    async with idle.ports.database.transaction(Author("test", "")) as work:
        work.enqueue(Job("kept"))
    async with idle.ports.database.engine.connect() as connection:
        names = (await connection.execute(text("SELECT task_name FROM procrastinate_jobs"))).scalars().all()
    assert names == ["kept"]


async def test_3_3_19_a_check_that_was_given_up_begins_again(
    api: Api, site: Site, clock: SettableClock
) -> None:
    # A copy, since a check moves what it looks at, and other tests read the file of the demonstration.
    [diploma] = [found.key async for found in site.ports.objects.list("documents/demo-diploma-")]
    content = await site.ports.objects.get(diploma, 1_000_000)
    await site.ports.objects.put(
        "documents/given-up", content, "application/pdf", sha256(content).hexdigest()
    )
    async with site.ports.database.engine.begin() as connection:
        await connection.execute(text(GIVEN_UP))
    clock.advance(timedelta(hours=1))
    await recheck_forgotten(Context(site.ports))
    doctor = await api.as_demo("demo-1")
    query = "{ viewer { portfolio { documents(types: [DIPLOMA]) { edges { node { status } } } } } }"
    async with asyncio.timeout(15):
        while True:
            edges = (await doctor.data(query))["viewer"]["portfolio"]["documents"]["edges"]
            if edges[0]["node"]["status"] == "APPROVED":
                break
            await asyncio.sleep(0.1)


async def test_a_worker_ends_though_a_library_swallows_its_cancellation(
    idle: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    working = asyncio.create_task(work(idle.ports, idle.settings.database_url or ""))

    async def swallowed(event: asyncio.Event, *_: float) -> bool:
        """What Python 3.11's `wait_for` does to a cancellation that comes with the end of the wait."""
        await event.wait()
        if asyncio.current_task() is working:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0)
        return True

    monkeypatch.setattr("psycopg_pool._acompat.AEvent.wait_timeout", swallowed)
    ended, _ = await asyncio.wait([working], timeout=10)
    monkeypatch.undo()
    working.cancel()
    assert ended


async def test_a_worker_that_cannot_register_begins_again(idle: Site) -> None:
    """As in an outage that comes between its connections and its first words."""
    rename = "ALTER FUNCTION procrastinate_{}(double precision) RENAME TO procrastinate_{}"
    known, away = "prune_stalled_workers_v1", "away"
    async with idle.ports.database.engine.begin() as connection:
        await connection.execute(text(rename.format(known, away)))
    working = asyncio.create_task(work(idle.ports, idle.settings.database_url or ""))
    await asyncio.sleep(1)
    assert not working.done()
    async with idle.ports.database.engine.begin() as connection:
        await connection.execute(text(rename.format(away, known)))
    async with idle.ports.database.transaction(Author("test", "")) as transaction:
        transaction.enqueue(Job(DROP_OBJECT, {"key": "nothing"}))
    await once(partial(left, idle), lambda number: number == 0)
    working.cancel()
    await asyncio.wait([working])


async def left(site: Site) -> int:
    """How many jobs are in the queue; one that is done leaves it."""
    async with site.ports.database.engine.connect() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM procrastinate_jobs")) or 0)
