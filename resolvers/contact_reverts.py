"""The old address has a week to take a change of contact back (A47)."""

from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.account import Account
from models.contact_changes import REVERT_LIFE, ContactChange, ContactKind
from models.errors import ErrorCode, UserError, mistake
from models.journal import Event, Fact, account_stream
from models.secrets import fingerprint
from resolvers.contact_holders import Contact, cancel_changes, claiming, hold, is_taken, seal_value, taken
from resolvers.context import Context
from resolvers.messages import notice
from resolvers.sessions import close_sessions
from storage.database import Transaction

CHANGED = "account:contact:changed"
NAMES = {ContactKind.EMAIL: "адрес электронной почты", ContactKind.PHONE: "телефон"}


def offer_revert(
    context: Context, work: Transaction, account: Account, change: ContactChange, previous: str | None
) -> None:
    """Word to the contact that still is the account's, with a link when there is something to go back to."""
    text = f"В личном кабинете НМО изменён {NAMES[change.kind]}."
    button = None
    if previous is not None:
        token = context.secrets.token()
        change.previous_sealed = seal_value(context, previous, "previous_sealed", change.id)
        change.revert_hash = fingerprint(token)
        change.revert_until = context.clock.now() + REVERT_LIFE
        text += "\n\nЕсли это сделали не вы, верните прежний контакт: ссылка действует 7 дней."
        # after the # an address is not sent to servers, so the token stays out of their logs
        button = ("Вернуть прежний контакт", f"{context.ports.origin}/revert-contact#{token}")
    for job in notice(context, account, f"Изменён {NAMES[change.kind]}", text, button):
        work.enqueue(job)


async def revert_change(context: Context, token: str) -> ContactKind:
    """Put the previous contact back; every session ends, and younger changes lose their own way back."""
    now = context.clock.now()
    async with claiming("token"), context.database.transaction(context.author) as work:
        found = select(ContactChange).where(col(ContactChange.revert_hash) == fingerprint(token))
        change = await work.session.scalar(found)
        if change is None or change.previous_sealed is None or change.revert_until is None:
            raise mistake(ErrorCode.LINK_EXPIRED, "Ссылка не действует.", "token")
        account = await work.session.get_one(Account, change.account_id, with_for_update=True)
        await work.session.refresh(change)
        if change.reverted_at is not None:
            raise mistake(ErrorCode.LINK_USED, "Прежний контакт уже возвращён.", "token")
        if change.revert_until <= now:
            raise mistake(ErrorCode.LINK_EXPIRED, "Ссылка не действует.", "token")
        await _go_back(context, work, account, change)
    return change.kind


def _younger(change: ContactChange) -> Select[UUID | None]:
    """Changes made after this one, in the order of the journal: clocks may have been put back between them."""
    made = aliased(Event)
    mine = col(Event.stream) == account_stream(change.account_id), col(Event.action) == CHANGED
    own = select(col(made.seq)).where(
        col(made.stream) == account_stream(change.account_id),
        col(made.action) == CHANGED,
        col(made.subject) == change.id,
    )
    return select(col(Event.subject)).where(*mine, col(Event.seq) > own.scalar_subquery())


async def _go_back(context: Context, work: Transaction, account: Account, change: ContactChange) -> None:
    now, vault = context.clock.now(), context.ports.vault
    opened = vault.open(change.previous_sealed or b"", "contact_change", "previous_sealed", change.id)
    previous = Contact(change.kind, opened)
    if await is_taken(context, work, previous, account.id):
        raise UserError(taken("token"))
    hold(context, account, previous)
    change.reverted_at = now
    await work.session.execute(
        update(ContactChange)
        .where(
            col(ContactChange.account_id) == account.id,
            col(ContactChange.kind) == change.kind,
            col(ContactChange.id).in_(_younger(change)),
        )
        .values(revert_hash=None, previous_sealed=None)
    )
    await cancel_changes(context, work, account.id)
    closed = await close_sessions(context, work, account.id, "contact reverted")
    data = {"kind": change.kind.value, "closed": closed}
    work.record(Fact(account_stream(account.id), "account:contact:reverted", change.id, data))
    text = "Прежний контакт возвращён, все сеансы завершены. Восстановите пароль: его могли узнать."
    for job in notice(context, account, "Прежний контакт возвращён", text):
        work.enqueue(job)
