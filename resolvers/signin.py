"""Signing in: a password, then a code at every login (2.2-6, 3.1-5, 3.1-6, A26)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from models.account import AccessStep, Account, AccountState, Channel
from models.errors import ErrorCode, Problem, UserError, mistake
from models.journal import Fact, account_stream
from models.notifications import NotificationKind
from models.secrets import code_fingerprint, same
from models.signin import CHALLENGE_LIFE, Challenge, SecondFactorMethod
from resolvers.account import steps
from resolvers.contacts import find_by_contact, masked_phone
from resolvers.context import Context
from resolvers.messages import code_by_sms
from resolvers.notices import notify
from resolvers.sessions import close_sessions, open_session
from storage.database import Transaction

SIGNED_IN_NOTICE = (
    "Вход в личный кабинет",
    "Открыт новый сеанс. Если это были не вы, завершите его в настройках и смените пароль.",
)


@dataclass(frozen=True, slots=True)
class Step:
    """The second step of a login, as the client needs it."""

    id: UUID
    methods: list[SecondFactorMethod]
    masked_phone: str | None
    ttl_seconds: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just opened."""

    token: str
    steps: list[AccessStep]


async def login(context: Context, *, login: str, password: str) -> Step:
    """The first step: the answer and the work are the same for an unknown login and a wrong password (A31)."""
    account = await find_by_contact(context, login)
    if account is None or account.password_hash is None or account.state is AccountState.CLOSED:
        await context.ports.passwords.dummy_verify(password)
        raise _wrong()
    if not (await context.ports.passwords.verify(account.password_hash, password)).right:
        raise _wrong()
    return await _challenge(context, account)


async def _challenge(context: Context, account: Account) -> Step:
    now, code, challenge_id = context.clock.now(), context.secrets.code(), context.secrets.uuid()
    async with context.database.transaction(context.author) as work:
        work.session.add(
            Challenge(
                id=challenge_id,
                account_id=account.id,
                code_hash=code_fingerprint(code, challenge_id),
                created_at=now,
                expires_at=now + CHALLENGE_LIFE,
            )
        )
        for job in code_by_sms(context, account, f"Код для входа в личный кабинет НМО: {code}"):
            work.enqueue(job)
    return Step(
        challenge_id,
        [SecondFactorMethod.SMS],
        masked_phone(context, account),
        int(CHALLENGE_LIFE.total_seconds()),
    )


async def complete_second_factor(
    context: Context, *, challenge_id: UUID, code: str, method: SecondFactorMethod
) -> Opened:
    """The second step: at most five guesses, counted and committed before a guess is looked at."""
    if method is not SecondFactorMethod.SMS:
        raise mistake(ErrorCode.CODE_WRONG, "Этот способ подтверждения не подключён.", "method")
    problem: Problem | None
    async with context.database.transaction(context.author) as work:
        challenge = await _spend_attempt(work, challenge_id)
        problem = _problem(context, challenge, code)
        if challenge is None:
            raise UserError(problem or _lost())
        account = await work.session.get_one(Account, challenge.account_id)
        stream = account_stream(account.id)
        if problem is None:
            challenge.used_at = account.last_login_at = context.clock.now()
            token = open_session(context, work, account.id, Channel.SITE)
            work.record(Fact(stream, "signin:session:opened", data={"method": method.value}))
            await notify(
                context, work, account.id, NotificationKind.SECURITY, *SIGNED_IN_NOTICE, by_email=False
            )
            return Opened(token, list(steps(account)))
        work.record(Fact(stream, "signin:challenge:failed", challenge.id, {"code": problem.code.value}))
    raise UserError(problem)


async def _spend_attempt(work: Transaction, challenge_id: UUID) -> Challenge | None:
    # The row lock of the update makes parallel guesses count one by one.
    return await work.session.scalar(
        update(Challenge)
        .where(col(Challenge.id) == challenge_id)
        .values(attempts_left=col(Challenge.attempts_left) - 1)
        .returning(Challenge)
    )


def _problem(context: Context, challenge: Challenge | None, code: str) -> Problem | None:
    if challenge is None:
        return _lost()
    left = max(challenge.attempts_left, 0)
    if challenge.used_at is not None:
        return Problem(ErrorCode.CODE_USED, "Этот код уже использован. Войдите заново.", ("code",))
    if challenge.expires_at <= context.clock.now():
        return Problem(ErrorCode.CODE_EXPIRED, "Срок действия кода истёк. Войдите заново.", ("code",))
    if challenge.attempts_left < 0:
        return Problem(
            ErrorCode.CODE_ATTEMPTS_EXHAUSTED,
            "Попытки закончились. Войдите заново, придёт новый код.",
            ("code",),
            extra={"attempts_left": 0},
        )
    if not same(challenge.code_hash, code_fingerprint(code.strip(), challenge.id)):
        return Problem(
            ErrorCode.CODE_WRONG,
            "Неверный код. Проверьте и введите ещё раз.",
            ("code",),
            extra={"attempts_left": left},
        )
    return None


async def logout(context: Context, *, all_sessions: bool) -> int:
    """End this session, or every session of the account."""
    person = context.person
    async with context.database.transaction(context.author) as work:
        only = None if all_sessions else person.session.id
        closed = await close_sessions(context, work, person.account.id, "logout", only=only)
        work.record(Fact(account_stream(person.account.id), "signin:session:closed", data={"closed": closed}))
    context.cookies.append(("", 0))
    return closed


def _wrong() -> UserError:
    return mistake(ErrorCode.CREDENTIALS_WRONG, "Неверный логин или пароль.", "password")


def _lost() -> Problem:
    return Problem(ErrorCode.CODE_EXPIRED, "Срок действия кода истёк. Войдите заново.", ("code",))
