"""Flows that end in a code or a link: registration and recovery.

A flow is the working half of an application and has its id. It waits for proofs: each is one contact, the code or
the link sent to it, and the tries left. A flow that leads nowhere (A31) looks and costs the same.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from uuid import UUID

from sqlmodel import Field

from models.account import Channel
from models.base import Row, owner, word
from models.contact_changes import ContactKind
from models.errors import ErrorCode, Problem
from models.secrets import code_fingerprint, same

FLOW_LIFE = timedelta(hours=24)
LINK_LIFE = timedelta(hours=24)
CODE_LIFE = timedelta(minutes=10)
CODE_ATTEMPTS = 5
RESEND_AFTER = timedelta(seconds=60)
MOST_SENDS = 5
MOST_LETTERS = 3
_OVER = "Заявка больше не действует. Начните заново."


class FlowKind(StrEnum):
    """What the flow is for."""

    REGISTRATION = "REGISTRATION"
    RECOVERY = "RECOVERY"


class FlowState(StrEnum):
    """OPEN waits for a proof; CONFIRMED has one; DONE and CANCELLED are the end."""

    OPEN = "OPEN"
    CONFIRMED = "CONFIRMED"
    DONE = "DONE"
    CANCELLED = "CANCELLED"


class Flow(Row, table=True):
    """One run; `data_sealed` is what it will do, gone when it is done; `request_index` knows a repeated request."""

    id: UUID = owner("application", index=False, primary_key=True)
    kind: FlowKind = word(FlowKind)
    state: FlowState = word(FlowState, FlowState.OPEN)
    channel: Channel = word(Channel, Channel.SITE)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True, ondelete="CASCADE")
    data_sealed: bytes | None = None
    request_index: bytes | None = Field(default=None, unique=True)
    created_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None = None


class Proof(Row, table=True):
    """A contact to be confirmed in a flow: the newest code (bound to this row) or the newest link, never both."""

    id: UUID = Field(primary_key=True)
    flow_id: UUID = owner("flow")
    kind: ContactKind = word(ContactKind)
    contact_sealed: bytes
    contact_index: bytes = Field(index=True)
    code_hash: bytes | None = None
    link_hash: bytes | None = Field(default=None, unique=True)
    attempts_left: int = CODE_ATTEMPTS
    sent_at: datetime
    expires_at: datetime
    sends: int = 1
    used_at: datetime | None = None


def over(flow: Flow, now: datetime) -> bool:
    """Whether the flow ended without being finished; one that has found its account does not grow old."""
    late = flow.state is FlowState.OPEN and flow.expires_at <= now
    return late or flow.state is FlowState.CANCELLED


def stale_problem(flow: Flow, proof: Proof, now: datetime) -> Problem | None:
    """Why a code is not looked at, its attempt having been taken: used, late and worn out differ (1.2-7)."""
    path = ("code",)
    if proof.used_at is not None:
        return Problem(ErrorCode.CODE_USED, "Этот код уже использован.", path)
    if over(flow, now):
        return Problem(ErrorCode.CODE_EXPIRED, _OVER, path)
    if proof.expires_at <= now:
        return Problem(ErrorCode.CODE_EXPIRED, "Срок действия кода истёк. Запросите новый код.", path)
    if proof.attempts_left < 0:
        message = "Попытки закончились. Запросите новый код."
        return Problem(ErrorCode.CODE_ATTEMPTS_EXHAUSTED, message, path, extra={"attempts_left": 0})
    return None


def code_fits(proof: Proof, code: str) -> bool:
    """Whether this is the code; none fits a proof that has been sent none."""
    return proof.code_hash is not None and same(proof.code_hash, code_fingerprint(code, proof.id))


def wrong_code(proof: Proof) -> Problem:
    """The answer to a wrong code, and to one that may not be looked at."""
    message = "Неверный код. Проверьте и введите ещё раз."
    extra = {"attempts_left": proof.attempts_left}
    return Problem(ErrorCode.CODE_WRONG, message, ("code",), extra=extra)


def resend_wait(proof: Proof, now: datetime) -> timedelta:
    """Until the next message may go; one sent in the future, by a clock since put back, holds nobody up for longer."""
    return max(RESEND_AFTER - abs(now - proof.sent_at), timedelta())


def resend_problem(flow: Flow, proof: Proof, now: datetime) -> Problem | None:
    """Why nothing is sent again; a letter asked for anew means that the one before it failed (A8)."""
    path = ("kind",)
    if proof.used_at is not None:
        return Problem(ErrorCode.CODE_USED, "Этот контакт уже подтверждён.", path)
    if over(flow, now):
        return Problem(ErrorCode.CODE_EXPIRED, _OVER, path)
    wait = resend_wait(proof, now).total_seconds()
    left = MOST_SENDS - proof.sends
    if wait > 0:
        extra = {"retry_after_seconds": ceil(wait), "attempts_left": left}
        message = f"Отправить снова можно через {ceil(wait)} с."
        return Problem(ErrorCode.RATE_LIMITED, message, path, extra=extra)
    if proof.kind is ContactKind.EMAIL and proof.sends >= MOST_LETTERS:
        return email_blocked(*path)
    if left <= 0:
        message = "Больше отправить нельзя. Проверьте номер телефона и начните заново."
        return Problem(ErrorCode.RATE_LIMITED, message, path, extra={"attempts_left": 0})
    return None


def email_blocked(*path: str) -> Problem:
    """Sending to this address has stopped; another address starts it again (1.1.2-12)."""
    message = "Письма на этот адрес не доходят, отправка остановлена. Исправьте адрес электронной почты."
    return Problem(ErrorCode.EMAIL_BLOCKED, message, path)


def unknown_flow() -> Problem:
    """The one answer for a flow that does not exist and for one of another kind."""
    return Problem(ErrorCode.NOT_FOUND, "Заявка не найдена. Начните заново.", ("flowId",))
