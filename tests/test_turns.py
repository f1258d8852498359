"""Events of open pages take turns, and nobody's many streams hold up the others."""

import asyncio

import pytest

from web.turns import Turns

pytestmark = pytest.mark.anyio


async def order(at_once: int, people: str) -> str:
    """Who is served when, if all ask at once in this order."""
    turns, served = Turns(at_once), list[str]()

    async def event(person: str) -> None:
        async with turns.taken(person):
            await asyncio.sleep(0.005)
            served.append(person)

    await asyncio.gather(*map(event, people))
    return "".join(served)


async def test_one_with_many_events_lets_the_others_in_between() -> None:
    assert await order(1, "aaaaaab") == "abaaaaa"
    assert await order(2, "aaaabbbbc") == "abcababab"


async def test_everybody_is_served_in_the_order_of_asking() -> None:
    assert await order(1, "abcdef") == "abcdef"


async def test_only_so_many_are_served_at_once() -> None:
    turns, inside, most = Turns(2), 0, 0

    async def event(person: str) -> None:
        nonlocal inside, most
        async with turns.taken(person):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*map(event, "abcdefgh"))
    assert most == 2
