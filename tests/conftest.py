"""The whole product on real parts: PostgreSQL and S3 of this test process, a database for every test."""

import gc
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from models.clock import SettableClock
from resolvers.context import Context
from resolvers.demo import load_demo
from storage.database import connect
from storage.migrate import migrate
from storage.postgres import EmbeddedPostgres
from storage.seaweed import EmbeddedSeaweed, S3Account
from tests.api import Api
from tests.product import Product, serving
from tests.quick_folder import quick_folder
from web.app import Site
from web.settings import Settings
from web.wiring import open_ports

TODAY = datetime(2026, 11, 24, 9, tzinfo=UTC)
QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "128MB",
    # A site that stops may leave a connection half made; DROP DATABASE waits until the server gives it up.
    "authentication_timeout": "3s",
}


def pytest_collection_finish() -> None:
    """What is imported stays: to look through it again and again took a fifth of all the time of the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a server of our own; only its default database is there."""
    with quick_folder() as folder:
        server = EmbeddedPostgres(folder, settings=QUICK)
        yield server.start()
        server.stop()


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Account]:
    server = EmbeddedSeaweed(tmp_path_factory.mktemp("s3"))
    yield server.start()
    server.stop()


@pytest.fixture(scope="session")
def base_settings(postgres: str, s3: S3Account, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        data=tmp_path_factory.mktemp("data"),
        drain_seconds=0,
        database_url=postgres,
        s3_endpoint=s3.endpoint,
        s3_access_key=s3.access_key,
        s3_secret_key=s3.secret_key,
        vault_keys={"k1": "11" * 32},
        vault_index_key="22" * 32,
    )


@pytest.fixture(scope="session")
async def template(base_settings: Settings, anyio_backend: str) -> str:
    """The name of a database with today's tables and the demonstration; tests work on copies of it."""
    url = base_settings.database_url or ""
    engine = connect(url, pool_size=2)
    await migrate(engine)
    await engine.dispose()
    async with open_ports(base_settings, SettableClock(TODAY)) as ports:
        await load_demo(Context(ports))
    return urlsplit(url).path.removeprefix("/")


@contextmanager
def copied(template: str, base: Settings) -> Generator[str]:
    """A copy of the template for the length of a block; returns its URL."""
    url = urlsplit(base.database_url or "")
    name = f"test_{uuid4().hex}"
    with psycopg.connect(url._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy".encode())
        yield url._replace(path=f"/{name}").geturl()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def database_url(template: str, base_settings: Settings) -> Iterator[str]:
    """A database of the test's own."""
    with copied(template, base_settings) as url:
        yield url


@pytest.fixture(scope="module")
def shared_settings(
    template: str, base_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Settings with a database and an outbox that the tests of one module share."""
    with copied(template, base_settings) as url:
        outbox = tmp_path_factory.mktemp("outbox")
        yield base_settings.model_copy(update={"database_url": url, "outbox_dir": outbox})


@pytest.fixture(scope="module")
def product(shared_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The server that operators run, one for the tests of a module."""
    with serving(shared_settings, tmp_path_factory.mktemp("server") / "log") as running:
        yield running


@pytest.fixture
def clock() -> SettableClock:
    """Stands still at 24 November 2026, noon in Moscow, until a test moves it."""
    return SettableClock(TODAY)


@pytest.fixture
def settings(
    base_settings: Settings, database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Settings:
    """Objects are shared by all tests; one that destroys those of the demonstration says `own_bucket`."""
    own = request.node.get_closest_marker("own_bucket") is not None
    bucket = f"nmo-{uuid4().hex}" if own else base_settings.s3_bucket
    own_parts = {"database_url": database_url, "outbox_dir": tmp_path / "outbox", "s3_bucket": bucket}
    return base_settings.model_copy(update=own_parts)


@pytest.fixture
async def site(settings: Settings, clock: SettableClock) -> AsyncIterator[Site]:
    """The product in this process, its worker included."""
    made = Site(settings, clock=clock)
    async with made.starlette.router.lifespan_context(made.starlette):
        yield made


@pytest.fixture
async def api(site: Site) -> AsyncIterator[Api]:
    """The public API, called as a client does."""
    async with Api.open(site) as client:
        yield client


@pytest.fixture
async def doctor(api: Api) -> Api:
    """The first doctor of the demonstration, signed in."""
    return await api.as_demo("demo-1")


@pytest.fixture
async def provider(api: Api) -> Api:
    """The organiser of course 5, which that doctor has not begun."""
    return await api.as_demo("provider-6")
