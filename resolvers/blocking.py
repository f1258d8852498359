"""An operator shuts an account out, lets it in again, gives it a right or takes it away: what runs ends at once (A56)."""

from models.account import Account, AccountState, Permission
from models.errors import ErrorCode, Refusal
from models.journal import Fact, account_stream
from models.profile import Profile
from resolvers.account import permissions
from resolvers.contacts import Credentials, find_by_contact
from resolvers.context import Context
from resolvers.personal_data import check_job
from resolvers.rights import rights_topic
from resolvers.sessions import close_sessions
from storage.database import Author, Transaction

OPERATOR = Author("operator", "")


async def block(context: Context, login: str) -> int:
    """No login and no recovery from now on; returns how many sessions have ended."""
    key = (await found(context, login)).id
    async with context.database.transaction(OPERATOR) as work:
        account = await work.session.get_one(Account, key, with_for_update=True)
        account.state = AccountState.LOCKED
        closed = await close_sessions(context, work, key, "blocked")
        work.record(Fact(account_stream(key), "account:access:blocked", data={"closed": closed}))
    return closed


async def unblock(context: Context, login: str) -> bool:
    """The account is where its data leave it; a check that was waiting begins again. False: it was not blocked."""
    key = (await found(context, login)).id
    async with context.database.transaction(OPERATOR) as work:
        account = await work.session.get_one(Account, key, with_for_update=True)
        if account.state is not AccountState.LOCKED:
            return False
        await _let_in(work, account)
        work.record(Fact(account_stream(account.id), "account:access:unblocked"))
    return True


async def grant(context: Context, login: str, right: Permission) -> bool:
    """The account has this right from now on. False: it had it before."""
    return await _set_right(context, login, right, given=True)


async def withdraw(context: Context, login: str, right: Permission) -> bool:
    """The account has this right no longer; sessions stay, what runs on it ends. False: it did not have it."""
    return await _set_right(context, login, right, given=False)


async def _set_right(context: Context, login: str, right: Permission, *, given: bool) -> bool:
    key = (await found(context, login)).id
    async with context.database.transaction(OPERATOR) as work:
        account = await work.session.get_one(Account, key, with_for_update=True)
        if (right in permissions(account)) is given:
            return False
        account.permissions = sorted(permissions(account) ^ {right})
        action = "account:right:granted" if given else "account:right:withdrawn"
        work.record(Fact(account_stream(key), action, data={"right": right.value}))
        work.signal(rights_topic(key))
    return True


async def _let_in(work: Transaction, account: Account) -> None:
    profile = await work.session.get(Profile, account.id)
    if account.verified_at is not None:
        account.state = AccountState.VERIFIED
    elif profile is None:
        account.state = AccountState.CONTACT_CONFIRMED
    elif profile.mismatches:
        account.state = AccountState.DATA_REJECTED
    else:
        account.state = AccountState.DATA_SUBMITTED
        work.enqueue(check_job(account, profile.version))


async def found(context: Context, login: str) -> Credentials:
    """The account of a login as an operator types it."""
    account = await find_by_contact(context, login)
    if account is None:
        raise Refusal(
            ErrorCode.NOT_FOUND, f"Нет учётной записи {login}: укажите её почту, телефон или СНИЛС."
        )
    return account
