"""Which account holds a confirmed contact, and putting one in the place of another (A03, A48)."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from models.account import Account, AccountState
from models.contact_changes import ContactChange, ContactKind
from models.errors import ErrorCode, Problem, UserError
from resolvers.context import Context
from resolvers.messages import phone_of
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Contact:
    """An address in its comparable form, or a phone as E.164."""

    kind: ContactKind
    value: str


async def is_taken(context: Context, work: Transaction, contact: Contact, by_other_than: UUID) -> bool:
    """Whether another account has confirmed this contact."""
    if contact.kind is ContactKind.EMAIL:
        held = (col(Account.email) == contact.value) & col(Account.email_confirmed_at).is_not(None)
    else:
        index = context.ports.vault.index("phone", contact.value)
        held = (col(Account.phone_index) == index) & col(Account.phone_confirmed_at).is_not(None)
    other = select(col(Account.id)).where(held, col(Account.id) != by_other_than)
    return await work.session.scalar(other) is not None


def hold(context: Context, account: Account, contact: Contact) -> None:
    """The contact is this account's, and confirmed; letters may go to a corrected address again (A8)."""
    now, vault = context.clock.now(), context.ports.vault
    if contact.kind is ContactKind.EMAIL:
        account.email, account.email_confirmed_at, account.email_send_blocked = contact.value, now, False
    else:
        account.phone_sealed = vault.seal(contact.value, "account", "phone_sealed", account.id)
        account.phone_index, account.phone_confirmed_at = vault.index("phone", contact.value), now
    if account.state is AccountState.REGISTERED:
        account.state = AccountState.CONTACT_CONFIRMED


def let_go(account: Account, kind: ContactKind) -> None:
    """The account has no contact of this kind any more."""
    if kind is ContactKind.EMAIL:
        account.email = account.email_confirmed_at = None
    else:
        account.phone_sealed = account.phone_index = account.phone_confirmed_at = None


def value_of(context: Context, account: Account, kind: ContactKind) -> str | None:
    """The contact of this kind that the account has confirmed."""
    if kind is ContactKind.EMAIL:
        return account.email if account.email_confirmed_at else None
    return phone_of(context, account) if account.phone_confirmed_at else None


def contact_of(context: Context, change: ContactChange) -> Contact:
    """The new contact of a change."""
    opened = context.ports.vault.open(change.value_sealed, "contact_change", "value_sealed", change.id)
    return Contact(change.kind, opened)


def seal_value(context: Context, value: str, column: str, change_id: UUID) -> bytes:
    return context.ports.vault.seal(value, "contact_change", column, change_id)


async def cancel_changes(
    context: Context, work: Transaction, account_id: UUID, kind: ContactKind | None = None
) -> None:
    """Changes that wait for a code are dropped: by a newer one, by a recovery, by a revert (A42, A50)."""
    query = update(ContactChange).where(
        col(ContactChange.account_id) == account_id,
        col(ContactChange.confirmed_at).is_(None),
        col(ContactChange.cancelled_at).is_(None),
    )
    if kind is not None:
        query = query.where(col(ContactChange.kind) == kind)
    await work.session.execute(query.values(cancelled_at=context.clock.now()))


def taken(*path: str) -> Problem:
    return Problem(ErrorCode.CONFLICT, "Этот контакт привязать нельзя. Укажите другой.", path)


@asynccontextmanager
async def claiming(lost: Problem) -> AsyncGenerator[None, None]:
    """Of two who claim one contact or one person in the same moment the second is refused by the index, and told this."""
    try:
        yield
    except IntegrityError as error:
        raise UserError(lost) from error
