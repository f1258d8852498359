"""Fuzzes a running server over the wire: no 5xx, no broken answer, no dead server, whatever is sent.

python -m tests.fuzz.wire --n 20000 --frames 2000 --seed 1 --url http://127.0.0.1:8000/graphql
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from tests.fuzz.mutations import body, frame

JSON_TYPES = ("application/json", "application/graphql-response+json")
ACCEPTS = (*JSON_TYPES, "*/*", "text/event-stream", "multipart/mixed")
TYPES = ("application/json",) * 12 + ("application/json; charset=utf-8", "text/plain", "")
FINE_CLOSES = {1000, 1001, 1005, 1007, 1009, 4400, 4401, 4409, 4429}
AT_ONCE = 8


@dataclass
class Findings:
    """How the server answered, and every answer it should not give."""

    statuses: Counter[int] = field(default_factory=Counter[int])
    closes: Counter[int] = field(default_factory=Counter[int])
    faults: list[str] = field(default_factory=list[str])


async def fuzz(url: str, bodies: int, frames: int, seed: int) -> Findings:
    """Sends so many bodies and frames; the same seed sends the same ones."""
    findings = Findings()
    async with httpx.AsyncClient(timeout=20, limits=httpx.Limits(max_connections=AT_ONCE)) as client:
        await _spread(bodies, lambda n: one_body(client, url, Random(f"{seed}/{n}"), findings))
        await _spread(frames, lambda n: one_socket(url, Random(f"{seed}/s{n}"), findings))
        alive = await client.post(url, json={"query": "{__typename}"})
    if alive.json().get("data") != {"__typename": "Query"}:
        findings.faults.append(f"the server does not answer any more: {alive.status_code}")
    return findings


async def one_body(client: httpx.AsyncClient, url: str, random: Random, findings: Findings) -> None:
    content = body(random)
    headers = {"accept": random.choice(ACCEPTS), "content-type": random.choice(TYPES)}
    try:
        answer = await client.post(url, content=content, headers=headers)
    except httpx.HTTPError as error:
        findings.faults.append(f"{error!r} for {content[:200]!r}")
        return
    findings.statuses[answer.status_code] += 1
    if answer.status_code >= 500 or not _well_formed(answer):
        findings.faults.append(f"{answer.status_code} {answer.text[:200]} for {content[:300]!r}")


def _well_formed(answer: httpx.Response) -> bool:
    """Every refusal is JSON with a code and a request number."""
    if not answer.headers["content-type"].startswith(JSON_TYPES):
        return True
    errors = json.loads(answer.content).get("errors", [])
    return all({"code", "requestId"} <= set(error["extensions"]) for error in errors) and (
        "INTERNAL" not in answer.text
    )


async def one_socket(url: str, random: Random, findings: Findings) -> None:
    """A socket that is greeted properly and then sent one broken frame after another until it closes."""
    try:
        async with connect(
            url.replace("http", "ws", 1), subprotocols=[Subprotocol("graphql-transport-ws")], open_timeout=20
        ) as socket:
            await socket.send('{"type": "connection_init"}')
            await socket.recv()
            for _ in range(random.randint(1, 3)):
                message = frame(random)
                await socket.send(message if random.random() < 0.1 else message.decode(errors="replace"))
            await asyncio.sleep(0.01)
            await socket.close()
            findings.closes[socket.close_code or 1006] += 1
    except ConnectionClosed as closed:
        findings.closes[closed.rcvd.code if closed.rcvd else 1006] += 1
    except (OSError, InvalidStatus, TimeoutError) as error:
        findings.faults.append(f"socket: {error!r}")
    findings.faults.extend(f"close {code}" for code in set(findings.closes) - FINE_CLOSES)


async def _spread(number: int, work: Callable[[int], Awaitable[None]]) -> None:
    numbers = iter(range(number))

    async def worker() -> None:
        for each in numbers:
            await work(each)

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


def main() -> None:
    """The long form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=20_000)
    parser.add_argument("--frames", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--url", default="http://127.0.0.1:8000/graphql")
    given = parser.parse_args()
    findings = asyncio.run(fuzz(given.url, given.n, given.frames, given.seed))
    counts = {"statuses": findings.statuses, "closes": findings.closes, "faults": len(findings.faults)}
    print(json.dumps(counts))
    for fault in findings.faults[:20]:
        print(fault)
    sys.exit(1 if findings.faults else 0)


if __name__ == "__main__":
    main()
