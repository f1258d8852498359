"""An operator frees an INN that nobody has confirmed, for the person whose it is (D26).

The account that held it keeps all else; it goes without the INN as after any other change of personal data.
"""

from contextlib import suppress
from dataclasses import replace

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from models.account import Account, AccountState
from models.errors import ErrorCode, Refusal, UserError
from models.journal import Fact, account_stream
from models.linking import GosuslugiLink
from models.profile import Profile
from models.values.inn import Inn
from resolvers.blocking import OPERATOR, found
from resolvers.context import Context
from resolvers.data_applications import data_sent
from resolvers.linking_data import known_facts
from resolvers.notices import warn_owner
from resolvers.personal_data import check_job, inn_of, keep, opened
from storage.database import Transaction

FREED = (
    "ИНН убран из учётной записи",
    "ИНН в вашем личном кабинете никто не подтвердил, и поддержка его освободила. Если он ваш, обратитесь в поддержку.",
)


async def free_inn(context: Context, named: str) -> None:
    """Take the INN from the account that holds it; `named` is the INN itself or a login of that account."""
    holder = await _holder(context, named)
    async with context.database.transaction(OPERATOR) as work:
        account = (await work.session.scalars(select(Account).where(holder).with_for_update())).one_or_none()
        inn = inn_of(context, account) if account else None
        if account is None or inn is None:
            raise Refusal(ErrorCode.NOT_FOUND, f"Нет учётной записи с ИНН: {named}.")
        if account.verified_at is not None or await _vouched(context, work, account, inn):
            raise Refusal(ErrorCode.FORBIDDEN, "Этот ИНН подтверждён и остаётся у своей учётной записи.")
        account.inn_sealed = account.inn_index = None
        if account.snils_index is None:  # no number is left that a first login could ask for (2.2-5)
            account.identified_at = account.identified_at or context.clock.now()
        await _check_without(context, work, account)
        work.record(Fact(account_stream(account.id), "account:inn:freed"))
        await warn_owner(context, work, account, *FREED)


async def _holder(context: Context, named: str) -> ColumnElement[bool]:
    with suppress(UserError):
        return col(Account.inn_index) == context.ports.vault.index("inn", Inn.parse(named))
    return col(Account.id) == (await found(context, named)).id


async def _vouched(context: Context, work: Transaction, account: Account, inn: Inn) -> bool:
    """Whether Gosuslugi has named this INN, though not all that would verify its owner."""
    link = await work.session.get(GosuslugiLink, account.id)
    return bool(known_facts(context, link).get("inn") == inn)


async def _check_without(context: Context, work: Transaction, account: Account) -> None:
    """Data that were sent are another version, and checked as such; those of a locked account once it is let in."""
    profile = await work.session.get(Profile, account.id)
    if profile is None:
        return
    keep(context, work.session, account, profile, replace(opened(context, profile), inn=None), {})
    profile.sources = {name: noted for name, noted in profile.sources.items() if name != "inn"}
    profile.application_id = await data_sent(context, work, account.id)
    if account.state is not AccountState.LOCKED:
        account.state = AccountState.DATA_SUBMITTED
        work.enqueue(check_job(account, profile.version))
