"""What is sent to a contact at registration, first and again (1.1.2-2, 1.1.2-6, 1.1.2-7, 1.1.2-12, A01)."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from models.account import Account
from models.contact_changes import ContactKind
from models.errors import ErrorCode, Problem, UserError
from models.flows import CODE_LIFE, Flow, FlowKind, Proof, resend_problem, unknown_flow
from models.journal import Fact
from models.limits import MESSAGES
from models.values.email import Email
from models.values.phone import Phone
from resolvers.context import Context, Person
from resolvers.flows import contact_of, find_run, new_code, new_link, plain, stream_of
from resolvers.limits import allow
from resolvers.messages import code_text, letter_to, message_to, text_to
from storage.database import Transaction
from storage.jobs import Job

CONFIRM_PATH = "/confirm-email"
KNOWN = (
    "Кто-то, возможно вы, пытался зарегистрироваться в личном кабинете НМО, но учётная запись у вас уже есть."
)
KNOWN_BRIEFLY = (
    "Учётная запись НМО с этим телефоном уже есть. Войдите или восстановите пароль. "
    "Если регистрировались не вы, ничего не делайте."
)
ADVICE = "Если это были вы — войдите или восстановите пароль. Если нет — ничего делать не нужно."


def send_proof(context: Context, proof: Proof, contact: Phone | Email, *, taken: bool) -> Job:
    """A code by SMS or a link by letter; the owner of a taken contact is told instead, at the same cost."""
    if isinstance(contact, Phone):
        code = new_code(context, proof)
        text = KNOWN_BRIEFLY if taken else code_text(code, "для регистрации в кабинете НМО")
        if taken:
            proof.code_hash = None
        return text_to(context, contact, text, CODE_LIFE)
    link = new_link(context, proof, CONFIRM_PATH)
    if taken:
        proof.link_hash = None
        return letter_to(context, contact.key, "НМО: учётная запись уже есть", f"{KNOWN}\n\n{ADVICE}")
    text = (
        "Вы указали этот адрес в личном кабинете НМО. Подтвердите его: ссылка действует 24 часа и один раз.\n\n"
        "Если вы этого не делали, ничего делать не нужно."
    )
    return letter_to(context, contact.key, "НМО: подтверждение адреса", text, ("Подтвердить адрес", link))


def password_message(context: Context, kind: ContactKind, contact: str | None, password: str) -> Job:
    """A temporary password goes by the contact that is confirmed (2.2-3, 2.2-4)."""
    text = f"Временный пароль НМО: {password} На один вход в течение 72 часов."
    return message_to(context, kind, contact, "Временный пароль", text)


async def resend(context: Context, flow_id: UUID | None, kind: ContactKind) -> UUID:
    """Send again: after a minute, five codes or three letters in all; then the address must be corrected (A8)."""
    key = flow_id or await _own_flow(context)
    run = await find_run(context, key, FlowKind.REGISTRATION) if key else None
    proof = run.proof(kind) if run else None
    if run is None or proof is None:
        raise UserError(unknown_flow())
    problem = resend_problem(run.flow, proof, context.clock.now())
    if problem is None:
        contact = contact_of(context, proof)
        await allow(context, MESSAGES, plain(contact))
        problem = await _send_again(context, run.flow.id, proof.id, contact)
    elif problem.code is ErrorCode.EMAIL_BLOCKED and run.flow.account_id is not None:
        await _block(context, run.flow.account_id)
    if problem is not None:
        raise UserError(problem)
    return run.flow.id


async def _send_again(
    context: Context, flow_id: UUID, proof_id: UUID, contact: Phone | Email
) -> Problem | None:
    async with context.database.transaction(context.author) as work:
        flow = await work.session.get_one(Flow, flow_id, with_for_update=True)
        proof = await work.session.get_one(Proof, proof_id, with_for_update=True)
        if problem := resend_problem(flow, proof, context.clock.now()):
            return problem
        proof.sends += 1
        work.enqueue(send_proof(context, proof, contact, taken=_leads_nowhere(proof)))
        data = {"kind": proof.kind.value, "sends": proof.sends}
        work.record(Fact(stream_of(flow), "registration:message:repeated", flow.id, data))
    return None


def _leads_nowhere(proof: Proof) -> bool:
    """What was taken when the flow began stays so for its whole life."""
    return proof.code_hash is None and proof.link_hash is None


async def _own_flow(context: Context) -> UUID | None:
    """The registration of the signed-in caller, which need not be named."""
    if not isinstance(context.caller, Person):
        return None
    mine = (col(Flow.account_id) == context.caller.account.id) & (col(Flow.kind) == FlowKind.REGISTRATION)
    async with context.database.reading() as session:
        return await session.scalar(select(col(Flow.id)).where(mine))


async def _block(context: Context, account_id: UUID) -> None:
    """The account shows that letters have stopped, until its address is changed (1.1.2-12)."""
    async with context.database.transaction(context.author) as work:
        await _mark_blocked(work, account_id)


async def _mark_blocked(work: Transaction, account_id: UUID) -> None:
    account = await work.session.get_one(Account, account_id, with_for_update=True)
    if account.email_confirmed_at is None and not account.email_send_blocked:
        account.email_send_blocked = True
        work.record(Fact(f"account:{account_id}", "registration:email:blocked", account_id))
