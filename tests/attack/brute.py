"""A storm of guesses through every channel at once, over two workers and a restart; how many were looked at (A38).

python -m tests.attack.brute --n 100000 --seed 1
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import httpx
import psycopg
from websockets.exceptions import WebSocketException

from tests.attack.channels import CHANNELS, ORDER, Gun, Target
from tests.attack.targets import Victims
from tests.product import Product, serving, start
from web.demo import ensure_demo
from web.embedded import embedded
from web.running import prepare
from web.settings import Settings

Restart = Callable[[], Awaitable[None]]
MOST_FOR_A_CODE, MOST_FOR_AN_ACCOUNT = 5, 10
# Codes and passwords have a budget each; unlike a code, a password has no life of its own.
LOOKED_AT = """
    SELECT 'code', stream, subject::text, at FROM event
    WHERE action IN ('signin:challenge:failed', 'recovery:code:failed', 'registration:code:failed',
                     'account:contact:refused') AND data ->> 'code' = 'CODE_WRONG'
    UNION ALL
    SELECT 'password', stream, NULL, at FROM event
    WHERE action IN ('signin:password:failed', 'signin:reauthentication:failed')
"""
# The worst quarter of an hour of each account and kind.
WORST = f"""
    WITH looked_at (kind, stream, code, at) AS ({LOOKED_AT})
    SELECT one.kind || ' of ' || one.stream, max(
        (SELECT count(*) FROM looked_at AS other WHERE (other.kind, other.stream) = (one.kind, one.stream)
         AND other.at >= one.at AND other.at < one.at + interval '15 minutes'))
    FROM looked_at AS one GROUP BY 1
"""
BY_CODE = f"""
    WITH looked_at (kind, stream, code, at) AS ({LOOKED_AT})
    SELECT code, count(*) FROM looked_at WHERE code IS NOT NULL GROUP BY 1
"""


@dataclass
class Verdict:
    """What was sent by which channel, and the most that was looked at."""

    sent: Counter[str]
    by_code: dict[str, int]
    by_account: dict[str, int]

    @property
    def holds(self) -> bool:
        codes, accounts = self.by_code.values(), self.by_account.values()
        return max(codes) <= MOST_FOR_A_CODE and max(accounts) <= MOST_FOR_AN_ACCOUNT

    def __str__(self) -> str:
        channels = ", ".join(f"{name} {count}" for name, count in self.sent.most_common())
        return (
            f"{self.sent.total()} guesses sent ({channels}); looked at: at most {max(self.by_code.values())} of a "
            f"code, {max(self.by_account.values())} of an account in a quarter of an hour "
            f"({len(self.by_code)} codes, {len(self.by_account)} budgets)"
        )


async def storm(gun: Gun, targets: list[Target], n: int, at_once: int, restart: Restart) -> Counter[str]:
    """Send `n` guesses; a server is ended and started again when half of them are out."""
    sent, halfway = Counter[str](), asyncio.Event()

    async def shoot() -> None:
        while sent.total() < n:
            channel, target = gun.chance.choice(ORDER), gun.chance.choice(targets)
            try:
                count = await CHANNELS[channel](gun, target)
                sent[channel] += count
            except (httpx.TransportError, WebSocketException, OSError):
                await asyncio.sleep(0.05)
            if sent.total() * 2 >= n:
                halfway.set()

    async def restarted() -> None:
        await halfway.wait()
        await restart()

    await asyncio.gather(restarted(), *(shoot() for _ in range(at_once)))
    await gun.close()
    return sent


def verdict_of(database_url: str, sent: Counter[str]) -> Verdict:
    """By the journal's own word."""
    with psycopg.connect(database_url) as connection:
        by_code: dict[str, int] = dict(connection.execute(BY_CODE.encode()).fetchall())
        by_account: dict[str, int] = dict(connection.execute(WORST.encode()).fetchall())
    return Verdict(sent, by_code, by_account)


def attack(product: Product, n: int, seed: int, at_once: int) -> Verdict:
    """Guess at everything of a product that is killed half way and started again."""
    targets = Victims(product.url, product.token).targets()

    def again() -> None:
        product.kill()
        product.process = start(product.settings, product.log, port=product.port).process

    async def restart() -> None:
        await asyncio.to_thread(again)

    gun = Gun([product.url], Random(seed))
    sent = asyncio.run(storm(gun, targets, n, at_once, restart))
    return verdict_of(product.settings.database_url or "", sent)


def main() -> int:
    """Zero when the limits held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        own = Settings(data=Path(folder) / "data", outbox_dir=Path(folder) / "outbox", workers=2)
        with embedded(own, lambda line: print(line, file=sys.stderr), bus=True) as ready:
            asyncio.run(prepare(ready.model_copy(update={"demo": False}), print))
            asyncio.run(ensure_demo(ready, print))
            with serving(ready, Path(folder) / "log") as product:
                verdict = attack(product, given.n, given.seed, at_once=40)
    print(verdict)
    return 0 if verdict.holds else 1


if __name__ == "__main__":
    sys.exit(main())
