"""The old address has a week to take a change of contact back (A47)."""

from sqlalchemy import Select, select
from sqlmodel import col

from models.account import Account, AccountState
from models.contact_changes import REVERT_LIFE, ContactChange, ContactKind
from models.errors import ErrorCode, UserError, mistake
from models.flows import Flow, FlowKind
from models.journal import Event, Fact, account_stream
from models.secrets import fingerprint
from resolvers.contact_holders import (
    Contact,
    cancel_changes,
    claiming,
    hold,
    is_taken,
    let_go,
    seal_value,
    taken,
)
from resolvers.context import Context
from resolvers.flows import cancel_flows
from resolvers.messages import letter_to, text_to, to_owner
from resolvers.notices import ring, warn_owner
from resolvers.sessions import close_sessions
from resolvers.totp import drop_recent
from storage.database import Transaction

CHANGED = "account:contact:changed"
NAMES = {ContactKind.EMAIL: "адрес электронной почты", ContactKind.PHONE: "телефон"}


async def offer_revert(
    context: Context, work: Transaction, account: Account, change: ContactChange, previous: str | None
) -> None:
    """Word to the owner, before the change; with a way back where there is something to go back to."""
    text, subject = f"В личном кабинете НМО изменён {NAMES[change.kind]}.", f"Изменён {NAMES[change.kind]}"
    await ring(context, work, account.id, subject, text)
    jobs = to_owner(context, account, subject, text)
    if previous is not None:
        link = _way_back(context, change, previous)
        text += "\n\nЕсли это сделали не вы, верните прежний контакт: ссылка действует 7 дней."
        # To the changed contact itself, since a thief may have changed the other one already, and to the e-mail.
        jobs = [text_to(context, previous, f"{text}\n{link}")] if change.kind is ContactKind.PHONE else []
        if account.email and account.email_confirmed_at:
            jobs.append(letter_to(context, account.email, subject, text, ("Вернуть прежний контакт", link)))
    for job in jobs:
        work.enqueue(job)


def _way_back(context: Context, change: ContactChange, previous: str) -> str:
    """A link that puts the previous contact back."""
    token = context.secrets.token()
    change.previous_sealed = seal_value(context, previous, "previous_sealed", change.id)
    change.revert_hash = fingerprint(token)
    change.revert_until = context.clock.now() + REVERT_LIFE
    # after the # an address is not sent to servers, so the token stays out of their logs
    return f"{context.ports.origin}/revert-contact#{token}"


async def revert_change(context: Context, token: str) -> ContactKind:
    """Put the previous contact back and undo younger changes of either kind; sessions and the password end."""
    now = context.clock.now()
    async with claiming(taken("token")), context.database.transaction(context.author) as work:
        found = select(ContactChange).where(col(ContactChange.revert_hash) == fingerprint(token))
        change = await work.session.scalar(found)
        if change is None or change.previous_sealed is None or change.revert_until is None:
            raise mistake(ErrorCode.LINK_EXPIRED, "Ссылка не действует.", "token")
        account = await work.session.get_one(Account, change.account_id, with_for_update=True)
        if account.state is AccountState.CLOSED:  # while this waited; its changes are gone
            raise mistake(ErrorCode.LINK_EXPIRED, "Ссылка не действует.", "token")
        await work.session.refresh(change)
        if change.reverted_at is not None:
            raise mistake(ErrorCode.LINK_USED, "Прежний контакт уже возвращён.", "token")
        if change.revert_until <= now:
            raise mistake(ErrorCode.LINK_EXPIRED, "Ссылка не действует.", "token")
        await _go_back(context, work, account, change)
    return change.kind


async def _event(work: Transaction, change: ContactChange) -> Event:
    mine = col(Event.stream) == account_stream(change.account_id), col(Event.action) == CHANGED
    return (await work.session.scalars(select(Event).where(*mine, col(Event.subject) == change.id))).one()


def _since(event: Event) -> Select[ContactChange]:
    """This change and those after it that stand, in the order of the journal: clocks may have been put back between."""
    return (
        select(ContactChange)
        .join(Event, col(Event.subject) == col(ContactChange.id))
        .where(col(Event.stream) == event.stream, col(Event.action) == CHANGED, col(Event.seq) >= event.seq)
        .where(col(ContactChange.reverted_at).is_(None))
        .order_by(col(Event.seq))
    )


async def _go_back(context: Context, work: Transaction, account: Account, change: ContactChange) -> None:
    """Each contact is again what it was before the first of these changes: a thief may have changed both.

    Nothing else of theirs stays either: they have known the password, and may have set up an application.
    """
    event = await _event(work, change)
    undone = (await work.session.scalars(_since(event))).all()
    for oldest in {each.kind: each for each in reversed(undone)}.values():
        if not await _put_back(context, work, account, oldest) and oldest is change:
            raise UserError(taken("token"))
    for each in undone:
        each.reverted_at = context.clock.now()
        if each is not change:
            each.revert_hash = each.previous_sealed = None
    await cancel_changes(context, work, account.id)
    theirs = col(Flow.account_id) == account.id
    await cancel_flows(context, work, FlowKind.RECOVERY, theirs, "Прежний контакт возвращён")
    await drop_recent(work, account, event)
    if account.password_hash is not None:  # none fits from now on, until the owner recovers it
        account.password_hash = context.ports.passwords.decoy
    closed = await close_sessions(context, work, account.id, "contact reverted")
    data = {"kind": change.kind.value, "closed": closed}
    work.record(Fact(account_stream(account.id), "account:contact:reverted", change.id, data))
    text = "Прежний контакт возвращён, все сеансы завершены. Прежний пароль больше не действует: восстановите его."
    text += await _still_changed(context, work, account, change.kind)
    await warn_owner(context, work, account, "Прежний контакт возвращён", text)


async def _still_changed(context: Context, work: Transaction, account: Account, kind: ContactKind) -> str:
    """An older change of the other contact may be the owner's own and stays; but a thief could come back by it."""
    other = select(col(ContactChange.kind)).where(
        col(ContactChange.account_id) == account.id,
        col(ContactChange.kind) != kind,
        col(ContactChange.reverted_at).is_(None),
        col(ContactChange.revert_until) > context.clock.now(),
    )
    found = await work.session.scalar(other.limit(1))
    if found is None:
        return ""
    return f" До этого изменён и {NAMES[found]}: если не вами, верните и его по ссылке, которая пришла на прежний."


async def _put_back(context: Context, work: Transaction, account: Account, change: ContactChange) -> bool:
    """Whether the contact from before a change is the account's again; else the account has none of this kind."""
    let_go(account, change.kind)
    if change.previous_sealed is None:
        return False
    opened = context.ports.vault.open(change.previous_sealed, "contact_change", "previous_sealed", change.id)
    previous = Contact(change.kind, opened)
    if await is_taken(context, work, previous, account.id):
        return False
    hold(context, account, previous)
    return True
