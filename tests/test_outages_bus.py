"""NATS dies under two processes: changes go on, probes stay green, open streams lose nothing and double nothing."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from storage.nats import EmbeddedNats
from tests.product import Live, Product, live, serving
from tests.test_live import PROGRESS, record, snapshot
from tests.test_outages import killed
from web.settings import Settings

pytestmark = pytest.mark.anyio
PAGES = 6  # so that either process has some
POLLED, RECONNECTED, AT_ONCE = 15.0, 20.0, 2.5


@asynccontextmanager
async def pages(product: Product) -> AsyncGenerator[list[Live]]:
    """Open dashboards of one doctor."""
    async with AsyncExitStack() as stack:
        token = product.token("demo-1")
        opened = [await stack.enter_async_context(live(product.url, token)) for _ in range(PAGES)]
        for page in opened:
            await page.subscribe(PROGRESS)
            await snapshot(page)
        yield opened


async def everybody_hears(opened: list[Live], count: int, seconds: float) -> None:
    """Each page is told of the next `count` results, in order and once."""
    async with asyncio.timeout(seconds):
        told = await asyncio.gather(*(heard(page, count) for page in opened))
    assert told == [told[0]] * len(opened)
    assert told[0] == sorted(set(told[0]))


async def heard(page: Live, count: int) -> list[int]:
    """The cursors of results that a wake-up has brought: with every heartbeat a stream looks by itself, which proves
    nothing of the bus."""
    updates = [await page.event("progress") for _ in range(count)]
    assert [update["__typename"] for update in updates] == ["ProgressDelta"] * count
    return [int(update["cursor"]) for update in updates]


async def quiet(opened: list[Live]) -> None:
    """Nobody is told of anything twice."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await asyncio.gather(*(heard(page, 1) for page in opened))


def ready(product: Product) -> str:
    return httpx.get(f"{product.origin}/readyz").text.strip()


async def test_two_processes_go_on_without_an_external_nats_and_with_it_again(
    settings: Settings, tmp_path: Path
) -> None:
    nats = EmbeddedNats(tmp_path / "nats")
    mine = {"workers": 2, "data": tmp_path / "data", "nats_url": nats.start()}
    with serving(settings.model_copy(update=mine), tmp_path / "log") as product:
        provider = product.token("provider-6")
        async with pages(product) as opened:
            nats.stop()
            for place in range(3):
                await record(product, provider, f"away-{place}", place)
            assert await asyncio.to_thread(ready, product) == "ok"
            await everybody_hears(opened, 3, POLLED)
            nats.start()
            await asyncio.sleep(5)
            await record(product, provider, "back", 3)
            await everybody_hears(opened, 1, RECONNECTED)
            await record(product, provider, "as-before", 4)
            await everybody_hears(opened, 1, AT_ONCE)
            await quiet(opened)
    nats.stop()
    assert "Traceback" not in product.log.read_text("utf-8")


async def test_an_embedded_nats_that_is_killed_comes_back_and_nothing_is_lost(
    settings: Settings, tmp_path: Path
) -> None:
    mine = {"workers": 2, "data": tmp_path / "data"}
    with serving(settings.model_copy(update=mine), tmp_path / "log") as product:
        provider = product.token("provider-6")
        async with pages(product) as opened:
            for place in range(6):
                if place % 2 == 0:
                    killed(tmp_path / "data" / "nats", "nats-server")
                await record(product, provider, f"killed-{place}", place)
            await everybody_hears(opened, 6, RECONNECTED)
            await quiet(opened)
    logs = [product.log, *(tmp_path / "data" / "workers").glob("*.log")]
    assert not any("Traceback" in log.read_text("utf-8") for log in logs)
