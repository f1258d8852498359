"""Callers that ask again as soon as they are answered, for some seconds."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from statistics import quantiles

from bench import processor
from bench.client import Connection


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and the bodies sent one after another, over and over."""

    token: str
    bodies: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the product answers, its process, and that of its database."""

    url: str
    server: int
    database: int


@dataclass(frozen=True, slots=True)
class Figures:
    """One load: per second, in milliseconds, and the processor's milliseconds for one request."""

    concurrency: int
    requests: int
    per_second: float
    p50: float
    p99: float
    server_ms: float
    database_ms: float


async def load(place: Place, callers: Sequence[Caller], seconds: float) -> Figures:
    """All callers at once; the first answer of each is not counted."""
    connections = [await Connection.open(place.url, caller.token) for caller in callers]
    rounds = [cycle(caller.bodies) for caller in callers]
    for connection, bodies, caller in zip(connections, rounds, callers, strict=True):
        for _ in caller.bodies:
            await connection.post(next(bodies))
    times: list[float] = []
    used = processor.seconds(place.server), processor.family_seconds(place.database)
    began = time.perf_counter()
    until = began + seconds

    async def ask(connection: Connection, bodies: "cycle[bytes]") -> None:
        while (sent := time.perf_counter()) < until:
            await connection.post(next(bodies))
            times.append(time.perf_counter() - sent)

    await asyncio.gather(*map(ask, connections, rounds))
    took, number = time.perf_counter() - began, len(times)
    server = processor.seconds(place.server) - used[0]
    database = processor.family_seconds(place.database) - used[1]
    for connection in connections:
        connection.close()
    p50, p99 = middle_and_tail(times)
    return Figures(
        len(callers), number, number / took, p50, p99, 1000 * server / number, 1000 * database / number
    )


def middle_and_tail(times: Sequence[float]) -> tuple[float, float]:
    """p50 and p99 in milliseconds."""
    cuts = quantiles(times, n=100, method="inclusive")
    return 1000 * cuts[49], 1000 * cuts[98]
