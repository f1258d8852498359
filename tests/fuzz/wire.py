"""Fuzzes a running server over the wire: no 5xx, no broken answer, no dead server, whatever is sent.

python -m tests.fuzz.wire --n 20000 --frames 2000 --seed 1 --url http://127.0.0.1:8000/graphql
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from tests.fuzz.mutations import Attack, body, frame, request

JSON_TYPES = ("application/json", "application/graphql-response+json")
ACCEPTS = (*JSON_TYPES * 3, "*/*", "text/event-stream", "multipart/mixed")
TYPES = ("application/json",) * 12 + ("application/json; charset=utf-8", "text/plain", "")
FINE_CLOSES = {1000, 1001, 1005, 1007, 1009, 4400, 4401, 4409, 4429}
AT_ONCE = 8
STREAM_SECONDS = 0.2
TOY = Attack(request)


@dataclass
class Findings:
    """How the server answered, and every answer it should not give."""

    statuses: Counter[int] = field(default_factory=Counter[int])
    closes: Counter[int] = field(default_factory=Counter[int])
    faults: list[str] = field(default_factory=list[str])


async def fuzz(url: str, bodies: int, frames: int, seed: int, attack: Attack = TOY) -> Findings:
    """Sends so many bodies and frames; the same seed sends the same ones."""
    findings = Findings()
    async with httpx.AsyncClient(timeout=20, limits=httpx.Limits(max_connections=AT_ONCE)) as client:
        await _spread(bodies, lambda n: one_body(client, url, Random(f"{seed}/{n}"), attack, findings))
        await _spread(frames, lambda n: one_socket(url, Random(f"{seed}/s{n}"), attack, findings))
        alive = await client.post(url, json={"query": "{__typename}"})
    if alive.json().get("data") != {"__typename": "Query"}:
        findings.faults.append(f"the server does not answer any more: {alive.status_code}")
    return findings


async def one_body(
    client: httpx.AsyncClient, url: str, random: Random, attack: Attack, findings: Findings
) -> None:
    content, token = body(random, attack), random.choice(attack.tokens)
    headers = {"accept": random.choice(ACCEPTS), "content-type": random.choice(TYPES)}
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    try:
        async with client.stream("POST", url, content=content, headers=headers) as answer:
            text = await _read(answer)
    except httpx.HTTPError as error:
        findings.faults.append(f"{error!r} for {content[:200]!r}")
        return
    findings.statuses[answer.status_code] += 1
    if answer.status_code >= 500 or not _well_formed(answer, text):
        findings.faults.append(f"{answer.status_code} {text[:300]!r} for {content[:500]!r}")


async def _read(answer: httpx.Response) -> bytes:
    """The whole answer; of a stream, which may never end, only its beginning."""
    if answer.headers["content-type"].startswith(JSON_TYPES):
        return await answer.aread()
    beginning = b""
    with suppress(TimeoutError):
        async with asyncio.timeout(STREAM_SECONDS):
            async for chunk in answer.aiter_bytes():
                beginning += chunk
    return beginning


def _well_formed(answer: httpx.Response, text: bytes) -> bool:
    """Every refusal is JSON with a code and a request number."""
    if b'"INTERNAL"' in text:
        return False
    if not answer.headers["content-type"].startswith(JSON_TYPES):
        return True
    errors = json.loads(text).get("errors", [])
    return all({"code", "requestId"} <= set(error["extensions"]) for error in errors)


async def one_socket(url: str, random: Random, attack: Attack, findings: Findings) -> None:
    """A socket that is greeted properly and then sent one broken frame after another until it closes."""
    token = random.choice(attack.tokens)
    greeting = {"type": "connection_init", "payload": {"token": token} if token else {}}
    try:
        async with connect(
            url.replace("http", "ws", 1), subprotocols=[Subprotocol("graphql-transport-ws")], open_timeout=20
        ) as socket:
            await socket.send(json.dumps(greeting))
            await socket.recv()
            for _ in range(random.randint(1, 3)):
                message = frame(random, attack)
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
