"""The measurements, one after another."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.client import Connection, body
from bench.fanout import FanOut, fan_out
from bench.load import Caller, Figures, Place, load
from bench.operations import CANCEL, DASHBOARD, ENROLL, LIST, OPEN
from bench.statements import statements
from tests.crowd import doctors
from tests.product import Product

CONCURRENCY, SOCKETS = (1, 16), 100


@dataclass(frozen=True, slots=True)
class Row:
    """One operation."""

    title: str
    statements: int
    bytes: int
    loads: Sequence[Figures]


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that was measured."""

    data: str
    rows: Sequence[Row]
    fan_out: FanOut


async def run(product: Product, database: int, *, seconds: float, large: bool) -> Result:
    """Reads by those who have something to read, presses by people of their own."""
    crowd = await doctors(product.settings, SOCKETS)
    place = Place(product.url, product.process.pid, database)
    url = product.settings.database_url or ""
    readers = crowd if large else [product.token("demo-1")] * max(CONCURRENCY)
    events = await _open_events(product.url, crowd[0])
    measured = {
        "activities: 20 with 3 relations": [Caller(token, [body(LIST)]) for token in readers],
        "progress dashboard": [Caller(token, [body(DASHBOARD)]) for token in readers],
        "enrol or cancel": [
            Caller(token, [body(ENROLL, id=event), body(CANCEL, id=event)])
            for token, event in zip(crowd, events, strict=False)
        ],
    }
    rows = [await _row(title, place, url, callers, seconds) for title, callers in measured.items()]
    return Result(
        "large" if large else "demo", rows, await fan_out(product.settings, product.url, crowd[:SOCKETS])
    )


async def _row(title: str, place: Place, url: str, callers: Sequence[Caller], seconds: float) -> Row:
    connection, caller = await Connection.open(place.url, callers[0].token), callers[0]
    sizes = [len(await connection.post(each)) for each in caller.bodies]

    async def once() -> None:
        for each in caller.bodies:
            await connection.post(each)

    spent = await statements(url, once) / len(caller.bodies)
    connection.close()
    loads = [await load(place, callers[:many], seconds) for many in CONCURRENCY]
    return Row(title, round(spent), max(sizes), loads)


async def _open_events(url: str, token: str) -> list[str]:
    """Events that one may enrol in now, another one for each caller, with places or without a limit."""
    connection = await Connection.open(url, token)
    answer: dict[str, Any] = json.loads(await connection.post(body(OPEN)))
    connection.close()
    edges = answer["data"]["viewer"]["activities"]["edges"]
    return [edge["node"]["id"] for edge in edges][: max(CONCURRENCY)]
