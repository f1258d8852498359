"""The challenge between the two steps of a login, and the code that goes out for it (2.2-6, A26, attack A13)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from models.account import Account
from models.contact_changes import ContactKind
from models.journal import Fact, account_stream
from models.limits import LOGIN_MESSAGES, MESSAGES
from models.secrets import code_fingerprint, same
from models.signin import CHALLENGE_LIFE, Challenge, SecondFactorMethod
from models.values.email import Email
from resolvers.contact_holders import Contact, is_taken
from resolvers.contacts import Credentials
from resolvers.context import Context
from resolvers.limits import spend_within, too_often
from resolvers.messages import code_by_sms, code_text, letter_to, masked_phone, phone_of
from resolvers.second_factor import factors
from storage.database import Transaction
from storage.jobs import Job

PURPOSE, SUBJECT = "для входа в личный кабинет НМО", "Код для входа в личный кабинет НМО"


@dataclass(frozen=True, slots=True)
class Step:
    """The second step of a login, as the client needs it."""

    id: UUID
    methods: list[SecondFactorMethod]
    masked_phone: str | None
    masked_email: str | None
    ttl_seconds: int


@dataclass(frozen=True, slots=True)
class Codes:
    """What is sent for a login: a code by SMS, another one by letter, or neither."""

    sms: str | None = None
    letter: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try at the second step: the login half done, and whose it is."""

    challenge: Challenge
    account: Account


async def open_challenge(context: Context, compared: Credentials, rehashed: str | None) -> Step | None:
    """The second step of a right password, or None when another one was set since it was compared.

    `rehashed` is that password when its hash is of yesterday's cost.
    """
    renewed = await context.ports.passwords.hash(rehashed) if rehashed else None
    async with context.database.transaction(context.author) as work:
        # Whoever sets a password holds this lock and ends the logins half done: none may begin behind their back.
        account = await work.session.get_one(Account, compared.id, with_for_update=True)
        if account.password_hash != compared.password_hash:
            return None
        account.password_hash = renewed or account.password_hash
        methods = (await factors(work.session, account.id)).methods
        challenge, code = _new_challenge(context, account)
        sent: Codes | timedelta = Codes()
        if SecondFactorMethod.SMS in methods:
            letter = code_by_letter(context, account, challenge.id)
            sent = await _allowed(context, work, account, Codes(code, letter))
        if isinstance(sent, Codes):
            work.session.add(challenge)
            for job in _messages(context, account, sent):
                work.enqueue(job)
    if isinstance(sent, timedelta):
        raise too_often(sent)
    phone = masked_phone(context, account) if sent.sms else None
    email = Email(account.email).masked if sent.letter and account.email else None
    return Step(challenge.id, methods, phone, email, int(CHALLENGE_LIFE.total_seconds()))


def _new_challenge(context: Context, account: Account) -> tuple[Challenge, str]:
    """The challenge and the code that it waits for."""
    key, now, code = context.secrets.uuid(), context.clock.now(), context.secrets.code()
    digest = code_fingerprint(code, key)
    until = now + CHALLENGE_LIFE
    return Challenge(id=key, account_id=account.id, code_hash=digest, created_at=now, expires_at=until), code


async def _allowed(context: Context, work: Transaction, account: Account, codes: Codes) -> Codes | timedelta:
    """Those of the codes that may be sent now, or how long to wait when none may."""
    tired = await spend_within(context, work.session, LOGIN_MESSAGES, str(account.id))
    if tired is not None:
        return tired
    worn = await _phone_wait(context, work, account)
    if worn is None:
        return codes
    return worn if codes.letter is None else Codes(letter=codes.letter)


async def _phone_wait(context: Context, work: Transaction, account: Account) -> timedelta | None:
    """A phone that is still to be proved may be a stranger's: it gets no more than any contact that somebody has named,
    and whoever has a letter comes in without it."""
    phone = phone_of(context, account)
    if phone is None or account.phone_confirmed_at is not None:
        return None
    return await spend_within(context, work.session, MESSAGES, phone)


async def fits_login(context: Context, work: Transaction, attempt: Attempt, code: str) -> bool:
    """Whether this is the code of the SMS, which proves the phone, or that of the letter beside it (D24)."""
    challenge, account = attempt.challenge, attempt.account
    if same(challenge.code_hash, code_fingerprint(code, challenge.id)):
        await _prove_phone(context, work, account)
        return True
    by_letter = code_by_letter(context, account, challenge.id)
    return by_letter is not None and same(by_letter.encode(), code.encode())


def code_by_letter(context: Context, account: Account, challenge_id: UUID) -> str | None:
    """While nobody has proved the phone, it may be mistyped: then a code goes to the confirmed address as well, or nobody
    could ever come in and mend it. A keyed digest of the login, so that it is kept nowhere."""
    if account.phone_confirmed_at is not None or account.email is None or account.email_confirmed_at is None:
        return None
    digest = context.ports.vault.index("login by letter", str(challenge_id))
    return f"{int.from_bytes(digest) % 1_000_000:06}"


async def _prove_phone(context: Context, work: Transaction, account: Account) -> None:
    """A right code proves the phone that a registration by letter has left unconfirmed, unless it is another's."""
    phone = phone_of(context, account)
    if phone is None or account.phone_confirmed_at is not None:
        return
    if await is_taken(context, work, Contact(ContactKind.PHONE, phone), account.id):
        return
    try:
        async with work.session.begin_nested():
            account.phone_confirmed_at = context.clock.now()
    except IntegrityError:  # another account has proved it in this very moment
        await work.session.refresh(account)
        return
    data = {"kind": ContactKind.PHONE.value}
    work.record(Fact(account_stream(account.id), "registration:contact:confirmed", account.id, data))


def _messages(context: Context, account: Account, codes: Codes) -> Iterator[Job]:
    if codes.sms is not None:
        yield from code_by_sms(context, account, code_text(codes.sms, PURPOSE), CHALLENGE_LIFE)
    if codes.letter is not None:
        yield letter_to(
            context, account.email, SUBJECT, code_text(codes.letter, PURPOSE), life=CHALLENGE_LIFE
        )
