"""Notices as their owner reads them, live too, and the settings of their ways (1.1-17)."""

from collections.abc import AsyncIterator
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlmodel import col

from models.errors import ErrorCode, mistake
from models.journal import Fact, account_stream
from models.notifications import Notification, Preferences
from resolvers.context import Context
from resolvers.live import Step, follow
from resolvers.paging import By, Page, page

SHOWN_AT_FIRST = 20


def mine(context: Context) -> ColumnElement[bool]:
    """The notices that the viewer sees in the cabinet."""
    return and_(
        col(Notification.account_id) == context.person.account.id, col(Notification.in_cabinet).is_(True)
    )


async def list_notifications(
    context: Context, first: int, after: str | None, unread_only: bool
) -> Page[Notification]:
    """The viewer's notices, the newest first."""
    query = select(Notification).where(mine(context))
    if unread_only:
        query = query.where(col(Notification.read_at).is_(None))
    return await page(context, query, [By("ID", col(Notification.id), descending=True)], first, after)


async def newest(context: Context) -> list[Notification]:
    """What a live stream begins with."""
    query = select(Notification).where(mine(context)).order_by(col(Notification.id).desc())
    async with context.database.reading() as session:
        return list((await session.scalars(query.limit(SHOWN_AT_FIRST))).all())


async def unread(context: Context) -> int:
    """How many notices the viewer has not read."""
    query = select(func.count()).where(mine(context), col(Notification.read_at).is_(None))
    async with context.database.reading() as session:
        return (await session.execute(query)).scalar_one()


async def notification_now(context: Context, key: UUID | None) -> Notification | None:
    """A notice of the viewer as it stands."""
    async with context.database.reading() as session:
        return await session.scalar(select(Notification).where(col(Notification.id) == key, mine(context)))


def follow_notifications(context: Context, after: int | None) -> AsyncIterator[Step]:
    """The live stream of the viewer's notices."""
    return follow(context, account_stream(context.person.account.id), after, ("notifications:",))


async def mark_read(context: Context, *, key: UUID) -> Notification:
    """Reading twice is reading once."""
    async with context.database.transaction(context.author) as work:
        query = select(Notification).where(col(Notification.id) == key, mine(context)).with_for_update()
        notice = await work.session.scalar(query)
        if notice is None:
            raise mistake(ErrorCode.NOT_FOUND, "Уведомление не найдено.", "id")
        if notice.read_at is None:
            notice.read_at = context.clock.now()
            work.record(Fact(account_stream(notice.account_id), "notifications:notification:read", key))
    return notice


async def mark_all_read(context: Context) -> int:
    """Everything read at once; returns how many were unread."""
    query = (
        update(Notification)
        .where(mine(context), col(Notification.read_at).is_(None))
        .values(read_at=context.clock.now())
        .returning(col(Notification.id))
    )
    async with context.database.transaction(context.author) as work:
        read = (await work.session.scalars(query)).all()
        if read:
            stream = account_stream(context.person.account.id)
            work.record(Fact(stream, "notifications:all:read", data={"count": len(read)}))
    return len(read)


async def preferences(context: Context) -> Preferences:
    """The viewer's choice; everything is on until something is chosen."""
    key = context.person.account.id
    async with context.database.reading() as session:
        return await session.get(Preferences, key) or Preferences(account_id=key)


async def update_preferences(
    context: Context, *, by_email: bool | None, in_cabinet: bool | None
) -> Preferences:
    """Change what is given and leave the rest."""
    key = context.person.account.id
    async with context.database.transaction(context.author) as work:
        chosen = await work.session.get(Preferences, key)
        if chosen is None:
            chosen = Preferences(account_id=key)
            work.session.add(chosen)
        if by_email is not None:
            chosen.notify_by_email = by_email
        if in_cabinet is not None:
            chosen.notify_in_cabinet = in_cabinet
        work.record(
            Fact(
                account_stream(key),
                "notifications:settings:changed",
                data={"email": chosen.notify_by_email, "cabinet": chosen.notify_in_cabinet},
            )
        )
    return chosen
