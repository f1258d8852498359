"""The product as an operator runs it: `nmo serve` in a process of its own, asked over real sockets."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from resolvers.context import Context
from resolvers.demo import demo_token
from storage.folders import named_by_the_kernel
from tests.forked import Forked, Running
from web.settings import Settings, as_environment
from web.wiring import open_ports

Json = dict[str, Any]
NMO = (sys.executable, "-m", "web")
PROTOCOL = Subprotocol("graphql-transport-ws")
# To read the certificates of the world takes longer than a question, and the product speaks plain HTTP here.
PLAIN: Mapping[str, Any] = {"verify": False, "trust_env": False}


@dataclass
class Product:
    """A running server: where it is, its process, its log."""

    port: int
    settings: Settings
    log: Path
    process: Running
    tokens: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.origin}/graphql"

    def kill(self) -> None:
        """As a machine that loses power, as far as the process can tell."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """As an operator stops it; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def token(self, account: str) -> str:
        """A token for a demo account or provider, the same one every time."""
        if account not in self.tokens:
            self.tokens[account] = self.fresh_token(account)
        return self.tokens[account]

    def fresh_token(self, account: str) -> str:
        """What `nmo token` prints, made here because a process of its own takes seconds to import."""
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, _token(self.settings, account)).result()

    def ask(self, query: str, token: str | None = None, **variables: Any) -> Json:
        """One operation over HTTP; returns the whole answer."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body = {"query": query, "variables": variables}
        answer: Json = httpx.post(self.url, json=body, headers=headers, timeout=20, **PLAIN).json()
        return answer


async def _token(settings: Settings, account: str) -> str:
    async with open_ports(settings) as ports:
        token = await demo_token(Context(ports), account)
    assert token is not None
    return token


def environment(settings: Settings, extra: Mapping[str, str] = {}) -> dict[str, str]:
    """The settings as variables, without any that the tests were started with; what is compiled once stays so."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("NMO_")}
    inherited = {name: value for name, value in others.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, **as_environment(settings), "PYTHONUNBUFFERED": "1", **extra}


def start(
    settings: Settings,
    log: Path,
    *,
    port: int | None = None,
    extra: Mapping[str, str] = {},
    forked: bool = False,
) -> Product:
    """Start a server and wait until it is ready; `extra` are variables beside the settings."""
    chosen = port or named_by_the_kernel()
    given = settings.model_copy(update={"port": chosen, "demo": False})
    variables = environment(given, extra)
    process = Forked(["serve"], variables, log) if forked else by_command(["serve"], variables, log)
    product = Product(chosen, given, log, process)
    try:
        wait_ready(product)
    except BaseException:
        product.kill()
        raise
    return product


def by_command(words: Sequence[str], variables: Mapping[str, str], log: Path) -> Running:
    """As an operator starts it."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [*NMO, *words], env=variables, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )


def wait_ready(product: Product, seconds: float = 180.0) -> None:
    """Until `/readyz` says so."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert product.process.poll() is None, product.log.read_text("utf-8")[-2000:]
        try:
            if httpx.get(f"{product.origin}/readyz", timeout=5, **PLAIN).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"not ready: {product.log.read_text('utf-8')[-2000:]}")


@contextmanager
def serving(settings: Settings, log: Path, extra: Mapping[str, str] = {}) -> Generator[Product]:
    """A server for the length of a block; the loader of programs looks at variables only when one is started."""
    product = start(settings, log, extra=extra, forked=not extra)
    try:
        yield product
    finally:
        if product.process.poll() is None:
            product.stop()


@dataclass
class Live:
    """One graphql-transport-ws connection."""

    socket: ClientConnection
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def subscribe(self, query: str, **variables: Any) -> str:
        """Start an operation; returns its id."""
        name = str(next(self.numbers))
        await self.send(
            {"id": name, "type": "subscribe", "payload": {"query": query, "variables": variables}}
        )
        return name

    async def send(self, message: Json) -> None:
        await self.socket.send(json.dumps(message))

    async def next(self) -> Json:
        """The next message that is not a heartbeat of the protocol."""
        while True:
            message: Json = json.loads(await self.socket.recv())
            if message["type"] == "ping":
                await self.send({"type": "pong"})
                continue
            return message

    async def event(self, field_name: str) -> Json:
        """The data of the next event."""
        message = await self.next()
        assert message["type"] == "next", message
        data: Json = message["payload"]["data"][field_name]
        return data

    async def closed(self, seconds: float) -> int:
        """The code of the close, whatever comes before it."""
        async with asyncio.timeout(seconds):
            try:
                while True:
                    await self.next()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006


@asynccontextmanager
async def live(url: str, token: str | None) -> AsyncGenerator[Live]:
    """An acknowledged connection."""
    async with connect(url.replace("http", "ws", 1), subprotocols=[PROTOCOL]) as socket:
        connection = Live(socket)
        await connection.send({"type": "connection_init", "payload": {"token": token} if token else {}})
        assert (await connection.next())["type"] == "connection_ack"
        yield connection
