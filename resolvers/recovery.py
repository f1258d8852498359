"""Password recovery: a request with a number, a code, a new password, and every earlier session ended (1.2-1 .. 1.2-23).

An unknown contact gets the same answer for the same work: a flow that leads nowhere (A31, A37). The code goes to the
contact as the account has it, never as it was typed (A46).
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlmodel import col

from models.account import AccessStep, Account, AccountState, Channel
from models.applications import Application, ApplicationStatus
from models.contact_changes import ContactKind
from models.errors import ErrorCode, Problem, UserError, mistake
from models.flows import CODE_LIFE, Flow, FlowKind, FlowState, Proof, over, unknown_flow, wrong_code
from models.journal import Fact, account_stream
from models.limits import PASSWORD_RULES, RECOVERIES
from models.values.password import Password
from resolvers.applications import move_application
from resolvers.contact_holders import cancel_changes
from resolvers.contacts import Credentials, find_by_contact
from resolvers.context import Context
from resolvers.first_login import personal, set_password
from resolvers.flows import (
    Run,
    cancel_flows,
    contact_index,
    contact_of,
    expect,
    find_run,
    guess,
    names_contact,
    new_code,
    open_flow,
    parse_contact,
    plain,
    seconds_left,
    stream_of,
)
from resolvers.limits import allow, forget_tries
from resolvers.messages import code_by_sms, code_text, letter_to, message_to, phone_of
from resolvers.notices import ring
from resolvers.sessions import close_sessions
from storage.database import Transaction

CONFIRMED_LIFE = timedelta(minutes=15)
HINTS = (
    "Проверьте, что контакт указан верно и им можно пользоваться сейчас.",
    "Письмо могло попасть в папки «Спам» или «Промо».",
    "СМС может идти несколько минут; телефон должен быть в сети.",
    "Если код не пришёл, запросите восстановление по другому контакту.",
    "Обращаясь в поддержку, назовите номер заявки.",
)


class RecoveryState(StrEnum):
    """How far it has come."""

    CODE_SENT = "CODE_SENT"
    CODE_CONFIRMED = "CODE_CONFIRMED"
    DONE = "DONE"
    EXPIRED = "EXPIRED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class RecoveryView:
    """The contact is masked as it was typed, so that it tells nothing."""

    id: UUID
    number: str
    state: RecoveryState
    channel: Channel
    masked_contact: str
    attempts_left: int
    code_ttl_seconds: int
    hints: list[str]


async def request_recovery(context: Context, contact: str, channel: Channel) -> UUID:
    """Begin; returns the id of the flow. A new request ends the older ones of the same contact."""
    typed = parse_contact(contact, "contact")
    await allow(context, RECOVERIES, plain(typed))
    found = await find_by_contact(context, plain(typed))
    account = found if found and _recoverable(found) else None
    async with context.database.transaction(context.author) as work:
        # The account, which a new flow holds, comes before older flows for all who touch both.
        flow = await open_flow(context, work, FlowKind.RECOVERY, channel, account.id if account else None)
        # Not by the account: else the end of an older one would show that the contact has one.
        await _end_older(context, work, names_contact(contact_index(context, typed)))
        proof = expect(context, work, flow, typed)
        text = code_text(new_code(context, proof), "для восстановления пароля НМО")
        if proof.kind is ContactKind.EMAIL:  # in an SMS its six digits would look like the code
            text += f" Номер заявки: {await _number(work, flow)}."
        to = _stored(context, account, proof.kind)
        work.enqueue(message_to(context, proof.kind, to, "Код НМО", text, CODE_LIFE))
        work.record(Fact(stream_of(flow), "recovery:flow:requested", flow.id, {"channel": channel.value}))
    return flow.id


def _recoverable(account: Account | Credentials) -> bool:
    """Closed and locked accounts, and those without a password, are as good as unknown (A45)."""
    return account.password_hash is not None and account.state not in (
        AccountState.CLOSED,
        AccountState.LOCKED,
    )


def _stored(context: Context, account: Credentials | None, kind: ContactKind) -> str | None:
    if account is None:
        return None
    return account.email if kind is ContactKind.EMAIL else phone_of(context, account)


async def _number(work: Transaction, flow: Flow) -> str:
    return (await work.session.get_one(Application, flow.id)).number


async def _end_older(context: Context, work: Transaction, which: ColumnElement[bool]) -> None:
    await cancel_flows(context, work, FlowKind.RECOVERY, which, "Запрошено новое восстановление")


async def recovery(context: Context, flow_id: UUID) -> RecoveryView | None:
    """One recovery by its unguessable id."""
    run = await find_run(context, flow_id, FlowKind.RECOVERY)
    return _view(context, run) if run else None


def _view(context: Context, run: Run) -> RecoveryView:
    now, (proof, *_) = context.clock.now(), run.proofs
    return RecoveryView(
        id=run.flow.id,
        number=run.application.number,
        state=_state(context, run.flow, proof),
        channel=run.flow.channel,
        masked_contact=contact_of(context, proof).masked,
        attempts_left=max(proof.attempts_left, 0),
        code_ttl_seconds=0 if proof.used_at else seconds_left(proof.expires_at, now),
        hints=list(HINTS),
    )


def _state(context: Context, flow: Flow, proof: Proof) -> RecoveryState:
    now = context.clock.now()
    if flow.state is FlowState.DONE:
        return RecoveryState.DONE
    if flow.state is FlowState.CONFIRMED:
        return RecoveryState.EXPIRED if _confirmation_is_old(context, flow) else RecoveryState.CODE_CONFIRMED
    if over(flow, now) or proof.expires_at <= now:
        return RecoveryState.EXPIRED
    return RecoveryState.CODE_SENT if proof.attempts_left > 0 else RecoveryState.FAILED


def _confirmation_is_old(context: Context, flow: Flow) -> bool:
    return flow.confirmed_at is None or flow.confirmed_at + CONFIRMED_LIFE <= context.clock.now()


async def confirm_code(context: Context, flow_id: UUID, code: str) -> None:
    """The code of the letter or the SMS; wrong, late, worn out and used differ (1.2-7)."""

    async def then(work: Transaction, flow: Flow, proof: Proof) -> Problem | None:
        if flow.account_id is None:  # one in a million has guessed the code of a flow that leads nowhere
            return wrong_code(proof)
        proof.used_at = flow.confirmed_at = context.clock.now()
        flow.state = FlowState.CONFIRMED
        application = await work.session.get_one(Application, flow.id)
        move_application(context, work, application, ApplicationStatus.IN_PROGRESS, "Код подтверждён")
        return None

    await guess(context, flow_id, FlowKind.RECOVERY, code, then, *ContactKind)


async def reset_password(context: Context, flow_id: UUID, password: str) -> int:
    """Set it: sessions, challenges and pending changes of contacts end; returns how many sessions were open (1.2-19).

    Guesses at the old password keep nobody out any more.
    """
    run = await find_run(context, flow_id, FlowKind.RECOVERY)
    if run is None:
        raise UserError(unknown_flow())
    account = await _account(context, run)
    hashed = await _new_hash(context, account, password)
    async with context.database.transaction(context.author) as work:
        account = await work.session.get_one(Account, account.id, with_for_update=True)
        if not _recoverable(account):  # closed or blocked since
            raise UserError(_late())
        await _finish(context, work, run.flow.id)
        set_password(account, hashed)
        closed = await close_sessions(context, work, account.id, "recovery")
        await _end_everything_pending(context, work, account.id)
        for rule in PASSWORD_RULES:
            await forget_tries(context, work.session, rule, str(account.id))
        await _tell(context, work, account)
        work.record(
            Fact(account_stream(account.id), "recovery:password:reset", run.flow.id, {"closed": closed})
        )
    return closed


async def _account(context: Context, run: Run) -> Account:
    """The account of a confirmed flow; else the problem that says what is missing (1.1-3)."""
    flow, (proof, *_) = run.flow, run.proofs
    if flow.state is FlowState.DONE:
        raise mistake(ErrorCode.CODE_USED, "Пароль по этой заявке уже изменён.", "flowId")
    if flow.state is FlowState.OPEN:
        step = AccessStep.CONFIRM_EMAIL if proof.kind is ContactKind.EMAIL else AccessStep.CONFIRM_PHONE
        message = "Сначала введите код, который пришёл на указанный контакт."
        raise mistake(ErrorCode.STEP_REQUIRED, message, "flowId", missing=[step])
    if flow.state is FlowState.CANCELLED or _confirmation_is_old(context, flow):
        raise UserError(_late())
    async with context.database.reading() as session:
        account = await session.get(Account, flow.account_id)
    if account is None or not _recoverable(account):
        raise UserError(_late())
    return account


def _late() -> Problem:
    return Problem(ErrorCode.CODE_EXPIRED, "Время вышло. Запросите восстановление ещё раз.", ("flowId",))


async def _new_hash(context: Context, account: Account, password: str) -> str:
    checked = Password.parse(password, "newPassword", personal=personal(context, account))
    if (await context.ports.passwords.verify(account.password_hash or "", checked)).right:
        raise mistake(ErrorCode.PASSWORD_REUSED, "Это ваш прежний пароль. Придумайте другой.", "newPassword")
    return await context.ports.passwords.hash(checked)


async def _finish(context: Context, work: Transaction, flow_id: UUID) -> None:
    """Of two resets with one code exactly one goes on (A40)."""
    query = (
        update(Flow)
        .where(col(Flow.id) == flow_id, col(Flow.state) == FlowState.CONFIRMED)
        .values(state=FlowState.DONE)
        .returning(col(Flow.id))
    )
    if await work.session.scalar(query) is None:
        raise mistake(ErrorCode.CODE_USED, "Пароль по этой заявке уже изменён.", "flowId")
    application = await work.session.get_one(Application, flow_id)
    move_application(context, work, application, ApplicationStatus.APPROVED, "Пароль изменён")


async def _end_everything_pending(context: Context, work: Transaction, account_id: UUID) -> None:
    """Codes of changed contacts and of other recoveries die with the old password, as those of logins have (A41, A42)."""
    await _end_older(context, work, col(Flow.account_id) == account_id)
    await cancel_changes(context, work, account_id)


async def _tell(context: Context, work: Transaction, account: Account) -> None:
    """A notice to both contacts, and in the cabinet."""
    text = "Пароль личного кабинета НМО изменён, все сеансы завершены. Если это были не вы, обратитесь в поддержку."
    await ring(context, work, account.id, "Пароль изменён", text)
    if account.email and account.email_confirmed_at:
        work.enqueue(letter_to(context, account.email, "НМО: пароль изменён", text))
    if account.phone_confirmed_at:
        for job in code_by_sms(context, account, text):
            work.enqueue(job)
