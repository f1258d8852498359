"""PostgreSQL: transactions that carry their journal and their jobs, reads that cost one round trip.

A use case opens `database.transaction()`; nobody else commits. What the transaction recorded is written to the
journal at its very end, so the locks of the streams are short, and is published only after the commit.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from copy import copy
from dataclasses import dataclass, replace
from uuid import UUID

import psycopg
from sqlalchemy import select, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlmodel import col

from models.account import Account, Session
from models.clock import Clock
from models.errors import Unavailable, signed_out
from models.journal import Fact
from storage.bus import Bus
from storage.folders import StartError
from storage.jobs import Job, JobQueue
from storage.journal import append
from storage.patience import unavailable_after
from storage.pulse import Pulse

OLDEST = 150_000  # as `server_version_num` counts
READS_IN_TURN = 2


@dataclass(frozen=True, slots=True)
class Author:
    """Who acts, and from where, written beside every event; `session` is the one that a person acts in."""

    actor: str
    origin: str
    session: UUID | None = None


class Transaction:
    """A unit of work: its session, what it records and what it leaves to be done."""

    def __init__(self, session: AsyncSession, author: Author) -> None:
        self.session = session
        self.author = author
        self.name: str | None = None
        self.facts: list[Fact] = []
        self.jobs: list[Job] = []
        self.signals: list[str] = []

    def record(self, fact: Fact) -> None:
        """Write a fact into its stream when the transaction commits."""
        self.facts.append(replace(fact, by=self.name) if self.name else fact)

    def named(self, name: str) -> "Transaction":
        """The same unit of work for what follows for other people: their logs must not name the one who acts."""
        view = copy(self)
        view.name = name
        return view

    def enqueue(self, job: Job) -> None:
        """Leave a job that exists if and only if the transaction commits."""
        self.jobs.append(job)

    def signal(self, topic: str) -> None:
        """Wake whoever listens to `topic` once the transaction has committed."""
        self.signals.append(topic)


class Database:
    """The one door to PostgreSQL."""

    def __init__(self, engine: AsyncEngine, bus: Bus, clock: Clock, queue: JobQueue, pulse: Pulse) -> None:
        self.engine = engine
        self._reader = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._bus = bus
        self._clock = clock
        self._queue = queue
        self._pulse = pulse
        self._width: AbstractAsyncContextManager[None] = nullcontext()
        self._end: Callable[[], AbstractAsyncContextManager[None]] = nullcontext
        self._turns = asyncio.Semaphore(READS_IN_TURN)

    def narrowed(self, width: AbstractAsyncContextManager[None]) -> "Database":
        """The same door for one operation, which must not take every connection however many fields it asks for."""
        door = copy(self)
        door._width = width
        return door

    @asynccontextmanager
    async def transaction(self, author: Author) -> AsyncGenerator[Transaction, None]:
        """Commit everything or nothing; events reach the bus only after the commit."""
        self._refuse_when_gone()
        with availability():
            async with AsyncSession(self.engine, expire_on_commit=False) as session:
                await _hold(session, author)
                work = Transaction(session, author)
                yield work
                await session.flush()
                await self._queue.put(session, work.jobs)
                heads = await append(session, work.facts, author.actor, author.origin, self._clock.now())
                await session.commit()
        for stream, seq in heads.items():
            await self._bus.publish(stream, str(seq).encode())
        for topic in work.signals:
            await self._bus.publish(topic, b"")

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncSession, None]:
        """Read what is committed; each statement sees the newest state and no transaction is left open."""
        self._refuse_when_gone()
        with availability():
            async with (
                self._width,
                self._end(),
                AsyncSession(self._reader, expire_on_commit=False, autoflush=False) as session,
            ):
                yield session

    def in_turn(self) -> "Database":
        """The same door for readers of whom one change wakes very many: two at a time have a connection, the others
        wait for theirs without a limit. No deadline of an operation ends their reads, so each has an end of its own."""
        door = self.narrowed(self._turns)
        door._end = unavailable_after
        return door

    def _refuse_when_gone(self) -> None:
        if not self._pulse.alive:
            raise Unavailable("database")

    async def ready(self) -> None:
        """Raise `Unavailable` when the database does not answer."""
        async with self.reading() as session:
            await session.execute(text("SELECT 1"))


async def _hold(session: AsyncSession, author: Author) -> None:
    """Lock the account that a person acts for, before everything else, and see that the session still stands.

    Whoever closes or blocks an account, or ends its sessions, holds that lock: what waited for them writes nothing.
    """
    if author.session is None:
        return
    query = select(col(Account.id)).join(Session, col(Session.account_id) == col(Account.id))
    standing = query.where(col(Session.id) == author.session, col(Session.revoked_at).is_(None))
    if await session.scalar(standing.with_for_update(key_share=True)) is None:
        raise signed_out()


@contextmanager
def availability() -> Generator[None]:
    """Turn a lost connection or an exhausted pool into `Unavailable`; everything else loses people's data."""
    try:
        yield
    except (PoolTimeout, psycopg.OperationalError) as error:
        raise Unavailable("database") from error
    except DBAPIError as error:
        if error.connection_invalidated or _is_outage(error.orig):
            raise Unavailable("database") from error
        _forget_values(error)
        raise


def _forget_values(error: DBAPIError) -> None:
    """The server quotes the failing row in its words; what is left names the rule and no person."""
    if isinstance(error.orig, psycopg.Error):
        told = f"{error.orig.sqlstate} {error.orig.diag.table_name}.{error.orig.diag.constraint_name}"
        error.orig.args = error.args = (f"{type(error.orig).__name__}: {told}",)


def _is_outage(error: BaseException | None) -> bool:
    if not isinstance(error, psycopg.Error):
        return False
    state = error.sqlstate or "08000"
    # Classes 08 connection, 40 rolled back for another's sake (a deadlock), 53 resources, 57 operator intervention;
    # no state at all means no server.
    return isinstance(error, psycopg.OperationalError) and state[:2] in {"08", "40", "53", "57"}


def connect(url: str, *, pool_size: int = 10, wait_seconds: float = 2.5) -> AsyncEngine:
    """An engine over psycopg; `url` is a libpq URL (`postgresql://...`)."""
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgresql", "postgres"):
        raise StartError("NMO_DATABASE_URL пишется так: postgresql://имя:пароль@узел/база.")
    try:
        return create_async_engine(
            f"postgresql+psycopg://{rest}",
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=wait_seconds,
            hide_parameters=True,  # values are people's data and must not reach the log of a failed statement
            connect_args={"connect_timeout": 2, "options": "-c timezone=UTC -c jit=off"},
        )
    except (ArgumentError, ValueError) as error:
        raise StartError("NMO_DATABASE_URL не разобран: проверьте узел и порт.") from error


async def check_server(engine: AsyncEngine) -> None:
    """Before the first use: the server answers and is new enough, or one line says what is wrong."""
    try:
        async with engine.connect() as connection:
            version = int(await connection.scalar(text("SHOW server_version_num")))
    except DBAPIError as error:
        said = str(error.orig).strip().splitlines()[0]
        raise StartError(f"База данных не отвечает, проверьте NMO_DATABASE_URL: {said}") from error
    if version < OLDEST:
        raise StartError(f"Нужен PostgreSQL {OLDEST // 10_000} или новее, а сервер — {version // 10_000}.")
