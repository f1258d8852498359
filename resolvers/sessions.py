"""Sessions: opened by a login, found by their token, ended at once everywhere (1.2-19)."""

from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.account import Account, Channel, Session
from models.dashboards import DashboardToken, opened_by
from models.organizers import Scope, ServiceToken
from models.secrets import fingerprint
from models.signin import SESSION_IDLE, SESSION_LIFE, Challenge
from resolvers.account import level, permissions, steps
from resolvers.context import Caller, Context, Person, Ports, Provider
from storage.database import Transaction

Key = TypeVar("Key", Session, DashboardToken)
TOUCH_EVERY = timedelta(minutes=1)


def ended_topic(session_id: UUID) -> str:
    """What is signalled when a session ends, so that its open sockets close within a second."""
    return f"session-ended:{session_id}"


def open_session(
    context: Context, work: Transaction, account_id: UUID, via: Channel, *, authenticated: bool = False
) -> str:
    """A new session; returns its token, which is kept nowhere. A person who has just proved who they are
    need not do it again for a few minutes."""
    token, now = context.secrets.token(), context.clock.now()
    work.session.add(
        Session(
            id=context.secrets.uuid(),
            account_id=account_id,
            token_hash=fingerprint(token),
            via=via,
            created_at=now,
            last_seen_at=now,
            expires_at=now + SESSION_LIFE,
            user_agent=context.peer.user_agent[:200] or None,
            ip_masked=context.peer.ip or None,
            reauthenticated_at=now if authenticated else None,
        )
    )
    return token


def alive(session: Session, now: datetime) -> bool:
    """Not ended, not idle for too long, not too old."""
    return (
        session.revoked_at is None and now < session.expires_at and now < session.last_seen_at + SESSION_IDLE
    )


async def caller_of(ports: Ports, token: str | None) -> Caller:
    """Who a bearer token or a session cookie speaks for; None for a token that opens nothing."""
    if token is None:
        return None
    digest, now = fingerprint(token), ports.clock.now()
    async with ports.database.reading() as reading:
        found = await _with_account(reading, Session, col(Session.token_hash) == digest)
        if found is None:
            service = await reading.scalar(
                select(ServiceToken).where(
                    col(ServiceToken.token_hash) == digest, col(ServiceToken.revoked_at).is_(None)
                )
            )
            if service is not None:
                return _provider(service)
            return await _screen(reading, col(DashboardToken.token_hash) == digest, now)
        session, account = found
        if not alive(session, now):
            return None
        await _touch(reading, session, now)
    return person_of(account, session)


def person_of(account: Account, session: Session, screen: frozenset[str] | None = None) -> Person:
    """A person as far as the account lets them."""
    return Person(account, session, level(account), steps(account), permissions(account), screen)


async def _with_account(
    reading: AsyncSession, table: type[Key], which: ColumnElement[bool]
) -> tuple[Key, Account] | None:
    query = select(table, Account).join(Account, col(Account.id) == col(table.account_id)).where(which)
    rows: Any = await reading.execute(query)
    found: tuple[Key, Account] | None = rows.one_or_none()
    return found


async def _touch(reading: AsyncSession, session: Session, now: datetime) -> None:
    if abs(now - session.last_seen_at) > TOUCH_EVERY:  # seen in the future: the clock was put back
        await reading.execute(update(Session).where(col(Session.id) == session.id).values(last_seen_at=now))


async def _screen(reading: AsyncSession, which: ColumnElement[bool], now: datetime) -> Person | None:
    """The owner of a wall screen, as far as the screen may look; the token stands in for a session."""
    found = await _with_account(reading, DashboardToken, which)
    if found is None or not _lit(found[0], now):
        return None
    token, account = found
    session = Session(
        id=token.id,
        account_id=account.id,
        token_hash=token.token_hash,
        created_at=token.created_at,
        last_seen_at=now,
        expires_at=token.expires_at,
    )
    return person_of(account, session, opened_by(token.fields))


def _lit(token: DashboardToken, now: datetime) -> bool:
    return token.revoked_at is None and now < token.expires_at


def _provider(service: ServiceToken) -> Provider:
    return Provider(service.organizer_id, service.id, frozenset(Scope(scope) for scope in service.scopes))


async def person_now(ports: Ports, session_id: UUID) -> Person | None:
    """Who an open session speaks for, with the rights of this moment; whoever asks keeps it from idling out.

    None when it has ended or reached its absolute age.
    """
    now = ports.clock.now()
    async with ports.database.reading() as reading:
        found = await _with_account(reading, Session, col(Session.id) == session_id)
        if found is None:
            return await _screen(reading, col(DashboardToken.id) == session_id, now)
        session, account = found
        if session.revoked_at is not None or now >= session.expires_at:
            return None
        await _touch(reading, session, now)
    return person_of(account, session)


async def close_sessions(
    context: Context,
    work: Transaction,
    account_id: UUID,
    because: str,
    *,
    only: UUID | None = None,
    but: UUID | None = None,
) -> int:
    """End the sessions of an account, one of them or all but one, and logins half done; returns how many ended."""
    now = context.clock.now()
    query = (
        update(Session)
        .where(col(Session.account_id) == account_id, col(Session.revoked_at).is_(None))
        .values(revoked_at=now, revoked_because=because)
        .returning(col(Session.id))
    )
    if only is not None:
        query = query.where(col(Session.id) == only)
    else:
        await _drop_challenges(work, account_id, now)
        await _put_out(work, account_id, now)
    if but is not None:
        query = query.where(col(Session.id) != but)
    ended = (await work.session.scalars(query)).all()
    for session_id in ended:
        work.signal(ended_topic(session_id))
    return len(ended)


async def _put_out(work: Transaction, account_id: UUID, now: datetime) -> None:
    """Screens end with the sessions: whoever has lost control of the account may have made one."""
    query = (
        update(DashboardToken)
        .where(col(DashboardToken.account_id) == account_id, col(DashboardToken.revoked_at).is_(None))
        .values(revoked_at=now)
    )
    for key in (await work.session.scalars(query.returning(col(DashboardToken.id)))).all():
        work.signal(ended_topic(key))


async def _drop_challenges(work: Transaction, account_id: UUID, now: datetime) -> None:
    """Spent, not expired: a clock that is put back must not bring them to life."""
    mine = col(Challenge.account_id) == account_id, col(Challenge.used_at).is_(None)
    await work.session.execute(update(Challenge).where(*mine).values(used_at=now))
