"""Whoever waits for a part that hangs waits with an end (storage/patience.py)."""

import asyncio
from functools import partial
from typing import Any, cast

import pytest

from models.errors import Unavailable
from resolvers import context as working
from resolvers.context import Context, Loaders
from storage.patience import CANCEL_SECONDS, given_up, shared_read

pytestmark = pytest.mark.anyio


async def deaf(seconds: float) -> None:
    """Answers a cancellation as the driver does that asks a hung server to confirm it."""
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        await asyncio.sleep(seconds)
        raise


async def test_work_that_is_deaf_to_its_cancellation_is_cancelled_again() -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    with pytest.raises(TimeoutError):
        async with given_up(0.1):
            await deaf(10)
    assert 0.1 + CANCEL_SECONDS <= loop.time() - began < 5
    await asyncio.sleep(0)  # the task is not left half cancelled


async def test_the_batch_of_a_loader_is_ended_though_nobody_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended, context = asyncio.Event(), cast(Context, None)

    async def hangs(_: Any, keys: list[Any]) -> list[Any]:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()
        return keys

    monkeypatch.setattr(working, "shared_read", partial(shared_read, 0.05))
    with pytest.raises(Unavailable):
        await Loaders().load(context, "kind", hangs, 1)
    assert ended.is_set()
