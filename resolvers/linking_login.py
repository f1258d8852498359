"""Entering by Gosuslugi alone, and the account of who had none (2.1-11, 1.1-2, A2, A62)."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlmodel import col

from gateways.gosuslugi import GosuslugiPerson, Grant
from models.account import DOCTOR, Account, AccountState, Channel
from models.applications import ApplicationKind, ApplicationStatus
from models.contact_changes import ContactKind
from models.errors import ErrorCode, UserError, mistake
from models.journal import Fact, account_stream
from models.limits import CODES_BY_ADDRESS, LOGINS
from models.linking import AttemptKind, GosuslugiLink, LinkState, esia_problem
from models.personal_data import PersonalFields, parse_personal_data
from models.temporary_password import LIFE, temporary_password
from models.terms import TermsKind
from models.values.email import Email
from models.values.phone import Phone
from resolvers.applications import open_application
from resolvers.consent_records import standing
from resolvers.contact_holders import claiming
from resolvers.context import Context
from resolvers.limits import allow
from resolvers.linking_attempts import Return, Started, come_back, grant_of, prepare, remember
from resolvers.linking_data import VOUCHED, known_facts, stop_transfer, take_over
from resolvers.linking_facts import filled, names_of
from resolvers.personal_data import keep, know
from resolvers.registration import taken_contacts
from resolvers.registration_letters import password_message
from resolvers.signin import Opened, enter
from storage.database import Transaction

KNOWN = (
    "Учётная запись НМО с вашим СНИЛС или ИНН уже есть. Войдите по логину и паролю НМО и привяжите Госуслуги "
    "в разделе «Синхронизация с Госуслугами»."
)
NO_CONTACT = (
    "На Госуслугах нет подтверждённых телефона и почты, свободных для учётной записи НМО. Зарегистрируйтесь на "
    "сайте и привяжите Госуслуги в настройках."
)
SHUT = "Эта учётная запись НМО закрыта или заблокирована. Обратитесь в поддержку."


@dataclass(frozen=True, slots=True, repr=False)
class Newcomer:
    """Contacts that Gosuslugi has confirmed and no account has; the password for the cabinet's other entry (A2)."""

    phone: Phone | None
    email: Email | None
    password: str
    password_hash: str


async def start_login(context: Context, *, redirect_uri: str) -> Started:
    """Begin; the browser keeps the key and shows it when it comes back (A64)."""
    await allow(context, LOGINS, context.peer.address)
    attempt, url = await prepare(context, redirect_uri)
    async with context.database.transaction(context.author) as work:
        key = remember(context, work, AttemptKind.LOGIN, attempt, None)
    return Started(url, attempt.state, key)


async def complete_login(context: Context, returned: Return) -> Opened:
    """Finish: a session of whom Gosuslugi has named; nobody is found by an e-mail address (A62)."""
    await allow(context, CODES_BY_ADDRESS, context.peer.address)
    attempt = await come_back(context, AttemptKind.LOGIN, returned, None)
    grant = await grant_of(context, attempt, returned)
    newcomer = await _newcomer(context, grant.person)
    async with context.database.transaction(context.author) as work:
        if newcomer is None:
            account = await _known(context, work, grant)
        else:
            account = await _created(context, work, grant, newcomer)
        return await enter(context, work, account, Channel.GOSUSLUGI, Channel.GOSUSLUGI.value)


async def _newcomer(context: Context, person: GosuslugiPerson) -> Newcomer | None:
    """None for a person whose account is linked."""
    index, vault = context.ports.vault.index("oid", person.oid), context.ports.vault
    known = select(col(GosuslugiLink.account_id)).where(col(GosuslugiLink.oid_index) == index)
    async with context.database.reading() as session:
        if await session.scalar(known):
            return None
        numbers = {Account.snils_index: ("snils", person.snils), Account.inn_index: ("inn", person.inn)}
        same = [col(column) == vault.index(kind, value) for column, (kind, value) in numbers.items() if value]
        if same and await session.scalar(select(col(Account.id)).where(or_(*same)).limit(1)):
            raise UserError(esia_problem(ErrorCode.CONFLICT, message=KNOWN))
    phone = Phone.parse(person.phone) if person.phone else None
    email = Email.parse(person.email) if person.email else None
    taken = await taken_contacts(context, phone, email)
    phone = None if ContactKind.PHONE in taken else phone
    email = None if ContactKind.EMAIL in taken else email
    if phone is None and email is None:
        raise UserError(esia_problem(ErrorCode.CONTACT_UNKNOWN, message=NO_CONTACT))
    password = temporary_password(context.secrets)
    return Newcomer(phone, email, password, await context.ports.passwords.hash(password))


