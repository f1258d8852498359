"""A subscription runs no longer than its caller may ask for it: then it ends as a new one would be refused (A56)."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from functools import partial
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from models.account import Account
from models.errors import Unavailable
from resolvers.context import Context, Person
from resolvers.rights import rights_topic
from resolvers.sessions import person_of
from storage.database import Database
from storage.wakeups import Subscription

RETRY_SECONDS = 1.0
Shown = TypeVar("Shown")


async def while_allowed(
    context: Context, events: AsyncGenerator[Shown, None], demand: Callable[[], None]
) -> AsyncGenerator[Shown, None]:
    """The events until `demand` refuses.

    Rights are read once before it begins, since they may have changed meanwhile, and then whenever the person's own
    change: events follow them within a moment, and cost no look at them.
    """
    topic = rights_topic(context.person.account.id)
    async with context.ports.bus.subscribe(topic) as changed, aclosing(events):
        pause = await _look(context, demand)
        lost = asyncio.ensure_future(_until_refused(context, demand, changed, pause))
        following = asyncio.ensure_future(anext(events, None))
        try:
            while True:
                await asyncio.wait({lost, following}, return_when=asyncio.FIRST_COMPLETED)
                if lost.done():
                    lost.result()
                event = following.result()
                if event is None:
                    return
                yield event
                following = asyncio.ensure_future(anext(events, None))
        finally:
            for task in (lost, following):
                task.cancel()
            await asyncio.gather(lost, following, return_exceptions=True)


async def _until_refused(
    context: Context, demand: Callable[[], None], changed: Subscription, pause: float | None
) -> None:
    while True:
        await changed.wait(pause)
        pause = await _look(context, demand)


async def _look(context: Context, demand: Callable[[], None]) -> float | None:
    """Only a refusal ends it: while nobody can tell, nothing is lost. Returns how soon to look again."""
    try:
        context.caller = await _person_now(context, context.person)
        demand()
    except Unavailable:
        return RETRY_SECONDS
    return None


async def _person_now(context: Context, known: Person) -> Person:
    """The streams of all people that ask at once are answered by one statement."""
    gathering = context.ports.gatherings.of(_person_now, partial(_accounts, context.ports.database))
    account: Account
    (account,) = await gathering.ask([known.account.id])
    return person_of(account, known.session, known.screen)


async def _accounts(database: Database, ids: list[UUID]) -> Mapping[UUID, Account]:
    async with database.reading() as session:
        found = await session.scalars(select(Account).where(col(Account.id).in_(ids)))
        return {account.id: account for account in found}
