"""What a command changes beside a server of one process is heard there at once, without NATS."""

import asyncio
import subprocess
from collections.abc import AsyncIterator

import psycopg
import pytest

from storage.database import connect
from storage.notified_bus import CHANNEL, TellingBus, open_listening_bus
from storage.wakeups import Subscription
from tests.product import NMO, environment, live, serving
from web.settings import Settings

pytestmark = pytest.mark.anyio
TOPIC = "account:1"


@pytest.fixture
async def telling(database_url: str) -> AsyncIterator[TellingBus]:
    engine = connect(database_url)
    yield TellingBus(engine)
    await engine.dispose()


async def heard(telling: TellingBus, subscription: Subscription, payload: bytes) -> bool:
    """Told until it is heard: a listener may still be on its way."""
    for _ in range(100):
        await telling.publish(TOPIC, payload)
        if await subscription.wait(0.1) == payload:
            return True
    return False


async def test_what_a_command_tells_wakes_a_server_and_the_command_itself(
    database_url: str, telling: TellingBus
) -> None:
    async with open_listening_bus(database_url) as server, server.subscribe(TOPIC) as subscription:
        assert await heard(telling, subscription, b"7")
        async with telling.subscribe(TOPIC) as own:
            await telling.publish(TOPIC, b"8 with a blank")
            assert await own.wait(1) == b"8 with a blank"
        assert await subscription.wait(1) == b"8 with a blank"


async def test_a_listener_that_was_cut_off_looks_again_and_hears_again(
    database_url: str, telling: TellingBus
) -> None:
    async with open_listening_bus(database_url) as server, server.subscribe(TOPIC) as subscription:
        assert await heard(telling, subscription, b"1")
        with psycopg.connect(database_url, autocommit=True) as other:
            cut = other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = %s",
                (f"LISTEN {CHANNEL}",),
            ).fetchall()
        assert cut == [(True,)]
        assert await subscription.wait(10) == b""
        assert await heard(telling, subscription, b"2")


async def test_telling_without_a_database_never_raises() -> None:
    engine = connect("postgresql://nmo@127.0.0.1:1/nmo")
    telling = TellingBus(engine)
    async with telling.subscribe(TOPIC) as own:
        await telling.publish(TOPIC, b"1")
        assert await own.wait(1) == b"1"
    await engine.dispose()


def test_a_block_by_the_operator_ends_a_socket_within_a_second(settings: Settings) -> None:
    log = (settings.outbox_dir or settings.data).with_suffix(".log")
    with serving(settings.model_copy(update={"demo": False}), log) as product:

        async def watched() -> float:
            async with live(product.url, product.token("demo-1")) as socket:
                await socket.subscribe("subscription { account { __typename } }")
                await socket.event("account")
                block = [*NMO, "block", "demo-1@nmo.example"]
                await asyncio.to_thread(subprocess.run, block, env=environment(product.settings), check=True)
                blocked = asyncio.get_running_loop().time()
                await socket.closed(30)
                return asyncio.get_running_loop().time() - blocked

        assert asyncio.run(watched()) < 1
