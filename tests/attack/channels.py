"""The ways to send guesses: each tries to have many looked at where one is allowed. All return how many were sent."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random

import httpx
from websockets.asyncio.client import connect

from tests.product import PROTOCOL

AT_ONCE = 10
SOURCES = 60
SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Target:
    """What is guessed: `call` with `{}` in the place of the guess, by whom, and how a guess is made."""

    name: str
    call: str
    guess: Callable[[Random], str]
    token: str | None = None

    def drawn(self, chance: Random) -> str:
        return self.call.replace("{}", self.guess(chance))

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"} if self.token else {}


class Gun:
    """Sends from many addresses to many servers, so that the limit of one address is not what stops it."""

    def __init__(self, urls: list[str], chance: Random) -> None:
        self.urls = urls
        self.chance = chance
        self._clients = [
            httpx.AsyncClient(
                transport=httpx.AsyncHTTPTransport(verify=False, local_address=f"127.0.0.{number + 2}"),
                timeout=SECONDS,
            )
            for number in range(SOURCES)
        ]

    @property
    def url(self) -> str:
        return self.chance.choice(self.urls)

    @property
    def client(self) -> httpx.AsyncClient:
        return self.chance.choice(self._clients)

    def forged(self, target: Target) -> dict[str, str]:
        """A header that a proxy of ours might have set."""
        return {**target.headers, "x-forwarded-for": f"10.{self.chance.randrange(256)}.0.1"}

    async def post(self, target: Target, query: str, **more: object) -> int:
        await self.client.post(self.url, json={"query": query, **more}, headers=self.forged(target))
        return query.count(target.call.partition("(")[0] + "(")

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()


def aliased(gun: Gun, target: Target, count: int) -> str:
    return " ".join(f"a{number}: {target.drawn(gun.chance)}" for number in range(count))


async def single(gun: Gun, target: Target) -> int:
    return await gun.post(target, f"mutation {{ {target.drawn(gun.chance)} }}")


async def aliases(gun: Gun, target: Target) -> int:
    return await gun.post(target, f"mutation {{ {aliased(gun, target, AT_ONCE)} }}")


async def fragments(gun: Gun, target: Target) -> int:
    body = aliased(gun, target, AT_ONCE)
    return await gun.post(target, f"mutation {{ ...F ...G }} fragment F on Mutation {{ {body} }} "
                                  f"fragment G on Mutation {{ ...F }}")  # fmt: skip


async def operations(gun: Gun, target: Target) -> int:
    drawn = [f"mutation M{number} {{ {target.drawn(gun.chance)} }}" for number in range(AT_ONCE)]
    return await gun.post(target, " ".join(drawn), operationName="M3")


async def arrays(gun: Gun, target: Target) -> int:
    bodies = [{"query": f"mutation {{ {target.drawn(gun.chance)} }}"} for _ in range(AT_ONCE)]
    await gun.client.post(gun.url, json=bodies, headers=gun.forged(target))
    return AT_ONCE


async def address_line(gun: Gun, target: Target) -> int:
    headers = {**gun.forged(target), "graphql-require-preflight": "1"}
    query = f"mutation {{ {target.drawn(gun.chance)} }}"
    await gun.client.get(gun.url, params={"query": query}, headers=headers)
    return 1


async def stream(gun: Gun, target: Target) -> int:
    headers = {**gun.forged(target), "accept": "text/event-stream"}
    query = f"mutation {{ {target.drawn(gun.chance)} }}"
    await gun.client.post(gun.url, json={"query": query}, headers=headers)
    return 1


async def socket(gun: Gun, target: Target) -> int:
    """A socket of its own; several stand open side by side."""
    source = (f"127.0.0.{gun.chance.randrange(2, 2 + SOURCES)}", 0)
    async with connect(
        gun.url.replace("http", "ws", 1), subprotocols=[PROTOCOL], local_addr=source, open_timeout=SECONDS
    ) as opened:
        await opened.send(json.dumps({"type": "connection_init", "payload": {"token": target.token}}))
        for number in range(AT_ONCE):
            query = f"mutation {{ {target.drawn(gun.chance)} }}"
            await opened.send(
                json.dumps({"id": str(number), "type": "subscribe", "payload": {"query": query}})
            )
        for _ in range(AT_ONCE + 1):
            await opened.recv()
    return AT_ONCE


CHANNELS: dict[str, Callable[[Gun, Target], Awaitable[int]]] = {
    "one request": single,
    "aliases": aliases,
    "fragments": fragments,
    "operations": operations,
    "arrays": arrays,
    "the address line": address_line,
    "an event stream": stream,
    "a socket": socket,
}
# The plain way is taken as often as all others together: it is the only one that may get through.
ORDER = [*CHANNELS, *["one request"] * len(CHANNELS)]
