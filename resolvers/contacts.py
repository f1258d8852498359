"""Finding an account by what a person types as a login: e-mail, phone or SNILS (A1)."""

from contextlib import suppress

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import col

from models.account import Account
from models.errors import UserError
from models.values.email import Email
from models.values.phone import Phone
from models.values.snils import Snils
from resolvers.context import Context


async def find_by_contact(context: Context, typed: str) -> Account | None:
    """The account whose confirmed e-mail, phone or SNILS this is; None for anything else, however malformed."""
    conditions = _readings(context, typed.strip())
    if not conditions:
        return None
    async with context.database.reading() as session:
        return (await session.scalars(select(Account).where(or_(*conditions)))).one_or_none()


def _readings(context: Context, typed: str) -> list[ColumnElement[bool]]:
    vault, readings = context.ports.vault, list[ColumnElement[bool]]()
    with suppress(UserError):
        known = col(Account.email) == Email.parse(typed).key
        readings.append(known & col(Account.email_confirmed_at).is_not(None))
    with suppress(UserError):
        known = col(Account.phone_index) == vault.index("phone", Phone.parse(typed))
        readings.append(known & col(Account.phone_confirmed_at).is_not(None))
    with suppress(UserError):
        readings.append(col(Account.snils_index) == vault.index("snils", Snils.parse(typed)))
    return readings


def masked_phone(context: Context, account: Account) -> str | None:
    """The phone of an account with most digits hidden."""
    if account.phone_sealed is None:
        return None
    return Phone(context.ports.vault.open(account.phone_sealed, "account", "phone_sealed", account.id)).masked
