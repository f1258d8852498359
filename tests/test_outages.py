"""A part of the product hangs or dies while people use it: they are told to try again, and it heals by itself."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.api import Api, Json, eventually
from tests.embedded_product import demo_folder, happens, living, serving_folder
from tests.live_site import site_of
from tests.product import Live, Product, live
from tests.sending import sent
from tests.signing_in import first_step
from tests.test_live import PROGRESS, record, snapshot
from tests.test_sms import provider
from tests.uploading import SAVE, pdf
from web.limits import Limits
from web.settings import Settings

# On a machine with time to spare three seconds are enough; a busy one is given the pulse's whole patience.
TOLD_SECONDS, HEALED_SECONDS = 6.0, 20.0
QUESTION = "{ viewer { nextSteps } }"
POOLED = """
    SELECT pid FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND query NOT ILIKE 'listen%'
      AND NOT (query = 'SELECT 1' AND state_change > clock_timestamp() - interval '0.8 seconds')
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_folder(tmp_path_factory.mktemp("outages") / "data")


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Product]:
    with serving_folder(folder, folder.parent / "log") as product:
        yield product
    assert "Traceback" not in product.log.read_text("utf-8")


@contextmanager
def frozen(place: Path) -> Generator[None]:
    """The processes of the place stand still, those too that were born while the others were stopped."""
    processes = set[int]()
    while born := living(place) - processes:
        for process in born:
            os.kill(process, signal.SIGSTOP)
        processes |= born
    assert processes
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


@contextmanager
def stopped(processes: Iterable[int]) -> Generator[None]:
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def pooled(product: Product) -> list[int]:
    """The server's processes behind the connections of requests: not the listener's, nor that of the pulse, which
    asks twice a second."""
    with psycopg.connect(product.settings.database_url or "") as connection:
        return [pid for (pid,) in connection.execute(POOLED)]


def killed(place: Path, name: str) -> None:
    """The oldest process of a program dies as by the hand of an operator; one just killed comes back first."""
    assert happens(lambda: living(place, name), HEALED_SECONDS)
    os.kill(min(living(place, name)), signal.SIGKILL)


def answered(product: Product, query: str, **variables: Any) -> Json | None:
    """The data, or nothing when the client is told to come again; anything else fails."""
    headers = {"authorization": f"Bearer {product.token('demo-1')}"}
    began = time.monotonic()
    answer = httpx.post(
        product.url, json={"query": query, "variables": variables}, headers=headers, timeout=20
    )
    assert time.monotonic() - began < TOLD_SECONDS
    body: Json = answer.json()
    if answer.status_code == 200:
        data: Json = body["data"]
        return data
    codes = [error["extensions"]["code"] for error in body["errors"]]
    assert (answer.status_code, codes, answer.headers["retry-after"]) == (503, ["UNAVAILABLE"], "3")
    return None


def probe(product: Product, path: str) -> tuple[int, str]:
    answer = httpx.get(f"{product.origin}{path}", timeout=TOLD_SECONDS)
    return answer.status_code, answer.text.strip()


def heals(product: Product, question: Callable[[], Json | None]) -> bool:
    return happens(lambda: probe(product, "/readyz") == (200, "ok") and question(), HEALED_SECONDS)


def uploaded(product: Product) -> Callable[[], Json | None]:
    """A file is in the store; what comes back saves it as a document."""
    document = sent(product, product.token("demo-1"), pdf())
    return lambda: answered(product, SAVE, input=document)


async def hears(connection: Live, cursor: object) -> bool:
    """The open socket goes on by itself; a stream whose read the outage caught says so and goes on by its cursor."""
    async with asyncio.timeout(HEALED_SECONDS):
        while (message := await connection.next())["type"] != "next":
            assert message["payload"][0]["extensions"]["code"] == "UNAVAILABLE"
            await connection.subscribe(PROGRESS, after=cursor)
    return bool(message["payload"]["data"]["progress"]["__typename"] == "ProgressDelta")


@pytest.mark.anyio
async def test_a_hung_database_is_503_in_time_and_live_streams_lose_nothing(
    running: Product, folder: Path
) -> None:
    provider_token = running.token("provider-6")
    assert answered(running, QUESTION)
    async with live(running.url, running.token("demo-1")) as connection:
        await connection.subscribe(PROGRESS)
        cursor = (await snapshot(connection))["cursor"]
        with frozen(folder / "postgres"):
            for _ in range(3):
                assert await asyncio.to_thread(answered, running, QUESTION) is None
            assert probe(running, "/readyz") == (503, "database")
            assert probe(running, "/livez") == (200, "ok")
        assert await asyncio.to_thread(heals, running, lambda: answered(running, QUESTION))
        await record(running, provider_token, "after-the-hang", 0)
        assert await hears(connection, cursor)


def test_connections_that_hang_beside_a_healthy_database_are_given_up_at_the_deadline(
    running: Product, folder: Path
) -> None:
    """The pulse goes on, so nothing but the deadline ends the wait, and the server cannot confirm the cancel."""
    headers = {"authorization": f"Bearer {running.token('demo-1')}"}
    with stopped(pooled(running)):
        began = time.monotonic()
        answer = httpx.post(running.url, json={"query": QUESTION}, headers=headers, timeout=20)
        assert time.monotonic() - began < Limits().deadline_seconds + TOLD_SECONDS / 2
        assert answer.json()["errors"][0]["extensions"]["code"] == "TIMEOUT"
    assert heals(running, lambda: answered(running, QUESTION))


@pytest.mark.anyio
async def test_a_killed_database_is_started_again_and_live_streams_lose_nothing(
    running: Product, folder: Path
) -> None:
    provider_token = running.token("provider-6")
    async with live(running.url, running.token("demo-1")) as connection:
        await connection.subscribe(PROGRESS)
        cursor = (await snapshot(connection))["cursor"]
        killed(folder / "postgres", "bin/postgres")
        assert await asyncio.to_thread(heals, running, lambda: answered(running, QUESTION))
        await record(running, provider_token, "after-the-kill", 1)
        assert await hears(connection, cursor)


def test_a_hung_object_store_is_503_for_what_needs_it_and_for_nothing_else(
    running: Product, folder: Path
) -> None:
    save = uploaded(running)
    with frozen(folder / "s3"):
        assert save() is None
        assert answered(running, QUESTION)
        assert probe(running, "/readyz") == (503, "objects")
        assert probe(running, "/livez") == (200, "ok")
    assert heals(running, save)


def test_a_killed_object_store_is_started_again_with_what_it_had(running: Product, folder: Path) -> None:
    save = uploaded(running)
    killed(folder / "s3", "weed")
    assert save() is None
    assert heals(running, save)


@pytest.mark.anyio
async def test_without_an_sms_provider_a_login_is_answered_and_its_code_arrives_later(
    settings: Settings,
) -> None:
    with provider(503) as broken:
        async with (
            site_of(settings.model_copy(update={"sms_url": broken.url})) as site,
            Api.open(site) as api,
        ):
            assert (await first_step(api))["errors"] == []
            await eventually(lambda: broken.authorizations, 20)
            broken.status = 200
            broken.messages.clear()
            assert await eventually(lambda: broken.messages, 20)
