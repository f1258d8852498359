"""Signing in: a password, then a code at every login (2.2-6, 3.1-5, 3.1-6, A26)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col

from models.account import Account, AccountState, Channel
from models.errors import ErrorCode, Problem, UserError, mistake
from models.journal import Fact, account_stream
from models.limits import CODES_BY_ADDRESS, LOGIN_MESSAGES, LOGINS, PASSWORD_RULES
from models.signin import Challenge, SecondFactorMethod
from resolvers.challenges import Attempt, Step, fits_login, open_challenge
from resolvers.contacts import Credentials, find_by_contact, misspelled
from resolvers.context import Context
from resolvers.limits import allow, give_back, give_back_within, spend
from resolvers.notices import ring, warn_owner
from resolvers.second_factor import TypedCode, count_guess, factors, fits, forgive_guess, wrong_code
from resolvers.sessions import open_session
from storage.database import Transaction
from storage.passwords import Verdict

_NOT_ME = "Если это были не вы, завершите сеанс в настройках и смените пароль."
_SIGNED_IN = ("Вход в личный кабинет", f"Открыт новый сеанс. {_NOT_ME}")
# The same words for everybody: that a contact waits for its proof must not tell that somebody gave it.
WRONG_LOGIN = "Неверный логин или пароль. Адрес и телефон годятся для входа, когда подтверждены."
# where wrong passwords of logins that nobody has are written
NOBODY = "signin:unknown"


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just opened."""

    token: str
    account: Account


async def login(context: Context, *, login: str, password: str) -> Step:
    """The first step: the answer and the work are the same for an unknown login and a wrong password (A31)."""
    await allow(context, LOGINS, context.peer.address)
    if problem := misspelled(login, "login"):
        raise UserError(problem)
    step = None
    while step is None:  # again when another password was set, or this one hashed anew, since it was compared
        step = await _compared(context, login, password)
    return step


async def _compared(context: Context, login: str, password: str) -> Step | None:
    account = await find_by_contact(context, login)
    tried = str(account.id) if account else login.strip().casefold()
    tired = await _tired(context, tried)
    verdict = await _verdict(context, None if tired else account, password)
    if account is None or not verdict.right:
        raise await _refused(context, account, evaluated=not tired)
    for rule in PASSWORD_RULES:
        await give_back(context, rule, tried)
    return await open_challenge(context, account, password if verdict.outdated else None)


async def _tired(context: Context, tried: str) -> bool:
    """Whether no more passwords are looked at: of this login, or of the account in all."""
    for rule in PASSWORD_RULES:
        if await spend(context, rule, tried):
            return True
    return False


async def _verdict(context: Context, account: Credentials | None, password: str) -> Verdict:
    """An account that may not enter is compared with a decoy: the same work, and never right."""
    if account is None or account.password_hash is None or not _may_enter(context, account):
        await context.ports.passwords.dummy_verify(password)
        return Verdict(right=False)
    return await context.ports.passwords.verify(account.password_hash, password)


def _may_enter(context: Context, account: Account | Credentials) -> bool:
    """Neither closed nor locked; a temporary password is good once and until its time."""
    if account.state in {AccountState.CLOSED, AccountState.LOCKED}:
        return False
    until = account.password_temporary_until
    return until is None or (account.password_temporary_used_at is None and context.clock.now() < until)


async def _refused(context: Context, account: Credentials | None, *, evaluated: bool) -> UserError:
    """Written down for known and unknown logins alike, so that the time of the answer tells nothing."""
    action = "signin:password:failed" if evaluated else "signin:password:limited"
    async with context.database.transaction(context.author) as work:
        work.record(Fact(account_stream(account.id) if account else NOBODY, action))
    return mistake(ErrorCode.CREDENTIALS_WRONG, WRONG_LOGIN, "password")


