"""Limits of tries: exact, shared, and not to be got round by being parallel."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.clock import SettableClock
from models.errors import UserError
from models.limits import Rule, Tries
from resolvers.context import Context
from resolvers.limits import allow, forget_old, give_back, spend, too_often
from web.app import Site

pytestmark = pytest.mark.anyio
RULE = Rule("of-this-test", 3, timedelta(minutes=15))


@pytest.fixture
def context(site: Site) -> Context:
    return Context(site.ports)


async def test_tries_are_counted_by_key_and_say_when_to_come_back(
    context: Context, clock: SettableClock
) -> None:
    for _ in range(3):
        assert await spend(context, RULE, "one") is None
        clock.advance(timedelta(minutes=1))
    assert await spend(context, RULE, "one") == timedelta(minutes=12)
    assert await spend(context, RULE, "another") is None
    with pytest.raises(UserError) as refused:
        await allow(context, RULE, "one")
    assert refused.value.problems[0].extra == {"retry_after_seconds": 720}


async def test_a_wait_is_told_in_words_that_fit_it() -> None:
    waits = {20: "20 с", 90: "90 с", 91: "2 мин", 720: "12 мин", 3600: "60 мин", 86_000: "24 ч"}
    for seconds, told in waits.items():
        (problem,) = too_often(timedelta(seconds=seconds)).problems
        assert problem.message == f"Слишком много попыток. Повторите через {told}."


async def test_the_window_slides(context: Context, clock: SettableClock) -> None:
    for _ in range(3):
        await spend(context, RULE, "one")
        clock.advance(timedelta(minutes=5))
    assert await spend(context, RULE, "one") is None
    assert await spend(context, RULE, "one") == timedelta(minutes=5)


async def test_a_refused_try_does_not_prolong_the_wait(context: Context, clock: SettableClock) -> None:
    for _ in range(100):
        await spend(context, RULE, "one")
    clock.advance(timedelta(minutes=15))
    assert await spend(context, RULE, "one") is None


async def test_parallel_tries_are_let_in_one_by_one(context: Context) -> None:
    waits = await asyncio.gather(*(spend(context, RULE, "one") for _ in range(60)))
    assert sum(wait is None for wait in waits) == RULE.most


async def test_a_right_try_is_given_back(context: Context) -> None:
    for _ in range(10):
        assert await spend(context, RULE, "one") is None
        await give_back(context, RULE, "one")


async def test_old_tries_are_forgotten_and_no_key_is_readable(context: Context, clock: SettableClock) -> None:
    await spend(context, RULE, "79161234501")
    async with context.database.reading() as session:
        (row,) = (await session.scalars(select(Tries))).all()
    assert b"79161234501" not in row.key
    await forget_old(context)
    clock.advance(RULE.window + timedelta(seconds=1))
    await forget_old(context)
    async with context.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Tries)) == 0
