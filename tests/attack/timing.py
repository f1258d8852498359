"""Does the time of an answer tell whether a contact has an account (A16, A31, A37)?

python -m tests.attack.timing --n 300 --seed 1: interleaved requests about known and unknown contacts, one at a
time; the area under the curve is 0.5 when nobody could tell them apart and 1.0 when everybody could.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

import httpx

from models.account import DOCTOR, Account, AccountState
from resolvers.context import Ports
from storage.database import Author
from tests.attack.channels import SOURCES
from tests.product import Json, Product, serving
from tests.recovering import REQUEST
from tests.registering import FORM, REGISTER
from tests.signing_in import LOGIN
from tests.test_canaries import inn
from web.demo import ensure_demo
from web.embedded import embedded
from web.running import prepare
from web.settings import Settings
from web.wiring import open_ports

TRIES = 4  # of one contact: less than any limit
WIDEST = 0.6
WARMING = 20
FRESH = httpx.Limits(max_keepalive_connections=0)  # a kept connection may end while it waits for its turn
Asked = tuple[str, Json]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about a contact; `number` makes the rest of a form its own."""

    name: str
    ask: Callable[[str, int], Asked]


def login(email: str, number: int) -> Asked:
    return LOGIN, {"login": email, "password": f"Wrong-password-{number}!"}


def recovery(email: str, number: int) -> Asked:
    return REQUEST, {"contact": email}


def registration(email: str, number: int) -> Asked:
    own = {"email": email, "phone": f"7903{number:07d}", "inn": inn(number)}
    return REGISTER, {"input": {**FORM, **own}}


QUESTIONS = (Question("login", login), Question("recovery", recovery), Question("registration", registration))


def address(number: int, *, known: bool) -> str:
    """Known and unknown addresses differ in nothing but who has them."""
    return f"doctor-{number * 2 + known:06d}@nmo.example"


async def settle(ports: Ports, count: int) -> None:
    """The accounts of the known addresses; their phones are confirmed as well."""
    hashed, now, vault = await ports.passwords.hash("Kedr-i-sosna-47"), ports.clock.now(), ports.vault
    async with ports.database.transaction(Author("test", "")) as work:
        for number in range(count):
            key, phone = ports.secrets.uuid(), f"+7916{number:07d}"
            work.session.add(
                Account(
                    id=key,
                    state=AccountState.VERIFIED,
                    created_at=now,
                    last_name="Петрова",
                    first_name="Ольга",
                    email=address(number, known=True),
                    email_confirmed_at=now,
                    phone_sealed=vault.seal(phone, "account", "phone_sealed", key),
                    phone_index=vault.index("phone", phone),
                    phone_confirmed_at=now,
                    password_hash=hashed,
                    permissions=[right.value for right in DOCTOR],
                )
            )


def plan(n: int, chance: Random) -> Iterator[tuple[bool, int]]:
    """Known and unknown in turn by chance, each contact as often as any other."""
    drawn = [(known, number % (n // TRIES)) for known in (True, False) for number in range(n)]
    chance.shuffle(drawn)
    yield from drawn


def measure(product: Product, question: Question, n: int, chance: Random) -> tuple[list[float], list[float]]:
    """Milliseconds of the known and of the unknown."""
    clients = [
        httpx.Client(
            transport=httpx.HTTPTransport(verify=False, limits=FRESH, local_address=f"127.0.0.{number + 2}")
        )
        for number in range(SOURCES)
    ]
    times: dict[bool, list[float]] = {True: [], False: []}
    for turn, (known, number) in enumerate(plan(n, chance)):
        document, variables = question.ask(address(number, known=known), turn)
        started = time.perf_counter()
        answer = clients[turn % SOURCES].post(
            product.url, json={"query": document, "variables": variables}, timeout=60
        )
        spent = (time.perf_counter() - started) * 1000
        assert "RATE_LIMITED" not in answer.text, answer.text
        if turn >= WARMING:
            times[known].append(spent)
    for client in clients:
        client.close()
    return times[True], times[False]


def area(known: list[float], unknown: list[float]) -> float:
    """Mann-Whitney: how often a known one is slower than an unknown one; ties count half."""
    wins = sum((one > other) + 0.5 * (one == other) for one in known for other in unknown)
    return wins / (len(known) * len(unknown))


def main() -> int:
    """Zero when no question is answered by time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        own = Settings(data=Path(folder) / "data", outbox_dir=Path(folder) / "outbox")
        with embedded(own, lambda line: print(line, file=sys.stderr), bus=False) as ready:
            asyncio.run(_fill(ready, given.n // TRIES))
            with serving(ready, Path(folder) / "log") as product:
                worst = max([_told(product, question, given.n, given.seed) for question in QUESTIONS])
    return 0 if worst <= WIDEST else 1


async def _fill(ready: Settings, count: int) -> None:
    await prepare(ready.model_copy(update={"demo": False}), print)
    await ensure_demo(ready, print)
    async with open_ports(ready) as ports:
        await settle(ports, count)


def _told(product: Product, question: Question, n: int, seed: int) -> float:
    known, unknown = measure(product, question, n, Random(seed))
    found = area(known, unknown)
    print(
        f"{question.name}: AUC {found:.3f}, n = {len(known)} and {len(unknown)}, "
        f"medians {median(known):.1f} and {median(unknown):.1f} ms"
    )
    return max(found, 1 - found)


if __name__ == "__main__":
    sys.exit(main())
