"""Closed accounts stay closed when the database comes back from an older copy (P13).

The list of them is kept beside the database: one empty object per account, named by its id alone.
"""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from models.account import Account, AccountState
from models.privacy import Closure
from resolvers.closure import close_due
from resolvers.context import Context

PREFIX = "closed/"
NOTHING = sha256(b"").hexdigest()
AT_ONCE = 500


async def mark_closed(context: Context, *, account_id: str) -> None:
    """A job of the closure."""
    await context.ports.objects.put(f"{PREFIX}{account_id}", b"", "application/octet-stream", NOTHING)


async def close_again(context: Context) -> int:
    """Close every account that was closed before the copy was restored; returns how many."""
    marked = [UUID(found.key.removeprefix(PREFIX)) async for found in context.ports.objects.list(PREFIX)]
    for start in range(0, len(marked), AT_ONCE):
        await _make_due(context, marked[start : start + AT_ONCE])
    return await close_due(context)


async def _make_due(context: Context, marked: Sequence[UUID]) -> None:
    now = context.clock.now()
    alive = select(col(Account.id)).where(
        col(Account.id).in_(marked), col(Account.state) != AccountState.CLOSED
    )
    async with context.database.reading() as session:
        found = (await session.scalars(alive)).all()
        due = [{"account_id": key, "requested_at": now, "due_at": now} for key in found]
        if due:
            planned = insert(Closure).values(due)
            await session.execute(
                planned.on_conflict_do_update(index_elements=["account_id"], set_={"due_at": now})
            )
