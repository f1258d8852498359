"""Passwords: argon2id in a small pool with a bounded queue, so that a flood of logins starves nobody."""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar
from unicodedata import normalize

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from models.errors import ErrorCode, Refusal

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """Work per password: the OWASP profile of 19 MiB and two passes."""

    memory_kib: int = 19 * 1024
    passes: int = 2
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the password is right, and whether its hash should be made anew at today's cost."""

    right: bool
    outdated: bool = False


class Overloaded(Refusal):
    """More passwords are waiting than can be served soon."""

    def __init__(self) -> None:
        super().__init__(
            ErrorCode.RATE_LIMITED,
            "Слишком много входов одновременно. Повторите через несколько секунд.",
            retryAfterSeconds=2,
        )


class Passwords:
    """Hashes and verifies off the event loop, at most `threads` at once and `queue` waiting."""

    def __init__(self, cost: PasswordCost | None = None, threads: int = 2, queue: int = 64) -> None:
        cost = cost or PasswordCost()
        self._hasher = PasswordHasher(
            time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes, type=Type.ID
        )
        self.decoy = _decoy(cost)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._room = threads + queue
        self._under_way = 0

    async def hash(self, password: str) -> str:
        return await self._run(lambda: self._hasher.hash(_bytes(password)))

    async def verify(self, stored: str, password: str) -> Verdict:
        return await self._run(lambda: self._compare(stored, password))

    async def dummy_verify(self, password: str) -> None:
        """The same work for an account that does not exist, so that time tells nothing (A31)."""
        await self._run(lambda: self._compare(self.decoy, password))

    async def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _compare(self, stored: str, password: str) -> Verdict:
        try:
            self._hasher.verify(stored, _bytes(password))
        except (VerificationError, InvalidHashError):
            return Verdict(right=False)
        return Verdict(right=True, outdated=self._hasher.check_needs_rehash(stored))

    async def _run(self, work: Callable[[], Result]) -> Result:
        if self._under_way >= self._room:
            raise Overloaded
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        self._under_way += 1
        future.add_done_callback(self._leave)
        return await future

    def _leave(self, _: object) -> None:
        self._under_way -= 1


def _decoy(cost: PasswordCost) -> str:
    """What an unknown account is compared with, and one whose password is dead: of the same cost, and no password is
    known to fit it."""
    salt, digest = (b64encode(bytes(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m={cost.memory_kib},t={cost.passes},p={cost.lanes}${salt}${digest}"


def _bytes(password: str) -> bytes:
    """Composed form, since keyboards differ in how they send й; any text at all has bytes."""
    return normalize("NFC", password).encode("utf-8", "surrogatepass")
