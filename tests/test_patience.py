"""Whoever waits for a part that hangs waits with an end (storage/patience.py)."""

import asyncio
from functools import partial
from typing import Any, cast
from uuid import uuid4

import pytest
from sqlalchemy import text

from models.errors import Unavailable
from resolvers import context as working
from resolvers.context import Context, Loaders
from resolvers.sessions import caller_of
from storage import database
from storage.patience import CANCEL_SECONDS, given_up, unavailable_after
from tests.api import Api
from web import doorkeeper
from web.app import Site
from web.door import Doorstep

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

    monkeypatch.setattr(working, "unavailable_after", partial(unavailable_after, 0.05))
    with pytest.raises(Unavailable):
        await Loaders().load(context, "kind", hangs, 1)
    assert ended.is_set()


async def test_a_read_of_a_live_stream_has_an_end(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "unavailable_after", partial(unavailable_after, 0.1))
    with pytest.raises(Unavailable):
        async with site.ports.database.in_turn().reading() as session:
            await session.execute(text("SELECT pg_sleep(20)"))


async def test_the_watch_over_a_session_asks_again_when_its_read_hangs(
    site: Site, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A watch that hangs would keep a socket open whose session has ended."""
    asked: list[object] = []

    async def hangs_once(*_: object) -> None:
        asked.append(None)
        await asyncio.sleep(60 if len(asked) == 1 else 0)

    visit = Context(site.ports, await caller_of(site.ports, (await api.as_demo("demo-1")).token))
    monkeypatch.setattr(doorkeeper, "person_now", hangs_once)
    monkeypatch.setattr(doorkeeper, "unavailable_after", partial(unavailable_after, 0.1))
    await asyncio.wait_for(
        doorkeeper.Doorkeeper(lambda: site.ports, Doorstep(origins=frozenset())).revoked(visit), 5
    )
    assert len(asked) == 2


async def test_whoever_is_answered_without_graphql_is_told_to_come_again_at_the_deadline(
    site: Site, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they read is locked; the database itself is well, so nothing but the deadline ends the wait."""
    player = await api.as_demo("provider-6")
    bearer = {"authorization": f"Bearer {player.token}", "content-type": "application/json"}
    bearer |= {"x-experience-api-version": "1.0.3"}
    monkeypatch.setattr(site.ports.database, "ready", partial(asyncio.sleep, 60))
    async with asyncio.timeout(site.limits.deadline_seconds + 3), site.ports.database.engine.begin() as other:
        await other.execute(text("LOCK TABLE session, certificate IN ACCESS EXCLUSIVE MODE"))
        told = await asyncio.gather(
            api.http.post("/xapi/statements", json={}, headers=bearer),
            api.http.put("/xapi/statements", json={}, headers=bearer),
            api.http.get(f"/materials/{uuid4()}/{uuid4()}", headers=bearer),
            api.http.get("/verify/НМО-2026-0123456789AB"),
            api.http.get("/readyz"),
        )
    assert [(answer.status_code, answer.headers["retry-after"]) for answer in told] == [(503, "3")] * len(
        told
    )
    assert {answer.json()["errors"][0]["code"] for answer in told[:2]} == {"UNAVAILABLE"}
    assert told[4].text == "database"
