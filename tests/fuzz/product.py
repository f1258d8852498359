"""The fuzz against the product itself, as operators run it: strangers, doctors and providers.

python -m tests.fuzz.product --n 20000 --frames 2000 --seed 1
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from graphql import build_schema

from resolvers.context import Context
from resolvers.demo import demo_token
from tests.fuzz.mutations import Attack, document
from tests.fuzz.operations import Operations
from tests.fuzz.values import VALUES
from tests.fuzz.wire import Findings, fuzz
from tests.product import Product, serving
from web.embedded import embedded
from web.running import prepare
from web.settings import Settings
from web.wiring import open_ports

SDL = Path(__file__).parents[2] / "schema/schema.graphql"
WHO = ("demo-1", "demo-2", "demo-3", "demo-4", "demo-5", "provider-1", "provider-6")
BROKEN_DOCUMENTS = 0.2
TRACE = "Traceback (most recent call last)"


async def attack(product: Product, bodies: int, frames: int, seed: int) -> Findings:
    """Sends so many bodies and frames; tracebacks in the server's log are faults too."""
    callers = await _tokens(product.settings, 1 + bodies // 200)
    # Most bodies stay whole, because only a whole one gets past the edge.
    plan = Attack(_requests(), callers, breaks=(0, 0, 0, 0, 0, 0, 1, 2))
    findings = await fuzz(product.url, bodies, frames, seed, plan)
    log = product.log.read_text("utf-8")
    findings.faults += [f"in the log: …{part[-2000:]}" for part in log.split(TRACE)[1:]]
    return findings


def outcomes(log: Path) -> Counter[str]:
    """How the server itself says that operations ended: whether the fuzz gets past the edge."""
    lines = (line for line in log.read_text("utf-8").splitlines() if line.startswith("{"))
    return Counter(json.loads(line).get("outcome", "") for line in lines)


async def _tokens(settings: Settings, times: int) -> list[str | None]:
    """Many tokens for each, as what is sent may well end a session; every sixth caller is a stranger."""
    async with open_ports(settings) as ports:
        found = [await demo_token(Context(ports), who) for who in WHO for _ in range(times)]
    return [*found, *(None for _ in range(len(found) // 5))]


def _requests() -> Callable[[Random], dict[str, object]]:
    operations = Operations(build_schema(SDL.read_text("utf-8")), VALUES)

    def asked(random: Random) -> dict[str, object]:
        made = operations.request(random)
        if random.random() < BROKEN_DOCUMENTS:
            made["query"] = document(random, str(made["query"]))
        return made

    return asked


def main() -> None:
    """The long form, on servers of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=20_000)
    parser.add_argument("--frames", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="nmo-fuzz-") as name:
        settings = Settings(data=Path(name))
        with embedded(settings, say, bus=False) as ready:
            asyncio.run(prepare(ready, say))
            with serving(ready, Path(name) / "log") as product:
                findings = asyncio.run(attack(product, given.n, given.frames, given.seed))
                reached = outcomes(product.log)
    print(json.dumps({"statuses": findings.statuses, "closes": findings.closes, "outcomes": reached}))
    print(f"{given.n} bodies, {given.frames} sockets, seed {given.seed}: {len(findings.faults)} faults")
    for fault in findings.faults[:20]:
        print(fault)
    sys.exit(1 if findings.faults else 0)


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
