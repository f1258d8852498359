"""SIGTERM: probes are told first, what was begun is answered, sockets and streams are sent elsewhere."""

import asyncio
import signal
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.product import Live, Product, live, serving
from tests.test_live import PROGRESS, snapshot
from web.settings import Settings

pytestmark = pytest.mark.anyio
DRAIN_SECONDS, END_SECONDS = 2.0, 10.0
LOGOUT = "mutation { logout { closed } }"


@asynccontextmanager
async def held(product: Product) -> AsyncGenerator[psycopg.AsyncConnection]:
    """The sessions are locked by somebody else: whoever ends one has to wait."""
    async with await psycopg.AsyncConnection.connect(product.settings.database_url or "") as connection:
        await connection.execute("SELECT id FROM session FOR UPDATE")
        yield connection


@asynccontextmanager
async def streaming(product: Product) -> AsyncGenerator["asyncio.Task[str]"]:
    """A stream that has begun; the task returns all that the server said until it ended."""
    heard = asyncio.Event()

    async def listen() -> str:
        headers = {"authorization": f"Bearer {product.token('demo-1')}", "accept": "text/event-stream"}
        said = ""
        async with (
            httpx.AsyncClient(timeout=20) as client,
            client.stream("POST", product.url, json={"query": PROGRESS}, headers=headers) as answer,
        ):
            async for text in answer.aiter_text():
                said += text
                heard.set()
        return said

    task = asyncio.create_task(listen())
    await heard.wait()
    yield task


async def waiting(product: Product, token: str) -> "asyncio.Task[object]":
    """A change that has been begun and cannot end yet."""
    asked = asyncio.create_task(asyncio.to_thread(product.ask, LOGOUT, token))
    await asyncio.sleep(0.3)
    assert not asked.done()
    return asked


def told_to_go(product: Product, seconds: float) -> bool:
    """A balancer, on connections of its own, is told 503 while other requests are still answered."""
    deadline = time.monotonic() + seconds
    while httpx.get(f"{product.origin}/readyz").text != "draining":
        if time.monotonic() > deadline:
            return False
    answer = product.ask("{ __typename }")
    return bool(answer["data"] == {"__typename": "Query"})


async def subscribed(socket: Live) -> None:
    await socket.subscribe(PROGRESS)
    await snapshot(socket)


@pytest.mark.parametrize("workers", [1, 2])
async def test_what_was_begun_is_answered_and_everybody_is_told_to_go(
    settings: Settings, tmp_path: Path, workers: int
) -> None:
    mine = {"workers": workers, "data": tmp_path / "data", "drain_seconds": DRAIN_SECONDS}
    with serving(settings.model_copy(update=mine), tmp_path / "log") as product:
        leaver = product.fresh_token("demo-1")
        async with (
            live(product.url, product.token("demo-1")) as socket,
            streaming(product) as stream,
            held(product) as lock,
        ):
            await subscribed(socket)
            begun = await waiting(product, leaver)
            asked = time.monotonic()
            product.process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(told_to_go, product, DRAIN_SECONDS - 0.5)
            assert await socket.closed(5) in (1001, 1012)
            said = await stream
            await lock.rollback()
            answer = await begun
        assert await asyncio.to_thread(product.process.wait, 20) == 0
        assert time.monotonic() - asked < END_SECONDS
    assert isinstance(answer, dict)
    assert answer["data"] == {"logout": {"closed": 1}}
    assert "ProgressSnapshot" in said
    assert "event: complete" not in said
    assert "Traceback" not in product.log.read_text("utf-8")
