"""The engine of flows: a guess is counted and committed together with what it led to; what follows is the flow's affair.

What is seen of the limits goes by the contact, whoever has it. The budget of an account is counted without a word: a
guess beyond it is answered like a wrong one and not looked at (A31, A38).
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from models.account import Account, Channel
from models.applications import UNFINISHED, Application, ApplicationKind, ApplicationStatus
from models.contact_changes import ContactKind
from models.errors import ErrorCode, Problem, UserError
from models.flows import (
    CODE_ATTEMPTS,
    CODE_LIFE,
    FLOW_LIFE,
    LINK_LIFE,
    Flow,
    FlowKind,
    FlowState,
    Proof,
    code_fits,
    stale_problem,
    unknown_flow,
    wrong_code,
)
from models.journal import Fact, account_stream
from models.limits import CODE_GUESSES, CODES_BY_ADDRESS, CONTACT_GUESSES, FLOW_GUESSES
from models.secrets import code_fingerprint, fingerprint
from models.values.email import Email
from models.values.one_time_code import OneTimeCode
from models.values.phone import Phone
from models.values.text import broken, required
from resolvers.applications import move_application, open_application
from resolvers.context import Context
from resolvers.limits import allow, give_back, give_back_within, spend_within
from storage.database import Transaction
from storage.locks import Turn, take_turns

APPLICATIONS = {
    FlowKind.REGISTRATION: ApplicationKind.REGISTRATION,
    FlowKind.RECOVERY: ApplicationKind.PASSWORD_RECOVERY,
}
_WORDS = re.compile(r"[^\W\d_]{2}")
_CONTACT = "79161234567 или ivanov@example.ru"
WORN_OUT = "Код введён неверно пять раз. Запросите восстановление ещё раз."
LIVE = (FlowState.OPEN, FlowState.CONFIRMED)
_ACCOUNT_RULES = (FLOW_GUESSES, CODE_GUESSES)
Then = Callable[[Transaction, Flow, Proof], Awaitable[Problem | None]]


@dataclass(frozen=True, slots=True)
class Run:
    """A flow with what belongs to it."""

    flow: Flow
    application: Application
    proofs: Sequence[Proof]

    def proof(self, kind: ContactKind) -> Proof | None:
        return next((proof for proof in self.proofs if proof.kind is kind), None)


async def open_flow(
    context: Context, work: Transaction, kind: FlowKind, channel: Channel, account_id: UUID | None
) -> Flow:
    """A new flow and its application."""
    application = await open_application(context, work, APPLICATIONS[kind], account_id)
    now = context.clock.now()
    flow = Flow(
        id=application.id,
        kind=kind,
        channel=channel,
        account_id=account_id,
        created_at=now,
        expires_at=now + FLOW_LIFE,
    )
    work.session.add(flow)
    await work.session.flush()
    return flow


def expect(context: Context, work: Transaction, flow: Flow, contact: Phone | Email) -> Proof:
    """A contact the flow will have confirmed; nothing has been sent to it yet."""
    key, vault, now = context.secrets.uuid(), context.ports.vault, context.clock.now()
    proof = Proof(
        id=key,
        flow_id=flow.id,
        kind=kind_of(contact),
        contact_sealed=vault.seal(plain(contact), "proof", "contact_sealed", key),
        contact_index=contact_index(context, contact),
        sent_at=now,
        expires_at=now,
    )
    work.session.add(proof)
    return proof


def kind_of(contact: Phone | Email) -> ContactKind:
    return ContactKind.EMAIL if isinstance(contact, Email) else ContactKind.PHONE


def plain(contact: Phone | Email) -> str:
    """What stands for the contact in look-ups and limits: letters that look alike are one address."""
    return contact.key if isinstance(contact, Email) else contact


def contact_index(context: Context, contact: Phone | Email) -> bytes:
    """What look-ups compare."""
    return context.ports.vault.index("contact", plain(contact))


def contact_of(context: Context, proof: Proof) -> Phone | Email:
    """The contact in the open."""
    text = context.ports.vault.open(proof.contact_sealed, "proof", "contact_sealed", proof.id)
    return Email(text) if proof.kind is ContactKind.EMAIL else Phone(text)


def new_code(context: Context, proof: Proof) -> str:
    """A code for this proof; the one before it is dead."""
    code, now = context.secrets.code(), context.clock.now()
    proof.code_hash = code_fingerprint(code, proof.id)
    proof.attempts_left, proof.sent_at, proof.expires_at = CODE_ATTEMPTS, now, now + CODE_LIFE
    return code


def new_link(context: Context, proof: Proof, path: str) -> str:
    """A link for this proof, under the configured origin; the secret stands after `#`, which no server ever sees."""
    token, now = context.secrets.token(), context.clock.now()
    proof.link_hash = fingerprint(token)
    proof.sent_at, proof.expires_at = now, now + LINK_LIFE
    return f"{context.ports.origin}{path}#{token}"


async def find_run(context: Context, flow_id: UUID, kind: FlowKind) -> Run | None:
    """A flow by its unguessable id."""
    async with context.database.reading() as session:
        query = select(Flow, Application).join(Application, col(Application.id) == col(Flow.id))
        found = (
            await session.execute(query.where(col(Flow.id) == flow_id, col(Flow.kind) == kind))
        ).one_or_none()
        if found is None:
            return None
        proofs = await session.scalars(
            select(Proof).where(col(Proof.flow_id) == flow_id).order_by(col(Proof.id))
        )
        return Run(found[0], found[1], proofs.all())


async def guess(
    context: Context, flow_id: UUID, flow_kind: FlowKind, code: str, then: Then, *kinds: ContactKind
) -> None:
    """Look at a code typed into a flow; `then` runs in the same transaction when it is right."""
    code = OneTimeCode.parse(code, "code")
    run = await find_run(context, flow_id, flow_kind)
    proof = next((proof for proof in run.proofs if proof.kind in kinds), None) if run else None
    if run is None or proof is None:
        raise UserError(unknown_flow())
    contact = f"{flow_kind.value}:{proof.contact_index.hex()}"
    await allow(context, CODES_BY_ADDRESS, context.peer.address)
    await allow(context, CONTACT_GUESSES, contact)
    async with context.database.transaction(context.author) as work:
        await hold_registration(work, run.flow)
        flow, proof = await _take_attempt(work, flow_id, proof.id)
        outcome, problem = await _look_at(context, work, flow, proof, code, then)
        if problem and problem.code is ErrorCode.CODE_WRONG and proof.attempts_left == 0:
            await _worn_out(context, work, flow)
        verdict = {"code": problem.code.value} if problem else {}
        work.record(Fact(stream_of(flow), f"{flow_kind.value.lower()}:code:{outcome}", flow.id, verdict))
    if problem is not None:
        raise UserError(problem)
    await give_back(context, CONTACT_GUESSES, contact)


async def _look_at(
    context: Context, work: Transaction, flow: Flow, proof: Proof, code: str, then: Then
) -> tuple[str, Problem | None]:
    """What the journal calls the outcome, and what is wrong."""
    if stale := stale_problem(flow, proof, context.clock.now()):
        return "failed", stale
    whose = str(flow.account_id or flow.id)  # a flow that leads nowhere costs the same
    for rule in _ACCOUNT_RULES:
        if await spend_within(context, work.session, rule, whose):
            return "limited", wrong_code(proof)
    problem = await then(work, flow, proof) if code_fits(proof, code) else wrong_code(proof)
    if problem is not None:
        return "failed", problem
    for rule in _ACCOUNT_RULES:
        await give_back_within(context, work.session, rule, whose)
    return "confirmed", None


async def _worn_out(context: Context, work: Transaction, flow: Flow) -> None:
    """A recovery has one code and is over with its last try; a registration may send another code, and has a link."""
    if flow.kind is FlowKind.RECOVERY:
        application = await work.session.get_one(Application, flow.id)
        move_application(context, work, application, ApplicationStatus.REJECTED, WORN_OUT, [WORN_OUT])


def names_contact(index: bytes) -> ColumnElement[bool]:
    """Flows in which somebody has named this contact."""
    return col(Flow.id).in_(select(col(Proof.flow_id)).where(col(Proof.contact_index) == index))


async def hold_registration(work: Transaction, flow: Flow) -> None:
    """What a registration touches is held before its flow, in the order of all: the account that it has made, then its
    contacts, since who confirms one ends the rivals for it.

    A recovery changes no account before its last step, and may not wait where a flow that leads nowhere does not.
    """
    if flow.kind is not FlowKind.REGISTRATION:
        return
    if flow.account_id is not None:
        await work.session.get_one(Account, flow.account_id, with_for_update=True)
    contacts = select(func.encode(col(Proof.contact_index), "hex"))
    await take_turns(work.session, Turn.CONTACTS, contacts.where(col(Proof.flow_id) == flow.id))


async def _take_attempt(work: Transaction, flow_id: UUID, proof_id: UUID) -> tuple[Flow, Proof]:
    # The row lock makes parallel guesses count one by one.
    flow = await work.session.get(Flow, flow_id, with_for_update=True)
    if flow is None:  # its account was closed meanwhile
        raise UserError(unknown_flow())
    proof = await work.session.get_one(Proof, proof_id, with_for_update=True)
    proof.attempts_left -= 1
    return flow, proof


async def cancel_flows(
    context: Context, work: Transaction, kind: FlowKind, which: ColumnElement[bool], comment: str
) -> None:
    """End flows of a kind that something newer has overtaken."""
    live = select(Flow).where(col(Flow.kind) == kind, which, col(Flow.state).in_(LIVE))
    in_order = live.order_by(col(Flow.id)).with_for_update()
    for flow in (await work.session.scalars(in_order)).all():
        flow.state, flow.data_sealed = FlowState.CANCELLED, None
        application = await work.session.get_one(Application, flow.id)
        if application.status in UNFINISHED:
            move_application(context, work, application, ApplicationStatus.CANCELLED, comment)


def stream_of(flow: Flow) -> str:
    """The journal of the account, or of the flow while it has none."""
    return account_stream(flow.account_id) if flow.account_id else f"flow:{flow.id}"


def parse_contact(typed: str, *path: str) -> Phone | Email:
    """What a person typed as an address or as a phone; a mistake is told of what they seem to have meant."""
    required(typed, path, _CONTACT)
    if "@" in typed:
        return Email.parse(typed, *path)
    if _WORDS.search(typed):
        message = "Это не телефон и не адрес почты. Проверьте знак @ в адресе или цифры телефона."
        raise broken(ErrorCode.INVALID_FORMAT, message, path, expected=_CONTACT)
    return Phone.parse(typed.strip(), *path)


def seconds_left(until: datetime, now: datetime) -> int:
    return max(0, int((until - now).total_seconds()))
