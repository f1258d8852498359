"""How a notice is made: in the transaction that it tells of, sent by e-mail by a job where that is wanted (1.1-17)."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateways.mail import Letter
from models.account import Account
from models.journal import Fact, account_stream
from models.notifications import Notification, NotificationKind, Preferences
from resolvers.among import among
from resolvers.context import Context
from resolvers.messages import to_owner
from storage.database import Author, Transaction
from storage.jobs import Job

SEND_NOTICE = "send_notice"
CREATED = "notifications:notification:created"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person is told; `subject` is the public id of what it is about. Words must hold no personal data."""

    kind: NotificationKind
    title: str
    body: str
    subject: str | None = None


async def notify(context: Context, work: Transaction, account_id: UUID, notice: Notice) -> None:
    """Tell a person."""
    await notify_each(context, work, [(account_id, notice)])


async def notify_each(
    context: Context,
    work: Transaction,
    notices: Collection[tuple[UUID, Notice]],
    *,
    by_email: bool = True,
) -> None:
    """Tell many, each their own words, by as many statements as one."""
    wishes = await _wishes(work.session, {account_id for account_id, _ in notices})
    for account_id, notice in notices:
        _tell(context, work, wishes[account_id], notice, by_email=by_email)


async def _wishes(session: AsyncSession, account_ids: Collection[UUID]) -> dict[UUID, Preferences]:
    """How each of these people wants to be told; whoever has not said it wants everything."""
    if not account_ids:
        return {}
    found = await session.scalars(select(Preferences).where(among(col(Preferences.account_id), account_ids)))
    return {key: Preferences(account_id=key) for key in account_ids} | {row.account_id: row for row in found}


def _tell(
    context: Context, work: Transaction, wishes: Preferences, notice: Notice, *, by_email: bool
) -> None:
    safety = notice.kind is NotificationKind.SECURITY
    made = Notification(
        id=context.secrets.uuid(),
        account_id=wishes.account_id,
        kind=notice.kind,
        title=notice.title,
        body=notice.body,
        subject=notice.subject,
        in_cabinet=wishes.notify_in_cabinet or safety,
        created_at=context.clock.now(),
    )
    work.session.add(made)
    if made.in_cabinet:
        work.record(Fact(account_stream(made.account_id), CREATED, made.id, {"kind": made.kind.value}))
    # Whoever has got hold of a session must not be able to act in silence.
    if by_email and (wishes.notify_by_email or safety):
        work.enqueue(Job(SEND_NOTICE, {"notification_id": str(made.id)}))


async def ring(context: Context, work: Transaction, account_id: UUID, title: str, body: str) -> None:
    """Word of safety in the cabinet alone, where the letter is written by whoever knows where it goes."""
    notice = Notice(NotificationKind.SECURITY, title, body)
    await notify_each(context, work, [(account_id, notice)], by_email=False)


async def warn_owner(context: Context, work: Transaction, account: Account, title: str, body: str) -> None:
    """What has been done to an account: in the cabinet, and by the confirmed e-mail or else by SMS."""
    await ring(context, work, account.id, title, body)
    for job in to_owner(context, account, title, body):
        work.enqueue(job)


async def send_notice(context: Context, *, notification_id: str) -> None:
    """The letter, to the confirmed address alone; its id makes a repeated try harmless."""
    async with context.database.reading() as session:
        notice = await session.get(Notification, UUID(notification_id))
        account = await session.get(Account, notice.account_id) if notice else None
    if notice is None or account is None or notice.emailed_at is not None:
        return
    if account.email is None or account.email_confirmed_at is None:
        return
    await context.ports.mail.send(Letter(notice.id, account.email, notice.title, notice.body))
    async with context.database.transaction(Author("mail", "")) as work:
        sent = await work.session.get(Notification, notice.id)
        if sent is not None:
            sent.emailed_at = context.clock.now()