async def complete_second_factor(
    context: Context, *, challenge_id: UUID, code: str, method: SecondFactorMethod
) -> Opened:
    """The second step: at most five guesses, counted and committed together with what they led to."""
    typed = TypedCode.parse(method, code)
    await allow(context, CODES_BY_ADDRESS, context.peer.address)
    async with context.database.transaction(context.author) as work:
        attempt = await _spend_attempt(work, challenge_id)
        if attempt is None:
            raise UserError(_lost())
        problem = _state_problem(context, attempt) or await _guess(context, work, attempt, typed)
        if problem is None:
            return await _opened(context, work, attempt, method)
        data = {"code": problem.code.value, "method": method.value}
        stream = account_stream(attempt.account.id)
        work.record(Fact(stream, "signin:challenge:failed", challenge_id, data))
    raise UserError(problem)


async def _spend_attempt(work: Transaction, challenge_id: UUID) -> Attempt | None:
    """The account is locked before the challenge, in the order of whoever ends all logins of an account."""
    whose = select(col(Challenge.account_id)).where(col(Challenge.id) == challenge_id).scalar_subquery()
    account = await work.session.scalar(select(Account).where(col(Account.id) == whose).with_for_update())
    # The row lock of the update makes parallel guesses count one by one.
    challenge = await work.session.scalar(
        update(Challenge)
        .where(col(Challenge.id) == challenge_id)
        .values(attempts_left=col(Challenge.attempts_left) - 1)
        .returning(Challenge)
    )
    return Attempt(challenge, account) if challenge and account else None


def _state_problem(context: Context, attempt: Attempt) -> Problem | None:
    """What is wrong before the code is looked at."""
    challenge = attempt.challenge
    if challenge.used_at is not None:
        return Problem(ErrorCode.CODE_USED, "Этот код уже использован. Войдите заново.", ("code",))
    if challenge.expires_at <= context.clock.now() or not _may_enter(context, attempt.account):
        return _lost()
    if challenge.attempts_left < 0:
        return Problem(
            ErrorCode.CODE_ATTEMPTS_EXHAUSTED,
            "Попытки закончились. Войдите заново.",
            ("code",),
            extra={"attempts_left": 0},
        )
    return None


async def _guess(context: Context, work: Transaction, attempt: Attempt, typed: TypedCode) -> Problem | None:
    account = attempt.account
    if typed.method not in (await factors(work.session, account.id)).methods:
        return Problem(ErrorCode.CODE_WRONG, "Этот способ подтверждения не подключён.", ("method",))
    if tired := await count_guess(context, work, typed.rule, account.id):
        return tired
    if typed.method is SecondFactorMethod.SMS:
        right = await fits_login(context, work, attempt, typed.code)
    else:
        right = await fits(context, work, account.id, typed)
    if not right:
        return wrong_code(attempt.challenge.attempts_left)
    await forgive_guess(context, work, typed.rule, account.id)
    return None


async def _opened(
    context: Context, work: Transaction, attempt: Attempt, method: SecondFactorMethod
) -> Opened:
    account = attempt.account
    attempt.challenge.used_at = context.clock.now()
    if account.password_temporary_until is not None:
        account.password_temporary_used_at = attempt.challenge.used_at
    if method is SecondFactorMethod.SMS:  # a code that led to a session does not count
        await give_back_within(context, work.session, LOGIN_MESSAGES, str(account.id))
    if method is SecondFactorMethod.RECOVERY_CODE:  # an owner seldom uses it, and a thief finds it first
        left = (await factors(work.session, account.id)).spare_codes
        text = f"В кабинет вошли по запасному коду. Таких кодов осталось: {left}. {_NOT_ME}"
        await warn_owner(context, work, account, "Вход по запасному коду", text)
    return await enter(context, work, account, Channel.SITE, method.value)


async def enter(
    context: Context, work: Transaction, account: Account, channel: Channel, method: str
) -> Opened:
    """A session of who has proved themselves; its owner sees it in the cabinet."""
    account.last_login_at = context.clock.now()
    token = open_session(context, work, account.id, channel, authenticated=True)
    work.record(Fact(account_stream(account.id), "signin:session:opened", data={"method": method}))
    await ring(context, work, account.id, *_SIGNED_IN)
    return Opened(token, account)


def _lost() -> Problem:
    return Problem(ErrorCode.CODE_EXPIRED, "Срок действия кода истёк. Войдите заново.", ("code",))
