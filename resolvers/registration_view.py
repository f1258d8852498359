"""How a registration looks to who began it: number, state, where the code went, what comes next (1.1-3, 1.1-4)."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from models.account import AccessStep, Account, AccountState, Channel
from models.contact_changes import ContactKind
from models.flows import FlowKind, over, resend_wait
from resolvers.account import steps
from resolvers.context import Context
from resolvers.flows import Run, contact_of, find_run, seconds_left


class RegistrationState(StrEnum):
    """How far it has come."""

    CODE_SENT = "CODE_SENT"
    CONTACT_CONFIRMED = "CONTACT_CONFIRMED"
    DATA_PENDING = "DATA_PENDING"
    CHECKING = "CHECKING"
    REJECTED = "REJECTED"
    DONE = "DONE"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """Contacts are masked; seconds are what is left."""

    id: UUID
    application_number: str
    state: RegistrationState
    channel: Channel
    code_sent_to: str | None
    letter_sent_to: str | None
    code_ttl_seconds: int
    attempts_left: int
    resend_after_seconds: int
    next_step: AccessStep | None


async def registration(context: Context, flow_id: UUID) -> RegistrationView | None:
    """One registration by its unguessable id."""
    run = await find_run(context, flow_id, FlowKind.REGISTRATION)
    if run is None:
        return None
    async with context.database.reading() as session:
        mine = select(Account).where(col(Account.id) == run.flow.account_id)
        account = (await session.scalars(mine)).one_or_none()
    return _view(context, run, account)


def _view(context: Context, run: Run, account: Account | None) -> RegistrationView:
    now, phone = context.clock.now(), run.proof(ContactKind.PHONE)
    state = _state(context, run, account)
    left = steps(account) if account else (AccessStep.CONFIRM_PHONE,)
    return RegistrationView(
        id=run.flow.id,
        application_number=run.application.number,
        state=state,
        channel=run.flow.channel,
        code_sent_to=_masked(context, run, ContactKind.PHONE),
        letter_sent_to=_masked(context, run, ContactKind.EMAIL),
        code_ttl_seconds=seconds_left(phone.expires_at, now) if phone and not phone.used_at else 0,
        attempts_left=max(phone.attempts_left, 0) if phone else 0,
        resend_after_seconds=int(resend_wait(phone, now).total_seconds()) if phone else 0,
        next_step=left[0] if left and state is not RegistrationState.EXPIRED else None,
    )


def _state(context: Context, run: Run, account: Account | None) -> RegistrationState:
    if account is None:
        ended = over(run.flow, context.clock.now())
        return RegistrationState.EXPIRED if ended else RegistrationState.CODE_SENT
    match account.state:
        case AccountState.DATA_SUBMITTED:
            return RegistrationState.CHECKING
        case AccountState.DATA_REJECTED:
            return RegistrationState.REJECTED
        case AccountState.VERIFIED:
            return RegistrationState.DONE
        case _:
            confirmed = account.email_confirmed_at is not None
            return RegistrationState.DATA_PENDING if confirmed else RegistrationState.CONTACT_CONFIRMED


def _masked(context: Context, run: Run, kind: ContactKind) -> str | None:
    proof = run.proof(kind)
    return contact_of(context, proof).masked if proof else None
