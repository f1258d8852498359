"""Registration: a form, a code or a link, and only then an account (1.1-1 .. 1.1-14, 1.1.2-2 .. 1.1.2-4, A1-A4, A31).

Until a contact is confirmed there is a flow and nothing else: no account whose address somebody else could have
taken, and of two who named the same contact the first to confirm it wins. A contact that has an account already is
answered in the same way; its owner is told, and the flow leads nowhere.
"""

import json
from dataclasses import asdict, replace
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from models.account import DOCTOR, Account, AccountState, Channel
from models.applications import Application, ApplicationStatus
from models.contact_changes import ContactKind
from models.errors import ErrorCode, Problem, UserError, mistake
from models.flows import Flow, FlowKind, FlowState, Proof, over
from models.journal import Fact, account_stream
from models.limits import CODES_BY_ADDRESS, MESSAGES, REGISTRATIONS
from models.registration import Applicant, Registration, RegistrationFields, parse_registration
from models.secrets import fingerprint
from models.temporary_password import LIFE, temporary_password
from models.terms import TermsKind, current_terms, terms_of
from models.values.email import Email
from models.values.phone import Phone
from resolvers.applications import move_application
from resolvers.consent_records import Agreement, accept, record_consent
from resolvers.contact_holders import claiming
from resolvers.context import Context
from resolvers.flows import (
    cancel_flows,
    contact_of,
    expect,
    guess,
    hold_registration,
    names_contact,
    open_flow,
    plain,
)
from resolvers.limits import allow, spend_within, too_often
from resolvers.messages import to_owner
from resolvers.registration_letters import password_message, send_proof
from storage.database import Transaction

_TYPED = {ContactKind.EMAIL: "token", ContactKind.PHONE: "code"}


async def register(context: Context, fields: RegistrationFields) -> UUID:
    """Begin; returns the id of the flow. A repeated request with its idempotency key finds the first one's flow."""
    form = parse_registration(fields)
    request = _request_index(context, fields, form)
    if request is not None and (known := await _repeated(context, request)):
        return known
    await allow(context, REGISTRATIONS, context.peer.address)
    temporary = None if form.password else temporary_password(context.secrets)
    applicant = await _applicant(context, form, temporary)
    if fields.accept_personal_data:  # by itself and not with the rules: so the law wants it
        version = current_terms(TermsKind.PERSONAL_DATA).version
        applicant = replace(applicant, personal_data_version=version)
    try:
        return await _open(context, fields.channel, form, applicant, request)
    except IntegrityError:  # the first one was still on its way
        if request is not None and (known := await _repeated(context, request)):
            return known
        raise


async def _open(
    context: Context, channel: Channel, form: Registration, applicant: Applicant, request: bytes | None
) -> UUID:
    taken = await taken_contacts(context, form.phone, form.email)
    async with context.database.transaction(context.author) as work:
        flow = await open_flow(context, work, FlowKind.REGISTRATION, channel, None)
        flow.request_index = request
        flow.data_sealed = context.ports.vault.seal(applicant.to_text(), "flow", "data_sealed", flow.id)
        await work.session.flush()  # a repeated request waits here, before it spends or sends anything
        for contact in (form.phone, form.email):
            if wait := await spend_within(context, work.session, MESSAGES, plain(contact)):
                raise too_often(wait)
            proof = expect(context, work, flow, contact)
            work.enqueue(send_proof(context, proof, contact, taken=proof.kind in taken))
        work.record(Fact(f"flow:{flow.id}", "registration:flow:opened", flow.id))
    return flow.id


async def _applicant(context: Context, form: Registration, temporary: str | None) -> Applicant:
    return Applicant(
        last_name=form.last_name,
        first_name=form.first_name,
        middle_name=form.middle_name,
        inn=form.inn,
        phone=form.phone,
        email=form.email,
        password_hash=await context.ports.passwords.hash(temporary or form.password or ""),
        temporary_password=temporary,
        terms_version=current_terms(TermsKind.TERMS_OF_USE).version,
    )


