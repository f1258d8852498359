"""There to Gosuslugi and back: begun once, bound to who began it, good once (A58-A60, A64, A66)."""

import json
import re
from collections.abc import Awaitable
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import delete, update
from sqlmodel import col

from gateways.errors import GatewayUnavailable
from gateways.gosuslugi import Attempt, Gosuslugi, GosuslugiRefused, GosuslugiUntrusted, Grant
from models.account import Session
from models.errors import ErrorCode, Problem, UserError, mistake
from models.journal import Fact, account_stream
from models.linking import ATTEMPT_LIFE, AttemptKind, GosuslugiAttempt, esia_problem
from models.secrets import fingerprint, same
from resolvers.context import Context
from storage.database import Transaction

COLUMN = ("gosuslugi_attempt", "data_sealed")
CODE = re.compile(r"ESIA-\d{6}")
NOT_CONFIRMED = "ESIA-007055"


@dataclass(frozen=True, slots=True, repr=False)
class Started:
    """Where to go; `key` is kept by the browser and shown again by a login that comes back."""

    authorization_url: str
    state: str
    key: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Return:
    """What stood in the address of the way back: a code, or the portal's refusal."""

    state: str
    code: str | None = None
    error: str | None = None
    key: str | None = None


def portal(context: Context) -> Gosuslugi:
    """The way to Gosuslugi, where one is set up."""
    if context.ports.gosuslugi is None:
        raise UserError(esia_problem(ErrorCode.ESIA_UNAVAILABLE))
    return context.ports.gosuslugi


async def prepare(context: Context, redirect_uri: str) -> tuple[Attempt, str]:
    """A new attempt and the address that opens the portal's own window (2.1-6, 2.1-7)."""
    _check_redirect(context, redirect_uri)
    secrets = context.secrets
    attempt = Attempt(secrets.token(), secrets.token(), secrets.token(), redirect_uri)
    try:
        return attempt, await portal(context).authorization_url(attempt)
    except GatewayUnavailable as error:
        raise UserError(esia_problem(ErrorCode.ESIA_UNAVAILABLE)) from error


def remember(
    context: Context, work: Transaction, kind: AttemptKind, attempt: Attempt, session: Session | None
) -> str | None:
    """Until the way back; returns the key of the browser where no session stands for it."""
    secrets = context.secrets
    key = None if session else secrets.token()
    row = GosuslugiAttempt(
        id=secrets.uuid(),
        kind=kind,
        state_hash=fingerprint(attempt.state),
        key_hash=fingerprint(key) if key else None,
        data_sealed=b"",
        account_id=session.account_id if session else None,
        session_id=session.id if session else None,
        expires_at=context.clock.now() + ATTEMPT_LIFE,
    )
    said = json.dumps([attempt.nonce, attempt.verifier, attempt.redirect_uri])
    row.data_sealed = context.ports.vault.seal(said, *COLUMN, row.id)
    work.session.add(row)
    work.record(Fact(_stream(row), "linking:attempt:started", row.id, {"kind": kind.value}))
    return key


def _check_redirect(context: Context, redirect_uri: str) -> None:
    """Back to a page of ours and nowhere else."""
    try:
        parts = urlsplit(redirect_uri)
        origin = f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        origin = ""
    if origin not in context.ports.homes or "#" in redirect_uri:
        message = f"Адрес возврата должен начинаться с {context.ports.origin}/."
        raise mistake(ErrorCode.INVALID_FORMAT, message, "redirectUri")


async def come_back(
    context: Context, kind: AttemptKind, returned: Return, session: Session | None
) -> Attempt:
    """The attempt, spent before anything is asked, so that a repeated or stolen address leads nowhere."""
    async with context.database.transaction(context.author) as work:
        attempt = await _spend(context, work, kind, returned, session)
    if attempt is None:
        raise UserError(esia_problem(ErrorCode.ESIA_STATE))
    return attempt


async def grant_of(context: Context, attempt: Attempt, returned: Return) -> Grant:
    """Whom the portal names for the code of the way back; only who is confirmed there counts (A63)."""
    if returned.code is None:
        raise UserError(refusal(returned.error or ""))
    grant = await asked(portal(context).exchange(attempt, returned.code))
    if not grant.person.trusted:
        raise UserError(esia_problem(ErrorCode.ESIA_UNTRUSTED))
    return grant


async def _spend(
    context: Context, work: Transaction, kind: AttemptKind, returned: Return, session: Session | None
) -> Attempt | None:
    now = context.clock.now()
    query = (
        update(GosuslugiAttempt)
        .where(
            col(GosuslugiAttempt.state_hash) == fingerprint(returned.state),
            col(GosuslugiAttempt.kind) == kind,
            col(GosuslugiAttempt.used_at).is_(None),
            col(GosuslugiAttempt.expires_at) > now,
        )
        .values(used_at=now)
        .returning(GosuslugiAttempt)
    )
    row = await work.session.scalar(query)
    if row is None or not _theirs(row, returned.key, session):
        return None
    work.record(Fact(_stream(row), "linking:attempt:returned", row.id))
    nonce, verifier, redirect_uri = json.loads(context.ports.vault.open(row.data_sealed, *COLUMN, row.id))
    return Attempt(returned.state, nonce, verifier, redirect_uri)


def _theirs(row: GosuslugiAttempt, key: str | None, session: Session | None) -> bool:
    if row.key_hash is not None:
        return key is not None and same(row.key_hash, fingerprint(key))
    return session is not None and row.session_id == session.id


def _stream(row: GosuslugiAttempt) -> str:
    return account_stream(row.account_id) if row.account_id else f"gosuslugi:{row.id}"


async def asked(answer: Awaitable[Grant]) -> Grant:
    """The portal's answer, or the mistake that a person is told."""
    try:
        return await answer
    except GatewayUnavailable as error:
        raise UserError(esia_problem(ErrorCode.ESIA_UNAVAILABLE)) from error
    except GosuslugiUntrusted as error:
        raise UserError(esia_problem(ErrorCode.ESIA_STATE)) from error
    except GosuslugiRefused as error:
        raise UserError(refusal(error.code)) from error


def refusal(said: str) -> Problem:
    """The portal's own code travels on, for support."""
    found = CODE.search(said)
    code = found[0] if found else None
    return esia_problem(
        ErrorCode.ESIA_UNTRUSTED if code == NOT_CONFIRMED else ErrorCode.ESIA_DENIED, esia_code=code
    )


async def forget_attempts(context: Context) -> None:
    """Ways back that nobody took."""
    async with context.database.reading() as session:
        over = col(GosuslugiAttempt.expires_at) < context.clock.now()
        await session.execute(delete(GosuslugiAttempt).where(over))
