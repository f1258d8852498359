"""From a commit to the open pages of a hundred doctors: each has one socket, each gets one event."""

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import UUID

from bench.load import middle_and_tail
from bench.operations import WATCH
from models.journal import Fact, account_stream
from resolvers.demo_catalog import demo_id
from resolvers.demo_large import person_id
from storage.database import Author, Database
from tests.product import Live, live
from web.settings import Settings
from web.wiring import open_ports

COMMITS, PAUSE_SECONDS = 20, 0.3
EVENT = "activities:enrollment:enrolled"


@dataclass(frozen=True, slots=True)
class FanOut:
    """Milliseconds from the commit to the arrival."""

    sockets: int
    deliveries: int
    p50: float
    p99: float


async def fan_out(settings: Settings, url: str, tokens: Sequence[str]) -> FanOut:
    """One transaction of another process writes into all streams at once, again and again."""
    latencies: list[float] = []
    async with AsyncExitStack() as stack:
        ports = await stack.enter_async_context(open_ports(settings))
        sockets = [await stack.enter_async_context(live(url, token)) for token in tokens]
        await asyncio.gather(*map(_watch, sockets))
        for _ in range(COMMITS):
            arrivals = [asyncio.create_task(_arrival(socket)) for socket in sockets]
            committed = await _commit(ports.database, len(sockets))
            latencies += [await arrival - committed for arrival in arrivals]
            await asyncio.sleep(PAUSE_SECONDS)
    return FanOut(len(sockets), len(latencies), *middle_and_tail(latencies))


async def _watch(socket: Live) -> None:
    await socket.subscribe(WATCH)
    first = await socket.event("activities")
    assert first["__typename"] == "ActivitiesSnapshot"  # noqa: S101 - a measurement of nothing else


async def _arrival(socket: Live) -> float:
    while True:
        text = await socket.socket.recv()
        arrived = time.perf_counter()
        message = json.loads(text)
        if message["type"] in {"error", "complete"}:
            raise RuntimeError(text)
        if message["type"] == "next" and "cursor" in message["payload"]["data"]["activities"]:
            return arrived


async def _commit(database: Database, people: int) -> float:
    """The moment at which the transaction is over: its wake-ups have been handed to the bus."""
    activity: UUID = demo_id("activity", 110)
    async with database.transaction(Author("bench", "")) as work:
        for number in range(1, people + 1):
            work.record(Fact(account_stream(person_id(number)), EVENT, activity))
    return time.perf_counter()