async def _known(context: Context, work: Transaction, grant: Grant) -> Account:
    """The linked account; its data are brought up to date where the consent stands (A32, D17)."""
    index = context.ports.vault.index("oid", grant.person.oid)
    query = select(GosuslugiLink).where(col(GosuslugiLink.oid_index) == index)
    link = (await work.session.scalars(query)).one_or_none()
    if link is None:  # taken apart a moment ago
        raise UserError(esia_problem(ErrorCode.ESIA_STATE))
    account = await work.session.get_one(Account, link.account_id, with_for_update=True)
    await work.session.refresh(link, with_for_update=True)
    if account.state in {AccountState.CLOSED, AccountState.LOCKED}:
        raise mistake(ErrorCode.FORBIDDEN, SHUT)
    if await standing(work.session, account.id, TermsKind.DATA_TRANSFER):
        changed = await take_over(context, work, account, link, grant)
        if changed:
            work.record(Fact(account_stream(account.id), "linking:data:updated", data={"fields": changed}))
    return account


async def _created(context: Context, work: Transaction, grant: Grant, newcomer: Newcomer) -> Account:
    """An account made by Gosuslugi; of two that are made at once the second finds its numbers taken."""
    account = _account(context, grant.person, newcomer)
    link = GosuslugiLink(account_id=account.id)
    work.session.add_all((account, link))
    async with claiming(esia_problem(ErrorCode.CONFLICT, message=KNOWN)):
        await work.session.flush()
        await take_over(context, work, account, link, grant)
        # What the portal's own question allows is this one entry.
        stop_transfer(link, LinkState.CONSENT_MISSING)
        verified = await _filled_in(context, work, account, link, newcomer)
        await work.session.flush()
    status = ApplicationStatus.APPROVED if verified else ApplicationStatus.IN_PROGRESS
    comment = "Учётная запись создана через Госуслуги"
    await open_application(context, work, ApplicationKind.REGISTRATION, account.id, status, comment)
    work.record(Fact(account_stream(account.id), "registration:account:created", account.id))
    kind = ContactKind.PHONE if newcomer.phone else ContactKind.EMAIL
    contact = newcomer.phone or newcomer.email
    work.enqueue(password_message(context, kind, contact, newcomer.password))
    return account


def _account(context: Context, person: GosuslugiPerson, newcomer: Newcomer) -> Account:
    key, vault, now = context.secrets.uuid(), context.ports.vault, context.clock.now()
    phone, email = newcomer.phone, newcomer.email
    return Account(
        id=key,
        state=AccountState.CONTACT_CONFIRMED,
        created_via=Channel.GOSUSLUGI,
        created_at=now,
        last_name=person.last_name,
        first_name=person.first_name,
        middle_name=person.middle_name,
        email=email.key if email else None,
        email_confirmed_at=now if email else None,
        phone_sealed=vault.seal(phone, "account", "phone_sealed", key) if phone else None,
        phone_index=vault.index("phone", phone) if phone else None,
        phone_confirmed_at=now if phone else None,
        identified_at=now,
        password_hash=newcomer.password_hash,
        password_temporary_until=now + LIFE,
        permissions=[right.value for right in DOCTOR],
    )


async def _filled_in(
    context: Context, work: Transaction, account: Account, link: GosuslugiLink, newcomer: Newcomer
) -> bool:
    """The whole form where Gosuslugi knows all of it; what is missing the person types (2.1-3)."""
    facts, now = known_facts(context, link), context.clock.now()
    form = PersonalFields(phone=(newcomer.phone or "").removeprefix("+"), email=newcomer.email or "")
    try:
        data = parse_personal_data(filled(form, facts), now.date())
    except UserError:
        return False
    keep(context, work.session, account, None, data, dict.fromkeys(names_of(facts), Channel.GOSUSLUGI))
    await know(context, work.session, account, data)
    if facts.keys() >= VOUCHED:
        account.state, account.verified_at = AccountState.VERIFIED, now
    return account.verified_at is not None
