"""Passwords are hashed at a fixed cost, off the loop, and never more at once than the pool allows."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from models.errors import ErrorCode
from storage.passwords import Overloaded, PasswordCost, Passwords, Verdict

pytestmark = pytest.mark.anyio
CHEAP = PasswordCost(memory_kib=64, passes=1)


@pytest.fixture
async def passwords() -> AsyncIterator[Passwords]:
    made = Passwords(CHEAP)
    yield made
    await made.close()


async def test_1_2_12_right_password_fits_and_any_other_does_not(passwords: Passwords) -> None:
    stored = await passwords.hash("Пароль-2026!")
    assert await passwords.verify(stored, "Пароль-2026!") == Verdict(right=True)
    assert await passwords.verify(stored, "Пароль-2026! ") == Verdict(right=False)
    assert await passwords.verify("not a hash", "Пароль-2026!") == Verdict(right=False)


async def test_any_text_can_be_tried_and_both_forms_of_a_letter_are_one(passwords: Passwords) -> None:
    stored = await passwords.hash("Йод-2026!")
    assert await passwords.verify(stored, "И\u0306од-2026!") == Verdict(right=True)
    assert await passwords.verify(stored, "\ud800") == Verdict(right=False)


async def test_profile_is_argon2id_of_19_mib_and_two_passes() -> None:
    made = Passwords()
    try:
        assert (await made.hash("Abcdef1!")).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    finally:
        await made.close()


async def test_hash_of_a_weaker_cost_is_named_outdated(passwords: Passwords) -> None:
    stored = await passwords.hash("Abcdef1!")
    dearer = Passwords(PasswordCost(memory_kib=128, passes=1))
    try:
        assert await dearer.verify(stored, "Abcdef1!") == Verdict(right=True, outdated=True)
        assert await dearer.verify(stored, "wrong") == Verdict(right=False)
    finally:
        await dearer.close()


async def test_beyond_the_queue_the_call_is_refused_and_the_queue_recovers() -> None:
    made = Passwords(PasswordCost(), threads=1, queue=2)
    try:
        answers = await asyncio.gather(*(made.hash("Abcdef1!") for _ in range(8)), return_exceptions=True)
        refused = [answer for answer in answers if isinstance(answer, Overloaded)]
        assert len(refused) == 5
        assert {refusal.code for refusal in refused} == {ErrorCode.RATE_LIMITED}
        assert sum(isinstance(answer, str) for answer in answers) == 3
        assert await made.hash("Abcdef1!")
    finally:
        await made.close()


async def test_a_caller_that_gives_up_waiting_frees_its_place() -> None:
    made = Passwords(PasswordCost(), threads=1, queue=1)
    try:
        first, second = (asyncio.create_task(made.hash("Abcdef1!")) for _ in range(2))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        assert all(await asyncio.gather(*(made.hash("Abcdef1!") for _ in range(2))))
    finally:
        await made.close()


async def test_work_runs_outside_the_loop_in_at_most_the_given_threads() -> None:
    made = Passwords(CHEAP, threads=2)
    try:
        await asyncio.gather(*(made.hash("Abcdef1!") for _ in range(20)))
        names = [thread.name for thread in threading.enumerate() if thread.name.startswith("argon2")]
        assert 1 <= len(names) <= 2
    finally:
        await made.close()


async def test_a31_unknown_account_costs_the_same_work() -> None:
    made = Passwords()
    try:
        stored = await made.hash("Abcdef1!")
        known = await _spent(lambda: made.verify(stored, "wrong"))
        unknown = await _spent(lambda: made.dummy_verify("wrong"))
        assert 0.5 < unknown / known < 2
    finally:
        await made.close()


async def _spent(work: Callable[[], Awaitable[object]]) -> float:
    """The least of several runs: noise only ever adds."""
    loop = asyncio.get_running_loop()
    times: list[float] = []
    for _ in range(7):
        began = loop.time()
        await work()
        times.append(loop.time() - began)
    return min(times)
