"""Both buses keep one promise; NATS keeps it through restarts of its server and between processes."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvloop

from storage.bus import Bus
from storage.folders import StartError
from storage.memory_bus import MemoryBus
from storage.nats import EmbeddedNats
from storage.nats_bus import open_nats_bus

pytestmark = pytest.mark.anyio
TOPIC = "account:1"


@pytest.fixture(scope="module")
def nats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedNats]:
    server = EmbeddedNats(tmp_path_factory.mktemp("nats"))
    server.start()
    yield server
    server.stop()


def running(server: EmbeddedNats) -> str:
    url = server.running_url()
    assert url
    return url


@pytest.fixture(params=["memory", "nats"])
async def bus(request: pytest.FixtureRequest, nats: EmbeddedNats) -> AsyncIterator[Bus]:
    async with (
        open_nats_bus(running(nats)) if request.param == "nats" else nullcontext(MemoryBus()) as opened
    ):
        yield opened


async def test_a_subscriber_is_woken_with_the_payload(bus: Bus) -> None:
    async with bus.subscribe(TOPIC) as subscription:
        await bus.publish(TOPIC, b"7")
        assert await subscription.wait(5) == b"7"
        assert await subscription.wait(0.05) is None


async def test_a_publication_right_after_entering_is_not_missed(bus: Bus) -> None:
    for number in range(50):
        async with bus.subscribe(TOPIC) as subscription:
            await bus.publish(TOPIC, str(number).encode())
            assert await subscription.wait(5) == str(number).encode()


async def test_the_newest_payload_replaces_the_unread_ones(bus: Bus) -> None:
    async with bus.subscribe(TOPIC) as slow, bus.subscribe("last") as last:
        for number in range(1000):
            await bus.publish(TOPIC, str(number).encode())
        await bus.publish("last", b"")
        assert await last.wait(5) == b""
        await asyncio.sleep(0.1)
        assert await slow.wait(5) == b"999"
        assert await slow.wait(0.05) is None


async def test_other_topics_sleep_on(bus: Bus) -> None:
    async with bus.subscribe("account:2") as other:
        await bus.publish(TOPIC, b"1")
        assert await other.wait(0.1) is None


async def test_the_last_to_leave_takes_nothing_from_those_who_come(bus: Bus) -> None:
    async def come_and_go() -> None:
        async with bus.subscribe(TOPIC):
            await asyncio.sleep(0)

    async with bus.subscribe(TOPIC) as stays:
        await asyncio.gather(*(come_and_go() for _ in range(50)))
        await bus.publish(TOPIC, b"1")
        assert await stays.wait(5) == b"1"


async def test_a_cancelled_subscriber_does_not_harm_its_neighbour(bus: Bus) -> None:
    async def wait_in_vain() -> None:
        async with bus.subscribe(TOPIC) as subscription:
            await subscription.wait(60)

    tasks = [asyncio.create_task(wait_in_vain()) for _ in range(20)]
    async with bus.subscribe(TOPIC) as stays:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await bus.publish(TOPIC, b"1")
        assert await stays.wait(5) == b"1"


async def test_a_thousand_subscribers_of_one_topic_are_all_woken(bus: Bus) -> None:
    async with AsyncExitStack() as stack:
        everybody = [await stack.enter_async_context(bus.subscribe(TOPIC)) for _ in range(1000)]
        began = time.monotonic()
        await bus.publish(TOPIC, b"1")
        assert await asyncio.gather(*(one.wait(5) for one in everybody)) == [b"1"] * 1000
        assert time.monotonic() - began < 2


async def test_two_processes_hear_each_other_through_nats(nats: EmbeddedNats) -> None:
    url = running(nats)
    async with open_nats_bus(url) as here, open_nats_bus(url) as there, here.subscribe(TOPIC) as subscription:
        await there.publish(TOPIC, b"from there")
        assert await subscription.wait(5) == b"from there"


async def test_subscribers_outlive_a_killed_nats_and_are_told_to_look_again(nats: EmbeddedNats) -> None:
    async with open_nats_bus(running(nats)) as bus, bus.subscribe(TOPIC) as subscription:
        os.kill(nats.pid, signal.SIGKILL)
        assert await subscription.wait(20) == b""
        await bus.publish(TOPIC, b"after")
        assert await subscription.wait(5) == b"after"


async def until_down(bus: Bus) -> None:
    async with asyncio.timeout(5):
        while bus.healthy:  # noqa: ASYNC110 - the bus has no event of its own for it
            await asyncio.sleep(0.01)


async def test_publishing_while_nats_is_away_is_counted_and_never_raises(tmp_path: Path) -> None:
    server = EmbeddedNats(tmp_path / "nats")
    async with open_nats_bus(server.start()) as bus, bus.subscribe(TOPIC) as subscription:
        server.stop()
        await until_down(bus)
        await bus.publish(TOPIC, b"only here")
        assert await subscription.wait(0.5) == b"only here"
        async with bus.subscribe("opened:during:the:outage") as late:
            server.start()
            assert await subscription.wait(20) == b""
            assert await late.wait(5) == b""
            async with open_nats_bus(running(server)) as there:
                await there.publish("opened:during:the:outage", b"1")
                assert await late.wait(5) == b"1"
    server.stop()


def test_leaving_while_nats_is_away_is_no_failure(tmp_path: Path) -> None:
    async def leaves() -> None:
        nats = EmbeddedNats(tmp_path)
        async with open_nats_bus(nats.start()) as bus:
            nats.stop()
            await until_down(bus)
            async with bus.subscribe(TOPIC):
                pass

    uvloop.run(leaves())  # as under uvicorn; asyncio's own loop only writes a warning


async def test_who_was_never_away_looks_again_when_another_is_back(nats: EmbeddedNats) -> None:
    """What the other said while it alone was cut off has reached nobody."""
    url = nats.running_url() or ""
    target = urlsplit(url).port or 0
    wire = Wire(target)
    async with (
        wire.open() as port,
        open_nats_bus(url) as here,
        open_nats_bus(url.replace(f":{target}", f":{port}")) as there,
        here.subscribe(TOPIC) as subscription,
    ):
        await wire.cut()
        await until_down(there)
        await there.publish(TOPIC, b"unheard")
        assert await subscription.wait(0.5) is None
        await wire.mend()
        assert await subscription.wait(20) == b""


class Wire:
    """The way of one process to a server on this machine, which can be cut."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self._server: asyncio.Server | None = None
        self._ends = set[asyncio.StreamWriter]()

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[int]:
        await self.mend()
        yield self.port
        await self.cut()

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        if self._server:
            self._server.close()
        for end in self._ends:
            end.close()
        self._ends.clear()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        self._ends |= {writer, far_writer}
        await asyncio.gather(_carry(reader, far_writer), _carry(far_reader, writer))


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def test_while_nats_is_away_everybody_looks_again_from_time_to_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.nats_bus.POLL_SECONDS", 0.1)
    server = EmbeddedNats(tmp_path / "nats")
    async with open_nats_bus(server.start()) as bus, bus.subscribe(TOPIC) as subscription:
        assert await subscription.wait(0.5) is None
        server.stop()
        await until_down(bus)
        for _ in range(3):
            assert await subscription.wait(2) == b""


async def test_a_hung_nats_does_not_hold_a_committed_transaction(tmp_path: Path) -> None:
    server = EmbeddedNats(tmp_path / "nats")
    async with open_nats_bus(server.start()) as bus:
        os.kill(server.pid, signal.SIGSTOP)
        began = time.monotonic()
        for number in range(2000):
            await bus.publish(f"account:{number}", bytes(4096))
            await asyncio.sleep(0)
        assert time.monotonic() - began < 5
        os.kill(server.pid, signal.SIGCONT)
    server.stop()


async def test_an_absent_nats_is_one_clear_line_without_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.nats_bus.CONNECT_LIMIT", 0.3)
    with pytest.raises(StartError, match=r"127.0.0.1:9: проверьте NMO_NATS_URL") as refused:
        async with open_nats_bus("nats://nmo:hidden@127.0.0.1:9"):
            pass
    assert "hidden" not in str(refused.value)
