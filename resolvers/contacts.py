"""Finding an account by what a person types as a login: e-mail, phone or SNILS (A1)."""

from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, literal, or_, select
from sqlmodel import col

from models.account import Account, AccountState
from models.errors import Problem, UserError
from models.values.email import Email
from models.values.phone import Phone
from models.values.snils import Snils
from resolvers.context import Context


@dataclass(frozen=True, slots=True)
class Credentials:
    """All that the first step of a login or of a recovery looks at."""

    id: UUID
    state: AccountState
    email: str | None
    phone_sealed: bytes | None
    password_hash: str | None
    password_temporary_until: datetime | None
    password_temporary_used_at: datetime | None


async def find_by_contact(context: Context, typed: str) -> Credentials | None:
    """Those of the account whose confirmed e-mail, phone or SNILS this is; None for anything else, however malformed.

    Some phones are also well-formed as SNILS: a contact goes first. A SNILS that nobody has checked may be another
    person's and opens nothing; the one that was confirmed last does, until another is.

    A row is read for an unknown contact as well: its absence would tell by the time (A31).
    """
    conditions = _readings(context, typed.strip())
    if not conditions:
        return None
    nobody = select(literal(1).label("one")).subquery()
    columns = [getattr(Account, each.name) for each in fields(Credentials)]
    found = select(*columns).select_from(nobody).outerjoin(Account, or_(*conditions))
    async with context.database.reading() as session:
        row = (await session.execute(found.order_by(_first(conditions)).limit(1))).one()
    return Credentials(*row) if row.id else None


def _first(conditions: list[ColumnElement[bool]]) -> ColumnElement[int]:
    return case(*((condition, place) for place, condition in enumerate(conditions)))


def _readings(context: Context, typed: str) -> list[ColumnElement[bool]]:
    vault, readings = context.ports.vault, list[ColumnElement[bool]]()
    with suppress(UserError):
        known = col(Account.email) == Email.parse(typed).key
        readings.append(known & col(Account.email_confirmed_at).is_not(None))
    with suppress(UserError):
        known = col(Account.phone_index) == vault.index("phone", Phone.parse(typed))
        readings.append(known & col(Account.phone_confirmed_at).is_not(None))
    with suppress(UserError):
        index, verified = vault.index("snils", Snils.parse(typed)), col(Account.verified_at).is_not(None)
        readings.append((col(Account.snils_index) == index) & verified)
        readings.append((col(Account.confirmed_snils_index) == index) & ~verified)
    return readings


def misspelled(typed: str, *path: str) -> Problem | None:
    """What is wrong with a login that can be nobody's, where the right one can be known; it looks at no account."""
    problems: list[Problem] = []
    for parse in (Email.parse, Phone.parse, Snils.parse):
        try:
            parse(typed.strip(), *path)
        except UserError as error:
            problems.extend(error.problems)
        else:
            return None
    return next((problem for problem in problems if problem.hint), None)
