"""The demonstration loads whatever an earlier load has left: in the database, or in the bucket alone."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from gateways.printer import print_pdf
from models.clock import SettableClock
from models.portfolio import Document
from models.progress import Statement
from resolvers import demo
from resolvers.context import Context
from resolvers.results import Receipt, record_results
from storage.database import connect
from storage.migrate import migrate, roll_back
from web.settings import Settings
from web.wiring import open_ports

pytestmark = pytest.mark.anyio
NEXT_SECOND, DAY = 1.1, timedelta(days=1)


@pytest.fixture
async def statements(settings: Settings, clock: SettableClock) -> int:
    """How many results the whole demonstration has; the database of the test is empty afterwards."""
    async with opened(settings, clock) as context:
        found = await count(context)
    await empty(settings)
    return found


async def empty(settings: Settings) -> None:
    engine = connect(settings.database_url or "", pool_size=2)
    await roll_back(engine, "base")
    await migrate(engine)
    await engine.dispose()


@asynccontextmanager
async def opened(settings: Settings, clock: SettableClock) -> AsyncGenerator[Context]:
    async with open_ports(settings, clock) as ports:
        yield Context(ports)


async def count(context: Context) -> int:
    async with context.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(Statement)) or 0


def printed_elsewhere(template: str, data: dict[str, object]) -> bytes:
    """As another release would: the same to a reader, not the same bytes."""
    return print_pdf(template, data) + b"%"


class Cut(Exception):
    """The process ends here."""


@pytest.mark.own_bucket
@pytest.mark.parametrize("told", [0, 3])
async def test_a_load_that_was_cut_short_is_finished_the_next_day_and_nothing_is_doubled(
    settings: Settings, clock: SettableClock, statements: int, told: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = iter(range(told))

    async def report(*given: Any, **options: Any) -> Receipt:
        if next(calls, None) is None:
            raise Cut
        return await record_results(*given, **options)

    with monkeypatch.context() as cut:
        cut.setattr(demo, "record_results", report)
        async with opened(settings, clock) as context:
            with pytest.raises(Cut):
                await demo.load_demo(context)
    await asyncio.sleep(NEXT_SECOND)  # which a file would name as that of its making
    clock.advance(DAY)
    async with opened(settings, clock) as context:
        await demo.load_demo(context)
        assert await demo.is_loaded(context)
        assert await count(context) == statements
        kept = [found.key async for found in context.ports.objects.list()]
    assert len([key for key in kept if key.startswith(("documents/demo-", "materials/demo-"))]) == 3, kept


@pytest.mark.own_bucket
async def test_a_bucket_with_the_papers_of_another_release_serves_a_new_database(
    settings: Settings, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await empty(settings)
    async with opened(settings, clock) as context:
        with monkeypatch.context() as older:
            for module in ("resolvers.demo", "resolvers.demo_people"):
                older.setattr(f"{module}.print_pdf", printed_elsewhere)
            await demo.load_demo(context)
    await empty(settings)
    async with opened(settings, clock) as context:
        await demo.load_demo(context)
        async with context.database.reading() as session:
            papers = (await session.execute(select(col(Document.object_key), col(Document.sha256)))).all()
        assert len(papers) == 2
        for key, digest in papers:
            assert sha256(await context.ports.objects.get(key, 1_000_000)).hexdigest() == digest
