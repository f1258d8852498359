"""Limits: exact sliding windows in PostgreSQL, shared by all workers, alive after a restart (A04, A17-A21).

A try is counted, and the count committed, before anything is evaluated; whoever was right gets the try back.
`allow`, `spend` and `give_back` commit by themselves: call them before a transaction is opened.
"""

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.errors import ErrorCode, UserError, mistake
from models.limits import Rule, Tries
from resolvers.context import Context

# The row lock of the upsert puts parallel tries in a queue: each sees those before it. Tries of the future, made before
# the clock was put back, are as if made now: they still count, and nobody waits for longer than the window.
_SPEND = text("""
    INSERT INTO tries AS t (rule, key, hits, refused, void_at)
    VALUES (:rule, :key, ARRAY[CAST(:now AS timestamptz)], false, :void_at)
    ON CONFLICT (rule, key) DO UPDATE SET (hits, refused, void_at) = (
        SELECT CASE WHEN count(*) < :most THEN array_append(array_agg(hit ORDER BY hit), :now)
                    ELSE array_agg(hit ORDER BY hit) END,
               count(*) >= :most,
               CASE WHEN count(*) < :most THEN :void_at ELSE t.void_at END
        FROM (SELECT least(made, :now) AS hit FROM unnest(t.hits) AS made) AS tries WHERE hit > :since
    )
    RETURNING refused, hits[1]
""")
_GIVE_BACK = text("""
    UPDATE tries SET hits = trim_array(hits, 1)
    WHERE rule = :rule AND key = :key AND cardinality(hits) > 0
""")


async def spend(context: Context, rule: Rule, value: str) -> timedelta | None:
    """Count a try of `value` (an id, a contact, an address); how long to wait when there are no tries left."""
    async with context.database.reading() as session:
        return await spend_within(context, session, rule, value)


async def spend_within(context: Context, session: AsyncSession, rule: Rule, value: str) -> timedelta | None:
    """The same inside a transaction, whose fate it shares: an answer that undoes that one counts nothing."""
    now = context.clock.now()
    known = {"rule": rule.name, "key": _key(context, rule, value), "most": rule.most, "now": now}
    moments = {"since": now - rule.window, "void_at": now + rule.window}
    refused, oldest = (await session.execute(_SPEND, known | moments)).one()
    return _wait(oldest, rule, now) if refused else None


async def give_back(context: Context, rule: Rule, value: str) -> None:
    """The try was right: it does not count."""
    async with context.database.reading() as session:
        await give_back_within(context, session, rule, value)


async def give_back_within(context: Context, session: AsyncSession, rule: Rule, value: str) -> None:
    await session.execute(_GIVE_BACK, {"rule": rule.name, "key": _key(context, rule, value)})


async def forget_tries(context: Context, session: AsyncSession, rule: Rule, value: str) -> None:
    """What was guessed is good no more: its tries do not count against the next."""
    mine = (col(Tries.rule) == rule.name) & (col(Tries.key) == _key(context, rule, value))
    await session.execute(delete(Tries).where(mine))


async def allow(context: Context, rule: Rule, value: str) -> None:
    """Count a try or refuse it, saying when to come back."""
    if wait := await spend(context, rule, value):
        raise too_often(wait)


async def forget_old(context: Context) -> None:
    """Drop the tries that no window reaches any more."""
    async with context.database.reading() as session:
        await session.execute(delete(Tries).where(col(Tries.void_at) < context.clock.now()))


def too_often(wait: timedelta, *path: str) -> UserError:
    seconds = ceil(wait.total_seconds())
    return mistake(
        ErrorCode.RATE_LIMITED,
        f"Слишком много попыток. Повторите через {_in_words(seconds)}.",
        *path,
        retry_after_seconds=seconds,
    )


def _in_words(seconds: int) -> str:
    """Rounded up, so that who waits for it has waited long enough."""
    if seconds <= 90:
        return f"{seconds} с"
    return f"{ceil(seconds / 60)} мин" if seconds <= 90 * 60 else f"{ceil(seconds / 3600)} ч"


def _wait(oldest: datetime, rule: Rule, now: datetime) -> timedelta:
    return oldest + rule.window - now


def _key(context: Context, rule: Rule, value: str) -> bytes:
    return context.ports.vault.index(f"limit:{rule.name}", value)
