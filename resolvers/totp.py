"""An authenticator application: set up, proved, taken away; spare codes shown once (2.2-7, A32, A33)."""

from dataclasses import dataclass

from sqlalchemy import delete, or_, select
from sqlmodel import col

from models.account import Account
from models.errors import ErrorCode, Problem, UserError, mistake
from models.journal import Event, Fact, account_stream
from models.limits import TOTP_GUESSES
from models.recovery_codes import new_recovery_codes, recovery_fingerprint
from models.second_factor import PENDING_LIFE, RecoveryCode, TotpFactor
from models.signin import SESSION_LIFE
from models.totp import accepted_counter, new_secret, otpauth_uri, qr_svg
from models.values.one_time_code import OneTimeCode
from resolvers.context import Context
from resolvers.messages import masked_phone
from resolvers.notices import warn_owner
from resolvers.reauthentication import demand_fresh
from resolvers.second_factor import Factors, count_guess, factors, forgive_guess, wrong_code
from storage.database import Transaction

ENABLED, RENEWED = "signin:totp:enabled", "signin:codes:renewed"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What is shown once to set an application up."""

    secret: str
    uri: str
    qr_svg: str


async def my_factors(context: Context) -> Factors:
    async with context.database.reading() as session:
        return await factors(session, context.person.account.id)


async def set_up(context: Context) -> Enrolment:
    """A new secret, waiting for its first code; the active one stays until then."""
    demand_fresh(context)
    account, secret = context.person.account, new_secret(context.secrets)
    async with context.database.transaction(context.author) as work:
        factor = await _factor(work, account)
        factor.pending_sealed = context.ports.vault.seal(secret, "totp_factor", "pending_sealed", account.id)
        factor.pending_at = context.clock.now()
        work.record(Fact(account_stream(account.id), "signin:totp:started"))
    uri = otpauth_uri(secret, account.email or masked_phone(context, account) or "НМО")
    return Enrolment(secret, uri, qr_svg(uri))


async def _factor(work: Transaction, account: Account) -> TotpFactor:
    # The lock of the account stands in for that of a row that may not be there yet.
    await work.session.get_one(Account, account.id, with_for_update=True)
    factor = await work.session.get(TotpFactor, account.id)
    if factor is None:
        factor = TotpFactor(account_id=account.id)
        work.session.add(factor)
    return factor


async def confirm(context: Context, code: str) -> list[str]:
    """The first code proves the application; the spare codes are made anew and shown this once."""
    account, code = context.person.account, OneTimeCode.parse(code, "code")
    async with context.database.transaction(context.author) as work:
        problem = await _adopt(context, work, account, code)
        if problem is None:
            work.record(Fact(account_stream(account.id), ENABLED))
            await warn_owner(context, work, account, "Вход по приложению включён", _ENABLED)
            return await _new_codes(context, work, account)
        data = {"code": problem.code.value}
        work.record(Fact(account_stream(account.id), "signin:totp:refused", data=data))
    raise UserError(problem)


async def _adopt(context: Context, work: Transaction, account: Account, code: str) -> Problem | None:
    """Put the waiting secret in the place of the active one if the code is its code."""
    factor, now, vault = await _factor(work, account), context.clock.now(), context.ports.vault
    if factor.pending_sealed is None or factor.pending_at is None or now - factor.pending_at > PENDING_LIFE:
        return Problem(ErrorCode.CODE_EXPIRED, "Начните подключение приложения заново.", ("code",))
    if tired := await count_guess(context, work, TOTP_GUESSES, account.id):
        return tired
    secret = vault.open(factor.pending_sealed, "totp_factor", "pending_sealed", account.id)
    counter = accepted_counter(secret, code, now, None)
    if counter is None:
        return wrong_code()
    await forgive_guess(context, work, TOTP_GUESSES, account.id)
    factor.secret_sealed = vault.seal(secret, "totp_factor", "secret_sealed", account.id)
    factor.confirmed_at, factor.last_counter = now, counter
    factor.pending_sealed = factor.pending_at = None
    return None


async def renew_codes(context: Context) -> list[str]:
    """Ten new spare codes; the old ones are good no more."""
    demand_fresh(context)
    account = context.person.account
    async with context.database.transaction(context.author) as work:
        factor = await _factor(work, account)
        if factor.confirmed_at is None:
            raise mistake(ErrorCode.CONFLICT, "Сначала подключите приложение.")
        work.record(Fact(account_stream(account.id), RENEWED))
        await warn_owner(context, work, account, "Запасные коды заменены", _RENEWED)
        return await _new_codes(context, work, account)


async def _new_codes(context: Context, work: Transaction, account: Account) -> list[str]:
    codes = new_recovery_codes(context.secrets)
    await _drop_codes(work, account)
    for code in codes:
        digest = recovery_fingerprint(code, account.id)
        work.session.add(RecoveryCode(id=context.secrets.uuid(), account_id=account.id, code_hash=digest))
    return codes


async def disable(context: Context) -> None:
    """Back to codes by SMS."""
    demand_fresh(context)
    account = context.person.account
    async with context.database.transaction(context.author) as work:
        await work.session.execute(delete(TotpFactor).where(col(TotpFactor.account_id) == account.id))
        await _drop_codes(work, account)
        work.record(Fact(account_stream(account.id), "signin:totp:disabled"))
        await warn_owner(context, work, account, "Вход по приложению отключён", _DISABLED)


async def drop_recent(work: Transaction, account: Account, since: Event) -> None:
    """Take away what was set up since an event, or in as much time before it as a session may last: whoever caused
    the event may have set up an application of their own first."""
    recent = or_(col(Event.seq) > since.seq, col(Event.at) > since.at - SESSION_LIFE)
    made = select(col(Event.action)).where(
        col(Event.stream) == since.stream, col(Event.action).in_((ENABLED, RENEWED)), recent
    )
    actions = (await work.session.scalars(made)).all()
    if ENABLED in actions:
        await work.session.execute(delete(TotpFactor).where(col(TotpFactor.account_id) == account.id))
        work.record(Fact(since.stream, "signin:totp:disabled"))
    if actions:
        await _drop_codes(work, account)


async def _drop_codes(work: Transaction, account: Account) -> None:
    await work.session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))


_HELP = "Если это сделали не вы, сразу смените пароль и завершите чужие сеансы."
_ENABLED = f"В личном кабинете НМО включён вход по кодам из приложения. {_HELP}"
_DISABLED = f"В личном кабинете НМО отключён вход по кодам из приложения: коды снова приходят по СМС. {_HELP}"
_RENEWED = f"В личном кабинете НМО выпущены новые запасные коды, прежние больше не действуют. {_HELP}"