def _request_index(context: Context, fields: RegistrationFields, form: Registration) -> bytes | None:
    """A key is worth something only with the same form, so that nobody finds another's flow by guessing keys."""
    if not fields.idempotency_key:
        return None
    # Everything that was said, so that a correction is another request.
    said = replace(fields, phone=form.phone, email=form.email.key)
    return context.ports.vault.index("registration", json.dumps(asdict(said), ensure_ascii=False))


async def _repeated(context: Context, request: bytes) -> UUID | None:
    async with context.database.reading() as session:
        return await session.scalar(select(col(Flow.id)).where(col(Flow.request_index) == request))


async def taken_contacts(context: Context, phone: Phone | None, email: Email | None) -> set[ContactKind]:
    """Which of the two belongs to an account already."""
    index = context.ports.vault.index("phone", phone) if phone else None
    key = email.key if email else None
    by_email = (col(Account.email) == key) & col(Account.email_confirmed_at).is_not(None)
    by_phone = (col(Account.phone_index) == index) & col(Account.phone_confirmed_at).is_not(None)
    async with context.database.reading() as session:
        found = (await session.scalars(select(Account).where(or_(by_email, by_phone)))).all()
    emails = {ContactKind.EMAIL for account in found if account.email == key and account.email_confirmed_at}
    phones = {
        ContactKind.PHONE for account in found if account.phone_index == index and account.phone_confirmed_at
    }
    return emails | phones


async def confirm_by_code(context: Context, flow_id: UUID, code: str) -> None:
    """The code of the SMS (1.1-12)."""

    async def then(work: Transaction, flow: Flow, proof: Proof) -> Problem | None:
        return await _confirmed(context, work, flow, proof)

    await guess(context, flow_id, FlowKind.REGISTRATION, code, then, ContactKind.PHONE)


async def confirm_by_token(context: Context, token: str) -> UUID:
    """The link of the letter; the page asks for it, so a scanner that opens the link spends nothing (1.1-13, 1.1.2-3)."""
    await allow(context, CODES_BY_ADDRESS, context.peer.address)
    async with context.database.transaction(context.author) as work:
        known = select(Proof).where(col(Proof.link_hash) == fingerprint(token.strip()))
        proof = (await work.session.scalars(known)).one_or_none()
        if proof is None:
            raise UserError(_link_expired())
        named = await work.session.get(Flow, proof.flow_id)
        if named is not None:
            await hold_registration(work, named)
        flow = await work.session.get(Flow, proof.flow_id, populate_existing=True, with_for_update=True)
        if flow is None:  # its account was closed meanwhile
            raise UserError(_link_expired())
        await work.session.refresh(proof, with_for_update=True)
        if proof.used_at is not None:
            raise mistake(ErrorCode.LINK_USED, "Адрес уже подтверждён по этой ссылке.", "token")
        if over(flow, context.clock.now()) or proof.expires_at <= context.clock.now():
            raise UserError(_link_expired())
        problem = await _confirmed(context, work, flow, proof)
    if problem is not None:
        raise UserError(problem)
    return flow.id


def _link_expired() -> Problem:
    message = "Ссылка больше не действует. Запросите письмо ещё раз."
    return Problem(ErrorCode.LINK_EXPIRED, message, ("token",))


async def _confirmed(context: Context, work: Transaction, flow: Flow, proof: Proof) -> Problem | None:
    """A contact is proved: the account is made if this is the first one (1.1-14); rivals for the contact are out (A03)."""
    proof.used_at = now = context.clock.now()
    if flow.account_id is None:
        account = await _create(context, work, flow, proof)
        if account is None:
            return _known_inn()
    else:
        account = await work.session.get_one(Account, flow.account_id, with_for_update=True)
        if not _still_theirs(context, account, proof):
            return _link_expired()
    if proof.kind is ContactKind.EMAIL:
        account.email_confirmed_at, account.email_send_blocked = now, False
    else:
        account.phone_confirmed_at = now
    message = "Этот контакт уже подтверждён в другой учётной записи."
    async with claiming(Problem(ErrorCode.CONFLICT, message, (_TYPED[proof.kind],))):
        await work.session.flush()
    await _end_rivals(context, work, flow, proof)
    stream = account_stream(account.id)
    work.record(Fact(stream, "registration:contact:confirmed", flow.id, {"kind": proof.kind.value}))
    return None


