"""Proving again who one is before changing what opens the account (A47, A32, A33)."""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col

from models.account import Session
from models.errors import ErrorCode, Problem, UserError, mistake
from models.journal import Fact, account_stream
from models.limits import WRONG_PASSWORDS
from models.signin import SecondFactorMethod
from resolvers.context import Context
from resolvers.limits import give_back, spend
from resolvers.second_factor import TypedCode, count_guess, fits, forgive_guess, wrong_code
from storage.database import Transaction

FRESH = timedelta(minutes=5)


def demand_fresh(context: Context) -> None:
    """Let in a session that has proved itself within the last five minutes."""
    proved = context.person.session.reauthenticated_at
    if proved is None or abs(context.clock.now() - proved) > FRESH:  # neither long ago nor in the future
        raise mistake(
            ErrorCode.REAUTH_REQUIRED,
            "Подтвердите, что это вы: введите пароль или код из приложения и повторите.",
        )


async def password_problem(context: Context, password: str, *path: str) -> Problem | None:
    """Whether this is the viewer's password; guesses are counted, and past the limit nothing is right."""
    account = context.person.account
    tired = await spend(context, WRONG_PASSWORDS, str(account.id)) is not None
    if tired or account.password_hash is None:
        await context.ports.passwords.dummy_verify(password)
    elif (await context.ports.passwords.verify(account.password_hash, password)).right:
        await give_back(context, WRONG_PASSWORDS, str(account.id))
        return None
    async with context.database.transaction(context.author) as work:
        action = "signin:reauthentication:limited" if tired else "signin:reauthentication:failed"
        work.record(Fact(account_stream(account.id), action))
    return Problem(ErrorCode.CREDENTIALS_WRONG, "Неверный пароль.", path)


async def by_password(context: Context, password: str) -> None:
    """Prove it by the password."""
    if problem := await password_problem(context, password, "password"):
        raise UserError(problem)
    async with context.database.transaction(context.author) as work:
        await _refresh(context, work)


async def by_code(context: Context, code: str, method: SecondFactorMethod) -> None:
    """Prove it by a code of the application or by a spare one."""
    account_id, typed = context.person.account.id, TypedCode.parse(method, code)
    async with context.database.transaction(context.author) as work:
        problem = await count_guess(context, work, typed.rule, account_id)
        if problem is None and await fits(context, work, account_id, typed):
            await forgive_guess(context, work, typed.rule, account_id)
            await _refresh(context, work)
            return
        problem = problem or wrong_code()
        action = "signin:reauthentication:failed"
        work.record(Fact(account_stream(account_id), action, data={"code": problem.code.value}))
    raise UserError(problem)


async def _refresh(context: Context, work: Transaction) -> None:
    person = context.person
    query = update(Session).where(col(Session.id) == person.session.id)
    await work.session.execute(query.values(reauthenticated_at=context.clock.now()))
    work.record(Fact(account_stream(person.account.id), "signin:session:reauthenticated", person.session.id))
