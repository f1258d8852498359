"""The challenge between the two steps of a login, and the code that goes out for it (2.2-6, A26, attack A13)."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from models.account import Account
from models.contact_changes import ContactKind
from models.journal import Fact, account_stream
from models.limits import LOGIN_MESSAGES, MESSAGES
from models.secrets import code_fingerprint, same
from models.signin import CHALLENGE_LIFE, Challenge, SecondFactorMethod
from models.values.email import Email
from resolvers.contact_holders import Contact, is_taken
from resolvers.contacts import masked_phone
from resolvers.context import Context
from resolvers.limits import spend_within, too_often
from resolvers.messages import code_by_sms, letter_to, phone_of
from resolvers.second_factor import factors
from storage.database import Transaction

TEXT, SUBJECT = "Код для входа в личный кабинет НМО: {}", "Код для входа в личный кабинет НМО"


@dataclass(frozen=True, slots=True)
class Step:
    """The second step of a login, as the client needs it."""

    id: UUID
    methods: list[SecondFactorMethod]
    masked_phone: str | None
    masked_email: str | None
    ttl_seconds: int


async def open_challenge(context: Context, compared: Account, rehashed: str | None) -> Step | None:
    """The second step of a right password, or None when another one was set since it was compared.

    `rehashed` is that password when its hash is of yesterday's cost.
    """
    challenge_id = context.secrets.uuid()
    renewed = await context.ports.passwords.hash(rehashed) if rehashed else None
    async with context.database.transaction(context.author) as work:
        # Whoever sets a password holds this lock and ends the logins half done: none may begin behind their back.
        account = await work.session.get_one(Account, compared.id, with_for_update=True)
        if account.password_hash != compared.password_hash:
            return None
        account.password_hash = renewed or account.password_hash
        methods = (await factors(work.session, account.id)).methods
        by_sms = SecondFactorMethod.SMS in methods
        tired = await _count_message(context, work, account) if by_sms else None
        if tired is None:
            _expect_code(context, work, account, challenge_id, by_sms=by_sms)
    if tired is not None:
        raise too_often(tired)
    phone = masked_phone(context, account) if by_sms else None
    by_letter = by_sms and code_by_letter(context, account, challenge_id) is not None
    email = Email(account.email).masked if by_letter and account.email else None
    return Step(challenge_id, methods, phone, email, int(CHALLENGE_LIFE.total_seconds()))


async def _count_message(context: Context, work: Transaction, account: Account) -> timedelta | None:
    """At most five codes by SMS an hour that nobody types in; a phone that is still to be proved may be a stranger's,
    and gets no more than any other contact that somebody has named."""
    phone = phone_of(context, account)
    unproved = phone is not None and account.phone_confirmed_at is None
    if phone and unproved and (wait := await spend_within(context, work.session, MESSAGES, phone)):
        return wait
    return await spend_within(context, work.session, LOGIN_MESSAGES, str(account.id))


async def fits_login(
    context: Context, work: Transaction, account: Account, challenge: Challenge, code: str
) -> bool:
    """Whether this is the code of the SMS, which proves the phone, or that of the letter beside it (D24)."""
    if same(challenge.code_hash, code_fingerprint(code, challenge.id)):
        await _prove_phone(context, work, account)
        return True
    by_letter = code_by_letter(context, account, challenge.id)
    return by_letter is not None and same(by_letter.encode(), code.encode("utf-8", "surrogatepass"))


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
    if not await is_taken(context, work, Contact(ContactKind.PHONE, phone), account.id):
        account.phone_confirmed_at = context.clock.now()
        data = {"kind": ContactKind.PHONE.value}
        work.record(Fact(account_stream(account.id), "registration:contact:confirmed", account.id, data))


def _expect_code(
    context: Context, work: Transaction, account: Account, challenge_id: UUID, *, by_sms: bool
) -> None:
    now, code = context.clock.now(), context.secrets.code()
    work.session.add(
        Challenge(
            id=challenge_id,
            account_id=account.id,
            code_hash=code_fingerprint(code, challenge_id),
            created_at=now,
            expires_at=now + CHALLENGE_LIFE,
        )
    )
    if by_sms:
        for job in code_by_sms(context, account, TEXT.format(code), CHALLENGE_LIFE):
            work.enqueue(job)
        if by_letter := code_by_letter(context, account, challenge_id):
            text = TEXT.format(by_letter)
            work.enqueue(letter_to(context, account.email, SUBJECT, text, life=CHALLENGE_LIFE))
