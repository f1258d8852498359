"""Jobs on PostgreSQL: put inside the business transaction, done by a worker, retried when a worker dies."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import Any, LiteralString, cast

import psycopg
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job as Given
from procrastinate.worker import Worker
from sqlalchemy.ext.asyncio import AsyncSession

from models.errors import Unavailable

STALLED_AFTER_SECONDS = 30.0
HANDS = 4
BEFORE = "default"  # the queue of jobs that older versions left
MOST_TRIES = 5
LONGEST_PAUSE, WAITED_OUT = 120, 720  # an outage is waited out for a day: it is nobody's fault

RESCUE: LiteralString = """
    WITH stalled AS (
        SELECT job.id FROM procrastinate_jobs AS job
        LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
        WHERE job.status = 'doing'
          AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %(seconds)s))
        FOR UPDATE OF job SKIP LOCKED
    )
    SELECT id, procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM stalled
"""
FORGET: LiteralString = """
    DELETE FROM procrastinate_jobs AS job
    WHERE status = 'failed' AND NOT EXISTS (
        SELECT FROM procrastinate_events AS event
        WHERE event.job_id = job.id AND event.at > now() - interval '7 days'
    )
"""


class Patience(BaseRetryStrategy):
    """Growing pauses; who is away is asked for a day, what fails by itself a few times."""

    def get_retry_decision(self, *, exception: BaseException, job: Given) -> RetryDecision | None:
        away = isinstance(exception, Unavailable)
        if job.attempts >= (WAITED_OUT if away else MOST_TRIES):
            return None
        return RetryDecision(retry_in={"seconds": min(3 ** (job.attempts + 1), LONGEST_PAUSE)})


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done: the name of a task and its JSON arguments.

    Jobs of one `lock` run one after another; `after` is how long to wait before the job may begin.
    """

    task: str
    args: Mapping[str, Any] = field(default_factory=dict[str, Any])
    lock: str | None = None
    after: timedelta | None = None


def end_if_cancelled() -> None:
    """Raise a cancellation that a library took in: Python 3.11's `wait_for`, in the pool of connections, loses some."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


class JobQueue:
    """The queue; `url` is a libpq URL of the database that also holds the business tables."""

    def __init__(self, url: str) -> None:
        self._app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=6))

    async def put(self, session: AsyncSession, jobs: list[Job]) -> None:
        """Add jobs on the session's own connection, so they share the fate of its transaction; one statement for those
        that differ in their arguments alone."""
        if not jobs:
            return
        raw = await (await session.connection()).get_raw_connection()
        connection = cast(psycopg.AsyncConnection[Any], raw.driver_connection)
        for (task, lock, after), alike in groupby(jobs, key=lambda job: (job.task, job.lock, job.after)):
            pause = {"seconds": int(after.total_seconds())} if after else None
            deferrer = self._app.configure_task(
                task, queue=task, lock=lock, schedule_in=pause, connection=connection
            )
            await deferrer.batch_defer_async(*({**job.args} for job in alike))

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None, None]:
        """The queue's own connections, for what is done outside a transaction of ours.

        Also a pool that was cancelled while it opened is closed: its tasks, left alone, may lose the cancellation that
        the end of the loop sends them, and keep the process alive.
        """
        try:
            await self._app.open_async()
            yield
        finally:
            await self._app.close_async()

    async def work(
        self, tasks: Mapping[str, Callable[..., Awaitable[None]]], apart: Sequence[str] = ()
    ) -> None:
        """Do jobs until cancelled; a cancelled worker lets running jobs finish for a few seconds.

        Tasks named in `apart` have hands of their own, so that whoever keeps them waiting delays no others.
        """
        for name, task in tasks.items():
            self._app.task(name=name, queue=name, retry=Patience())(task)
        shared = [BEFORE, *(name for name in tasks if name not in apart)]
        async with self.opened():
            end_if_cancelled()
            # Not a TaskGroup: Python 3.11 leaves its owner marked as cancelled after the failure of a member.
            hands = [
                asyncio.create_task(self._work_on(queues)) for queues in (shared, *([name] for name in apart))
            ]
            try:
                ended, _ = await asyncio.wait(hands, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for hand in hands:
                    hand.cancel()
                await asyncio.gather(*hands, return_exceptions=True)
            for hand in ended:
                hand.result()

    async def _work_on(self, queues: list[str]) -> None:
        """A worker is told to stop as well as cancelled: a cancellation while it registers may be lost in the pool."""
        worker: Any = Worker(
            app=self._app,
            queues=queues,
            concurrency=HANDS,
            fetch_job_polling_interval=2.0,
            install_signal_handlers=False,
            shutdown_graceful_timeout=5.0,
            update_heartbeat_interval=5.0,
            stalled_worker_timeout=STALLED_AFTER_SECONDS,
            delete_jobs="successful",
        )
        running = asyncio.create_task(worker.run())
        try:
            await asyncio.shield(running)
        finally:
            worker.stop()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def rescue(self, seconds: float = STALLED_AFTER_SECONDS) -> int:
        """Give back the jobs whose worker stopped breathing, to be done at once; returns how many.

        Rows are locked and those locked already are left alone, so that several sweeps never give one job back twice.
        """
        rows = await self._app.connector.execute_query_all_async(RESCUE, seconds=seconds)
        return len(rows)

    async def forget_failed(self) -> None:
        """Jobs that failed for good a week ago are of no more use to anybody."""
        await self._app.connector.execute_query_async(FORGET)
