"""The bus of several processes: one NATS connection a process, one NATS subscription a topic."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Protocol
from urllib.parse import urlsplit

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription as NatsSubscription
from nats.errors import Error as NatsError

from storage.folders import StartError
from storage.wakeups import Subscription, Topics

log = logging.getLogger(__name__)
CONNECT_LIMIT, CLOSE_LIMIT, FLUSH_LIMIT = 5.0, 2.0, 2
PING_SECONDS = 5  # a hung server is given up after two pings without an answer
POLL_SECONDS = 3.0  # while the bus is down
MOST_OUTGOING = 10_000
FOREVER = -1
EVERYBODY = "everybody"  # the topic of all processes


class Connection(Protocol):
    """What we use of the client; its own signatures are typed incompletely."""

    @property
    def is_connected(self) -> bool: ...
    async def publish(self, subject: str, payload: bytes) -> None: ...
    async def subscribe(self, subject: str, *, cb: Callable[[Msg], Awaitable[None]]) -> NatsSubscription: ...
    async def flush(self, timeout: int) -> None: ...  # noqa: ASYNC109 - the client names it so
    async def close(self) -> None: ...


class NatsBus:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._topics = Topics()
        self._outgoing: dict[str, bytes] = {}
        self._something_to_say = asyncio.Event()
        self._remote: dict[str, asyncio.Task[NatsSubscription]] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def healthy(self) -> bool:
        return self._connection.is_connected

    async def publish(self, topic: str, payload: bytes) -> None:
        """Wakes this process at once, and only notes what to say to the others.

        A hung server must not hold a transaction that has been committed.
        """
        self._topics.wake(topic, payload)
        if self.healthy and len(self._outgoing) < MOST_OUTGOING:
            self._outgoing[topic] = payload
            self._something_to_say.set()

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncGenerator[Subscription]:
        try:
            with self._topics.joined(topic) as subscription:
                await asyncio.shield(self._remote_subscription(topic))
                yield subscription
        finally:
            self._leave_if_alone(topic)

    async def speak(self) -> None:
        """Runs beside the bus and says what was noted, until cancelled."""
        while True:
            await self._something_to_say.wait()
            self._something_to_say.clear()
            await self._say_all()

    async def poll(self) -> None:
        """Runs beside the bus: while it is down nobody is woken by others, so everybody looks from time to time."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            if not self.healthy:
                self._topics.wake_all()

    async def close(self) -> None:
        """Also while the server is away, when the client writes to a connection that is closed already."""
        with suppress(TimeoutError, RuntimeError, OSError, NatsError):
            async with asyncio.timeout(CLOSE_LIMIT):
                await self._say_all()
                await self._connection.close()

    async def listen_to_everybody(self) -> None:
        async def look_again(message: Msg) -> None:
            self._topics.wake_all()

        await self._connection.subscribe(EVERYBODY, cb=look_again)

    def come_back(self) -> None:
        """After an outage everybody looks again, here and in processes that were back earlier or never away: what
        they said to us, and we to them, is unknown."""
        self._topics.wake_all()
        self._outgoing[EVERYBODY] = b""
        self._something_to_say.set()

    async def _say_all(self) -> None:
        while self._outgoing:
            topic, payload = self._outgoing.popitem()
            try:
                await self._connection.publish(topic, payload)
            except (NatsError, OSError) as error:
                log.warning("a wake-up of %s was lost: %r", topic, error)

    def _remote_subscription(self, topic: str) -> asyncio.Task[NatsSubscription]:
        if topic not in self._remote:
            self._remote[topic] = asyncio.create_task(self._listen(topic))
        return self._remote[topic]

    async def _listen(self, topic: str) -> NatsSubscription:
        async def wake(message: Msg) -> None:
            self._topics.wake(topic, message.data)

        remote = await self._connection.subscribe(topic, cb=wake)
        if self.healthy:
            with suppress(NatsError, OSError):
                # The client's ping overtakes what is in its buffer: only the second is behind the subscription,
                # and from its answer on the server knows of us.
                await self._connection.flush(FLUSH_LIMIT)
                await self._connection.flush(FLUSH_LIMIT)
        return remote

    def _leave_if_alone(self, topic: str) -> None:
        if topic in self._remote and topic not in self._topics:
            leaving = asyncio.create_task(_unsubscribe(self._remote.pop(topic)))
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)


@asynccontextmanager
async def open_nats_bus(url: str) -> AsyncGenerator[NatsBus]:
    """Connected, and kept connected for ever; a server that is absent at the start is a `StartError`."""
    client = Client()
    bus = NatsBus(client)
    try:
        async with asyncio.timeout(CONNECT_LIMIT):
            await _connect(client, bus, url)
    except (NatsError, OSError, TimeoutError) as error:
        await bus.close()
        place = urlsplit(url).netloc.rpartition("@")[2]
        raise StartError(f"NATS не отвечает на {place}: проверьте NMO_NATS_URL.") from error
    beside = [asyncio.create_task(bus.speak()), asyncio.create_task(bus.poll())]
    try:
        yield bus
    finally:
        for task in beside:
            task.cancel()
        await bus.close()


async def _connect(client: Client, bus: NatsBus, url: str) -> None:
    async def on_error(error: Exception) -> None:
        log.debug("NATS: %r", error)

    async def on_disconnect() -> None:
        if not client.is_closed:
            log.warning("NATS is out of reach, readers poll until it is back")

    async def on_reconnect() -> None:
        log.warning("NATS is back")
        bus.come_back()

    await client.connect(
        url,
        max_reconnect_attempts=FOREVER,
        reconnect_time_wait=1,
        ping_interval=PING_SECONDS,
        no_echo=True,  # this process has been woken already
        error_cb=on_error,
        disconnected_cb=on_disconnect,
        reconnected_cb=on_reconnect,
    )
    await bus.listen_to_everybody()


async def _unsubscribe(listening: asyncio.Task[NatsSubscription]) -> None:
    with suppress(NatsError, OSError):
        await (await listening).unsubscribe()
