"""The sessions of a person: seen, ended one by one or all together (1.2-19, A52, A53)."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from models.account import Session
from models.errors import ErrorCode, mistake
from models.journal import Fact, account_stream
from resolvers.context import Context
from resolvers.sessions import alive, close_sessions


async def open_sessions(context: Context) -> list[Session]:
    """The viewer's live sessions, the last used first."""
    query = (
        select(Session)
        .where(col(Session.account_id) == context.person.account.id, col(Session.revoked_at).is_(None))
        .order_by(col(Session.last_seen_at).desc(), col(Session.id).desc())
    )
    async with context.database.reading() as session:
        found = (await session.scalars(query)).all()
    return [each for each in found if alive(each, context.clock.now())]


async def logout(context: Context, *, all_sessions: bool) -> int:
    """End this session, or every session of the account."""
    closed = await _close(context, None if all_sessions else context.person.session.id)
    context.cookies.append(("", 0))
    return closed


async def close_session(context: Context, session_id: UUID) -> int:
    """End one session; a foreign one is as unknown as one that does not exist."""
    closed = await _close(context, session_id)
    if not closed:
        raise mistake(ErrorCode.NOT_FOUND, "Такого сеанса нет или он уже завершён.", "id")
    if session_id == context.person.session.id:
        context.cookies.append(("", 0))
    return closed


async def _close(context: Context, only: UUID | None) -> int:
    account_id = context.person.account.id
    async with context.database.transaction(context.author) as work:
        closed = await close_sessions(context, work, account_id, "logout", only=only)
        if closed:
            work.record(Fact(account_stream(account_id), "signin:session:closed", only, {"closed": closed}))
    return closed
