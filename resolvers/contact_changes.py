"""Changing the e-mail or the phone: a code to the new contact, word to the old address (1.1.2-12, A47-A50)."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.account import Account
from models.contact_changes import CHANGE_LIFE, ContactChange, ContactKind
from models.errors import ErrorCode, Problem, UserError, mistake
from models.flows import MOST_LETTERS, email_blocked
from models.journal import Fact, account_stream
from models.limits import CODE_GUESSES, CONTACT_CHANGES, MESSAGES
from models.secrets import code_fingerprint, same
from models.values.email import Email
from models.values.one_time_code import OneTimeCode
from models.values.phone import Phone
from resolvers.consent_records import demand_not_withdrawn
from resolvers.contact_holders import (
    Contact,
    cancel_changes,
    claiming,
    contact_of,
    hold,
    is_taken,
    seal_value,
    taken,
    value_of,
)
from resolvers.contact_reverts import CHANGED, offer_revert
from resolvers.context import Context
from resolvers.limits import allow
from resolvers.messages import code_text, letter_to, text_to
from resolvers.reauthentication import demand_fresh
from resolvers.second_factor import count_guess, forgive_guess, wrong_code
from storage.database import Transaction
from storage.jobs import Job


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that waits for its code."""

    id: UUID
    kind: ContactKind
    masked: str
    ttl_seconds: int


async def change_email(context: Context, address: str) -> Asked:
    demand_fresh(context)
    email = Email.parse(address, "newEmail")
    return await _ask(context, Contact(ContactKind.EMAIL, email.key), email.masked)


async def change_phone(context: Context, number: str) -> Asked:
    demand_fresh(context)
    phone = Phone.parse(number, "newPhone")
    return await _ask(context, Contact(ContactKind.PHONE, phone), phone.masked)


async def _ask(context: Context, contact: Contact, masked: str) -> Asked:
    """The answer is the same for a contact that another account holds; only its owner is told (A48)."""
    account_id, now = context.person.account.id, context.clock.now()
    async with context.database.reading() as session:  # what is not sent costs no try
        await _admit(context, session, context.person.account, contact)
    await allow(context, CONTACT_CHANGES, str(account_id))
    await allow(context, MESSAGES, contact.value)
    code, change_id = context.secrets.code(), context.secrets.uuid()
    async with context.database.transaction(context.author) as work:
        account = await work.session.get_one(Account, account_id, with_for_update=True)
        # Another may have been asked for at the same moment.
        await _admit(context, work.session, account, contact)
        await cancel_changes(context, work, account_id, contact.kind)
        work.session.add(
            ContactChange(
                id=change_id,
                account_id=account_id,
                kind=contact.kind,
                value_sealed=seal_value(context, contact.value, "value_sealed", change_id),
                code_hash=code_fingerprint(code, change_id),
                created_at=now,
                expires_at=now + CHANGE_LIFE,
            )
        )
        held = await is_taken(context, work, contact, account_id)
        work.enqueue(_message(context, contact, None if held else code))
        data = {"kind": contact.kind.value}
        work.record(Fact(account_stream(account_id), "account:contact:requested", change_id, data))
    return Asked(change_id, contact.kind, masked, int(CHANGE_LIFE.total_seconds()))


async def _admit(context: Context, session: AsyncSession, account: Account, contact: Contact) -> None:
    """No new contact without the consent to keep it, and none to which letters come to nothing: they have stopped,
    or the last three changes were to it (A8)."""
    await demand_not_withdrawn(session, account.id)
    if contact.kind is not ContactKind.EMAIL:
        return
    if account.email_send_blocked and account.email == contact.value:
        raise UserError(email_blocked("newEmail"))
    mine = col(ContactChange.account_id) == account.id, col(ContactChange.kind) == contact.kind
    newest = select(ContactChange).where(*mine).order_by(col(ContactChange.id).desc()).limit(MOST_LETTERS)
    last = (await session.scalars(newest)).all()
    vain = [each for each in last if each.confirmed_at is None and contact_of(context, each) == contact]
    if len(vain) == MOST_LETTERS:
        raise UserError(email_blocked("newEmail"))


def _message(context: Context, contact: Contact, code: str | None) -> Job:
    text = (
        code_text(code, "для смены контакта в НМО")
        if code
        else "Кто-то хочет привязать этот контакт к другой учётной записи НМО. Если это не вы, ничего не делайте."
    )
    if contact.kind is ContactKind.PHONE:
        return text_to(context, contact.value, text, CHANGE_LIFE)
    return letter_to(context, contact.value, "Подтверждение адреса", text, life=CHANGE_LIFE)


async def confirm_change(context: Context, change_id: UUID, code: str) -> Account:
    """The code from the new contact; what another account confirmed meanwhile stays theirs (A48-A50)."""
    account_id, code = context.person.account.id, OneTimeCode.parse(code, "code")
    async with claiming(taken("id")), context.database.transaction(context.author) as work:
        account = await work.session.get_one(Account, account_id, with_for_update=True)
        await demand_not_withdrawn(work.session, account_id)  # it may have been withdrawn since
        change = await _spend_attempt(work, change_id, account_id)
        if change is None:
            raise mistake(ErrorCode.NOT_FOUND, "Такого изменения нет. Начните заново.", "id")
        problem = await _problem(context, work, change, code)
        if problem is None:
            await _apply(context, work, account, change)
            return account
        data = {"code": problem.code.value, "kind": change.kind.value}
        work.record(Fact(account_stream(account_id), "account:contact:refused", change.id, data))
    raise UserError(problem)


async def _spend_attempt(work: Transaction, change_id: UUID, account_id: UUID) -> ContactChange | None:
    return await work.session.scalar(
        update(ContactChange)
        .where(col(ContactChange.id) == change_id, col(ContactChange.account_id) == account_id)
        .values(attempts_left=col(ContactChange.attempts_left) - 1)
        .returning(ContactChange)
    )


async def _problem(context: Context, work: Transaction, change: ContactChange, code: str) -> Problem | None:
    if stale := next(_stale(context, change), None):
        return stale
    if tired := await count_guess(context, work, CODE_GUESSES, change.account_id):
        return tired
    if not same(change.code_hash, code_fingerprint(code, change.id)):
        return wrong_code(change.attempts_left)
    await forgive_guess(context, work, CODE_GUESSES, change.account_id)
    if await is_taken(context, work, contact_of(context, change), change.account_id):
        return taken("id")
    return None


def _stale(context: Context, change: ContactChange) -> Iterator[Problem]:
    if change.confirmed_at is not None:
        yield Problem(ErrorCode.CODE_USED, "Этот код уже использован.", ("code",))
    if change.cancelled_at is not None or change.expires_at <= context.clock.now():
        yield Problem(ErrorCode.CODE_EXPIRED, "Этот код больше не действует. Запросите новый.", ("code",))
    if change.attempts_left < 0:
        text, extra = "Попытки закончились. Запросите новый код.", {"attempts_left": 0}
        yield Problem(ErrorCode.CODE_ATTEMPTS_EXHAUSTED, text, ("code",), extra=extra)


async def _apply(context: Context, work: Transaction, account: Account, change: ContactChange) -> None:
    previous = value_of(context, account, change.kind)
    await offer_revert(context, work, account, change, previous)
    hold(context, account, contact_of(context, change))
    change.confirmed_at = context.clock.now()
    work.record(Fact(account_stream(account.id), CHANGED, change.id, {"kind": change.kind.value}))
