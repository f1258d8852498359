"""The check against the state register: a job; no answer is no refusal, it is asked again (1.1.1-26..28, A6)."""

from datetime import timedelta
from uuid import UUID

from gateways.errors import GatewayUnavailable
from gateways.register import Match, Mismatch
from models.access import AccessPurpose
from models.account import AccessLevel, Account, AccountState
from models.journal import Fact, account_stream
from models.notifications import NotificationKind
from models.personal_data import PersonalData
from models.profile import Profile
from resolvers.access import note_access
from resolvers.account import level
from resolvers.consent_records import is_withdrawn
from resolvers.context import Context
from resolvers.data_applications import data_judged, data_waits
from resolvers.notices import Notice, notify
from resolvers.personal_data import CHECK_REGISTER, check_job, opened
from storage.database import Author, Transaction
from storage.jobs import Job

REGISTER = Author("register", "")
CONFIRMED = "Персональные данные подтверждены", "Ваши данные совпали с государственным реестром."
ALL_OPEN = " Все разделы кабинета открыты."
REFUSED = Notice(
    NotificationKind.APPLICATION_CHANGED,
    "Персональные данные не подтверждены",
    "Часть полей не совпала с государственным реестром. Какие это поля, видно в кабинете: "
    "исправьте их точно как в документах и отправьте форму снова.",
)
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 3, 15, 60, 300, 900, 3600))


async def check_register(context: Context, *, account_id: str, version: int, attempt: int = 0) -> None:
    """Compare one version of the data; a version that has been replaced or judged is left alone, and so are all
    without the consent to keep them."""
    key = UUID(account_id)
    data = await _taken_out(context, key, version)
    if data is None:
        return
    try:
        verdict = await context.ports.register.check(data)
    except GatewayUnavailable:
        await _postpone(context, key, version, attempt)
        return
    await _settle(context, key, version, verdict)


async def _taken_out(context: Context, key: UUID, version: int) -> PersonalData | None:
    async with context.database.transaction(REGISTER) as work:
        found = await _waiting(work, key, version)
        if found is None:
            return None
        note_access(context, work, key, AccessPurpose.REGISTER_CHECK)
    return opened(context, found[1])


async def _waiting(work: Transaction, key: UUID, version: int) -> tuple[Account, Profile] | None:
    account = await work.session.get(Account, key, with_for_update=True)
    profile = await work.session.get(Profile, key)
    if account is None or profile is None:
        return None
    fresh = profile.version == version and account.state is AccountState.DATA_SUBMITTED
    return (account, profile) if fresh and not await is_withdrawn(work.session, key) else None


async def check_again(work: Transaction, key: UUID) -> None:
    """The consent is given again: what it was waiting for may have been dropped meanwhile."""
    account, profile = await work.session.get_one(Account, key), await work.session.get(Profile, key)
    if profile is not None and account.state is AccountState.DATA_SUBMITTED:
        work.enqueue(check_job(account, profile.version))


async def _postpone(context: Context, key: UUID, version: int, attempt: int) -> None:
    """The pauses grow up to an hour; a person sees that the check waits for the register."""
    pause = PAUSES[min(attempt, len(PAUSES) - 1)]
    args = {"account_id": str(key), "version": version, "attempt": attempt + 1}
    async with context.database.transaction(REGISTER) as work:
        found = await _waiting(work, key, version)
        if found is None:
            return
        if attempt == 0:
            await data_waits(context, work, found[1])
        work.enqueue(Job(CHECK_REGISTER, args, lock=f"{CHECK_REGISTER}:{key}", after=pause))
        work.record(Fact(account_stream(key), "personal_data:check:postponed", data={"attempt": attempt + 1}))


async def _settle(context: Context, key: UUID, version: int, verdict: Match | Mismatch) -> None:
    async with context.database.transaction(REGISTER) as work:
        found = await _waiting(work, key, version)
        if found is None:
            return
        account, profile = found
        profile.checked_at = context.clock.now()
        await data_judged(context, work, profile, verdict)
        if isinstance(verdict, Match):
            account.state, account.verified_at = AccountState.VERIFIED, profile.checked_at
            work.record(Fact(account_stream(key), "personal_data:check:matched"))
            title, body = CONFIRMED
            body += ALL_OPEN if level(account) is AccessLevel.FULL else ""
            await notify(context, work, key, Notice(NotificationKind.DATA_UPDATED, title, body))
            return
        account.state, profile.mismatches = AccountState.DATA_REJECTED, list(verdict.fields)
        work.record(
            Fact(
                account_stream(key),
                "personal_data:check:mismatched",
                data={"fields": profile.mismatches},
            )
        )
        await notify(context, work, key, REFUSED)
