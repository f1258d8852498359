"""A worker killed in the middle of a check: another one finishes it, once (3.3-19, 3.3-27)."""

import asyncio
import subprocess
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlmodel import col

from models.journal import Event
from models.notifications import Notification, NotificationKind
from models.objects import ObjectMissing
from models.portfolio import Document
from resolvers.document_check import check_job
from storage.database import Author
from storage.objects import ObjectStore
from tests.api import Api
from tests.live_site import site_of
from tests.product import NMO, environment
from tests.uploading import checked, pdf, requested, saved, sent
from web.app import Site
from web.settings import Settings

pytestmark = pytest.mark.anyio
MINUTE_AGO = "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'"


class DeafStore:
    """A way to the object store on which requests arrive, but from one kind on no answer comes back."""

    def __init__(self, endpoint: str, deaf_from: bytes) -> None:
        self._place = urlsplit(endpoint)
        self._deaf_from = deaf_from
        self.deaf = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(self._place.hostname, self._place.port)
        answering = asyncio.create_task(self._answer(there_reader, writer))
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                if data.startswith(self._deaf_from):
                    self.deaf.set()
                there_writer.write(data)
                await there_writer.drain()
        answering.cancel()
        there_writer.close()
        writer.close()

    async def _answer(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await there.read(65_536):
                if not self.deaf.is_set():
                    writer.write(data)
                    await writer.drain()


@asynccontextmanager
async def deaf_store(endpoint: str, deaf_from: bytes) -> AsyncGenerator[tuple[str, DeafStore]]:
    store = DeafStore(endpoint, deaf_from)
    server = await asyncio.start_server(store.serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", store
        server.close()


@contextmanager
def worker_process(settings: Settings, log: Path) -> Generator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*NMO, "worker"],
            env=environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def document_to_check(site: Site) -> str:
    """A saved paper whose check nobody has begun."""
    async with Api.open(site) as api:
        doctor = await api.as_demo("demo-1")
        content = pdf()
        ticket = (await requested(doctor, len(content)))["ticket"]
        assert await sent(ticket, content) == 204
        document: str = (await saved(doctor, ticket))["document"]["id"]
        return document


async def stored(site: Site, document: str) -> Document:
    async with site.ports.database.reading() as session:
        return await session.get_one(Document, UUID(document.removeprefix("document_")))


async def exists(objects: ObjectStore, key: str) -> bool:
    try:
        await objects.head(key)
    except ObjectMissing:
        return False
    return True


async def until(happened: Callable[[], Awaitable[bool]], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while True:
            if await happened():
                return
            await asyncio.sleep(0.02)


async def times_checked(site: Site, document: Document) -> tuple[int, int]:
    """How often the journal and the notices tell of the check."""
    facts = select(func.count()).where(
        col(Event.action) == "portfolio:document:checked", col(Event.subject) == document.id
    )
    notices = select(func.count()).where(
        col(Notification.kind) == NotificationKind.DOCUMENT_REVIEWED,
        col(Notification.subject) == f"document_{document.id.hex}",
    )
    async with site.ports.database.reading() as session:
        return await session.scalar(facts) or 0, await session.scalar(notices) or 0


@pytest.mark.parametrize("deaf_from", [b"GET", b"PUT"])
async def test_3_3_19_a_check_whose_worker_was_killed_is_done_by_another_exactly_once(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deaf_from: bytes
) -> None:
    async with site_of(settings, worker=False) as site:
        name = await document_to_check(site)
        uploaded = (await stored(site, name)).object_key
        async with deaf_store(settings.s3_endpoint or "", deaf_from) as (endpoint, store):
            cut = settings.model_copy(update={"s3_endpoint": endpoint})
            with worker_process(cut, tmp_path / "worker.log") as process:
                async with asyncio.timeout(60):
                    await store.deaf.wait()
                if deaf_from == b"PUT":
                    await until(lambda: exists(site.ports.objects, f"{uploaded}.checked"), 10)
                process.kill()
        assert await times_checked(site, await stored(site, name)) == (0, 0)
        async with site.ports.database.engine.begin() as connection:
            await connection.execute(text(MINUTE_AGO))
    monkeypatch.setattr("web.chores.ROUND_SECONDS", 0.2)
    async with site_of(settings) as other, Api.open(other) as api:
        found = await checked(await api.as_demo("demo-1"), name)
        assert (found["status"], found["problems"]) == ("APPROVED", [])
        document = await stored(other, name)
        async with other.ports.database.transaction(Author("test", "")) as work:
            work.enqueue(check_job(document.id))
        await until(lambda: nothing_to_do(other), 15)
        assert await times_checked(other, document) == (1, 1)
        assert document.object_key == f"{uploaded}.checked"
        assert [item.key async for item in other.ports.objects.list(uploaded)] == [document.object_key]


async def nothing_to_do(site: Site) -> bool:
    async with site.ports.database.reading() as session:
        return not await session.scalar(text("SELECT count(*) FROM procrastinate_jobs"))