def _still_theirs(context: Context, account: Account, proof: Proof) -> bool:
    """Whether the account has this contact still; it may have been changed in the settings meanwhile."""
    contact = contact_of(context, proof)
    if isinstance(contact, Email):
        return account.email == contact.key
    return account.phone_index == context.ports.vault.index("phone", contact)


async def _create(context: Context, work: Transaction, flow: Flow, proof: Proof) -> Account | None:
    """The account of a flow; None when the INN has one, whose owner is told."""
    vault, application = context.ports.vault, await work.session.get_one(Application, flow.id)
    applicant = Applicant.from_text(vault.open(flow.data_sealed or b"", "flow", "data_sealed", flow.id))
    flow.confirmed_at, flow.data_sealed = context.clock.now(), None
    account = _account(context, flow, applicant)
    if not await _inserted(work, account):
        await _known_inn_refused(context, work, flow, application, applicant.inn)
        return None
    if terms := terms_of(TermsKind.TERMS_OF_USE, applicant.terms_version):
        accept(context, work, account, Agreement(terms, flow.channel, flow.created_at))
    if consent := terms_of(TermsKind.PERSONAL_DATA, applicant.personal_data_version or ""):
        record_consent(context, work, account.id, Agreement(consent, flow.channel, flow.created_at))
    flow.account_id, flow.state, application.account_id = account.id, FlowState.CONFIRMED, account.id
    move_application(context, work, application, ApplicationStatus.IN_PROGRESS, "Контакт подтверждён")
    work.record(Fact(account_stream(account.id), "registration:account:created", account.id))
    if applicant.temporary_password:
        contact = contact_of(context, proof)
        work.enqueue(password_message(context, proof.kind, contact, applicant.temporary_password))
    return account


async def _inserted(work: Transaction, account: Account) -> bool:
    """Whether nobody has this INN; of two that are confirmed at once the index lets one in, and the second waits for it."""
    try:
        async with work.session.begin_nested():
            work.session.add(account)
    except IntegrityError:
        return False
    return True


async def _known_inn_refused(
    context: Context, work: Transaction, flow: Flow, application: Application, inn: str
) -> None:
    """The flow is over, and the owner of the INN is told."""
    flow.state = FlowState.CANCELLED
    reason = "На этот ИНН уже есть учётная запись."
    move_application(context, work, application, ApplicationStatus.REJECTED, reason, [reason])
    query = select(Account).where(col(Account.inn_index) == context.ports.vault.index("inn", inn))
    owner = (await work.session.scalars(query)).one_or_none()
    if owner is None:  # it was closed in this very moment
        return
    text = "Кто-то пытался зарегистрироваться с вашим ИНН."
    for job in to_owner(context, owner, "Попытка регистрации", text):
        work.enqueue(job)


def _known_inn() -> Problem:
    message = "На этот ИНН уже есть учётная запись. Восстановите пароль или обратитесь в поддержку."
    return Problem(ErrorCode.CONFLICT, message, ("inn",))


def _account(context: Context, flow: Flow, applicant: Applicant) -> Account:
    key, vault, now = context.secrets.uuid(), context.ports.vault, context.clock.now()
    return Account(
        id=key,
        state=AccountState.CONTACT_CONFIRMED,
        created_via=flow.channel,
        created_at=now,
        last_name=applicant.last_name,
        first_name=applicant.first_name,
        middle_name=applicant.middle_name,
        email=Email(applicant.email).key,
        phone_sealed=vault.seal(applicant.phone, "account", "phone_sealed", key),
        phone_index=vault.index("phone", applicant.phone),
        inn_sealed=vault.seal(applicant.inn, "account", "inn_sealed", key),
        inn_index=vault.index("inn", applicant.inn),
        password_hash=applicant.password_hash,
        password_temporary_until=now + LIFE if applicant.temporary_password else None,
        permissions=[right.value for right in DOCTOR],
    )


async def _end_rivals(context: Context, work: Transaction, flow: Flow, proof: Proof) -> None:
    rivals = (
        names_contact(proof.contact_index) & (col(Flow.state) == FlowState.OPEN) & (col(Flow.id) != flow.id)
    )
    await cancel_flows(context, work, FlowKind.REGISTRATION, rivals, "Контакт подтвердил другой заявитель")
