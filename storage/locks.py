"""Turns that transactions take by a name where there is no row to lock."""

from enum import IntEnum

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession


class Turn(IntEnum):
    """What is done by one at a time; each has its names to itself."""

    TOTALS = 3418
    CONTACTS = 3419


async def take_turns(session: AsyncSession, turn: Turn, names: Select[tuple[str]]) -> None:
    """Wait for the turns of all names until the transaction ends.

    They are taken in one order, so that two who want the same ones do not wait for each other.
    """
    key = func.hashtext(names.subquery().c[0]).label("key")
    keys = select(key).distinct().order_by(key).subquery()
    await session.execute(select(func.pg_advisory_xact_lock(turn.value, keys.c.key)))
