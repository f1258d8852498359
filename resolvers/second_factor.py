"""The second step: which proofs an account has, and whether a code is one of them (2.2-6, 2.2-7, A29-A31).

Everything here runs inside the caller's transaction and changes rows under locks, so that a code is good once.
A guess is counted against the account, however many sessions or challenges it comes through.
"""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.errors import ErrorCode, Problem
from models.limits import CODE_GUESSES, TOTP_GUESSES, Rule
from models.recovery_codes import recovery_fingerprint
from models.second_factor import RecoveryCode, TotpFactor
from models.signin import SecondFactorMethod
from models.totp import accepted_counter
from models.values.one_time_code import OneTimeCode
from models.values.text import required
from resolvers.context import Context
from resolvers.limits import give_back_within, spend_within, too_often
from storage.database import Transaction

SPARE_EXPECTED = "16 знаков, например ABCD-EFGH-JKMN-PQRS"


@dataclass(frozen=True, slots=True)
class Factors:
    """What an account can prove itself with."""

    totp: bool
    spare_codes: int

    @property
    def methods(self) -> list[SecondFactorMethod]:
        """An application takes the place of the SMS: the weaker way may not stay open beside it."""
        if not self.totp:
            return [SecondFactorMethod.SMS]
        spare = [SecondFactorMethod.RECOVERY_CODE] if self.spare_codes else []
        return [SecondFactorMethod.TOTP, *spare]


@dataclass(frozen=True, slots=True)
class TypedCode:
    """A code as it is compared, and what it should be of."""

    method: SecondFactorMethod
    code: str

    @classmethod
    def parse(cls, method: SecondFactorMethod, code: str) -> Self:
        """What cannot be a code of this method is refused before it counts as a guess."""
        if method is SecondFactorMethod.RECOVERY_CODE:
            return cls(method, required(code, ("code",), SPARE_EXPECTED))
        return cls(method, OneTimeCode.parse(code, "code"))

    @property
    def rule(self) -> Rule:
        """An application's codes live for a minute and a half: fewer guesses (A31)."""
        return CODE_GUESSES if self.method is SecondFactorMethod.SMS else TOTP_GUESSES


async def factors(session: AsyncSession, account_id: UUID) -> Factors:
    left = (
        select(func.count())
        .select_from(RecoveryCode)
        .where(col(RecoveryCode.account_id) == account_id, col(RecoveryCode.used_at).is_(None))
        .scalar_subquery()
    )
    totp = (
        select(TotpFactor)
        .where(col(TotpFactor.account_id) == account_id, col(TotpFactor.confirmed_at).is_not(None))
        .exists()
    )
    found = (await session.execute(select(totp, left))).one()
    return Factors(found[0], found[1])


async def fits(context: Context, work: Transaction, account_id: UUID, typed: TypedCode) -> bool:
    """Whether this is a code of the account's application or one of its spare codes; it is spent if it is."""
    match typed.method:
        case SecondFactorMethod.TOTP:
            return await _totp_fits(context, work, account_id, typed.code)
        case SecondFactorMethod.RECOVERY_CODE:
            return await _spare_fits(context, work, account_id, typed.code)
        case SecondFactorMethod.SMS:
            return False


async def _totp_fits(context: Context, work: Transaction, account_id: UUID, code: str) -> bool:
    factor = await work.session.get(TotpFactor, account_id, with_for_update=True)
    if factor is None or factor.secret_sealed is None:
        return False
    secret = context.ports.vault.open(factor.secret_sealed, "totp_factor", "secret_sealed", account_id)
    counter = accepted_counter(secret, code, context.clock.now(), factor.last_counter)
    factor.last_counter = counter or factor.last_counter
    return counter is not None


async def _spare_fits(context: Context, work: Transaction, account_id: UUID, code: str) -> bool:
    spent = await work.session.scalar(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.account_id) == account_id,
            col(RecoveryCode.code_hash) == recovery_fingerprint(code, account_id),
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=context.clock.now())
        .returning(col(RecoveryCode.id))
    )
    return spent is not None


async def count_guess(context: Context, work: Transaction, rule: Rule, account_id: UUID) -> Problem | None:
    """Count a guess of a code before it is looked at: by the account over all flows, and by the rule."""
    for each in dict.fromkeys((CODE_GUESSES, rule)):
        if wait := await spend_within(context, work.session, each, str(account_id)):
            return too_often(wait, "code").problems[0]
    return None


async def forgive_guess(context: Context, work: Transaction, rule: Rule, account_id: UUID) -> None:
    """The guess was right."""
    for each in dict.fromkeys((CODE_GUESSES, rule)):
        await give_back_within(context, work.session, each, str(account_id))


def wrong_code(left: int | None = None) -> Problem:
    extra = {} if left is None else {"attempts_left": left}
    return Problem(ErrorCode.CODE_WRONG, "Неверный код. Проверьте и введите ещё раз.", ("code",), extra=extra)
