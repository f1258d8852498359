"""What has changed at Gosuslugi changes here by itself: by a timer and on demand (2.1-12, A32)."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col

from gateways.errors import GatewayUnavailable
from gateways.gosuslugi import GosuslugiRefused, GosuslugiUntrusted, Grant
from models.access import AccessPurpose
from models.account import Account
from models.errors import ErrorCode, UserError
from models.journal import Fact, account_stream
from models.linking import SYNC_AGAIN, SYNC_EVERY, GosuslugiLink, LinkState, esia_problem
from models.notifications import NotificationKind
from models.terms import TermsKind
from resolvers.access import note_access
from resolvers.consent_records import standing
from resolvers.context import Context
from resolvers.linking_attempts import portal, refusal
from resolvers.linking_data import TOKEN_COLUMN, stop_transfer, take_over
from resolvers.notices import Notice, notify
from storage.database import Author, Transaction

GOSUSLUGI = Author("gosuslugi", "")
AT_ONCE = 20
NO_TRANSFER = (LinkState.CONSENT_WITHDRAWN, LinkState.CONSENT_MISSING)
UPDATED = Notice(
    NotificationKind.DATA_UPDATED,
    "Данные обновлены с Госуслуг",
    "На Госуслугах изменились ваши сведения, в кабинете они обновлены. Какие поля изменились, видно в журнале.",
)
WITHDRAWN = Notice(
    NotificationKind.SECURITY,
    "Данные с Госуслуг больше не передаются",
    "Согласие на передачу данных отозвано. Чтобы данные обновлялись снова, повторите привязку в настройках.",
)


async def sync_now(context: Context) -> list[str]:
    """The viewer asks; returns the names of the fields that changed."""
    account_id = context.person.account.id
    async with context.database.reading() as session:
        link = await session.get(GosuslugiLink, account_id)
    if link is None or link.state is not LinkState.LINKED:
        raise UserError(esia_problem(ErrorCode.ESIA_CONSENT_MISSING))
    return await _sync(context, account_id)


async def sync_due(context: Context) -> None:
    """Links whose time has come; one that is taken by a dying process comes again in an hour."""
    now = context.clock.now()
    due = (
        select(col(GosuslugiLink.account_id))
        .where(col(GosuslugiLink.next_sync_at) <= now, col(GosuslugiLink.state) == LinkState.LINKED)
        .order_by(col(GosuslugiLink.next_sync_at))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(GosuslugiLink)
        .where(col(GosuslugiLink.account_id).in_(due.scalar_subquery()))
        .values(next_sync_at=now + SYNC_AGAIN)
        .returning(col(GosuslugiLink.account_id))
    )
    async with context.database.transaction(GOSUSLUGI) as work:
        found = (await work.session.scalars(taken)).all()
        for account_id in found:
            note_access(context, work, account_id, AccessPurpose.GOSUSLUGI_SYNC)
    for account_id in found:
        try:
            await _sync(context, account_id)
        except UserError:
            continue  # the link says what went wrong


async def _sync(context: Context, account_id: UUID) -> list[str]:
    async with context.database.reading() as session:
        link = await session.get(GosuslugiLink, account_id)
        consent = await standing(session, account_id, TermsKind.DATA_TRANSFER)
    if consent is None:
        await _refused(context, account_id)
    if link is None or link.refresh_sealed is None or consent is None:
        raise UserError(esia_problem(ErrorCode.ESIA_CONSENT_MISSING))
    token = context.ports.vault.open(link.refresh_sealed, *TOKEN_COLUMN, account_id)
    try:
        grant = await portal(context).renew(token)
    except GosuslugiRefused as error:
        await _refused(context, account_id, error.code)
        raise UserError(refusal(error.code)) from error
    except (GatewayUnavailable, GosuslugiUntrusted) as error:
        unanswered = isinstance(error, GatewayUnavailable)
        code = ErrorCode.ESIA_UNAVAILABLE if unanswered else ErrorCode.ESIA_STATE
        await _put_off(context, account_id, code, SYNC_AGAIN)
        raise UserError(esia_problem(code)) from error
    try:
        return await _updated(context, account_id, grant)
    except UserError as error:
        await _put_off(context, account_id, error.problems[0].code, SYNC_EVERY)
        raise


async def _updated(context: Context, account_id: UUID, grant: Grant) -> list[str]:
    async with context.database.transaction(GOSUSLUGI) as work:
        account = await work.session.get_one(Account, account_id, with_for_update=True)
        link = await work.session.get(GosuslugiLink, account_id, with_for_update=True)
        if link is None or link.state is not LinkState.LINKED:
            return []  # taken apart while the portal was answering
        changed = await take_over(context, work, account, link, grant)
        if changed:
            work.record(Fact(account_stream(account_id), "linking:data:updated", data={"fields": changed}))
            await notify(context, work, account_id, UPDATED)
    return changed


async def _put_off(context: Context, account_id: UUID, code: ErrorCode, pause: timedelta) -> None:
    async with context.database.transaction(GOSUSLUGI) as work:
        link = await work.session.get(GosuslugiLink, account_id, with_for_update=True)
        if link is not None and link.state is LinkState.LINKED:  # else nothing is to be asked again
            link.last_error, link.next_sync_at = code.value, context.clock.now() + pause
            data = {"code": code.value}
            work.record(Fact(account_stream(account_id), "linking:sync:failed", data=data))


async def _refused(context: Context, account_id: UUID, code: str | None = None) -> None:
    async with context.database.transaction(GOSUSLUGI) as work:
        if await end_transfer(context, work, account_id, code):
            await notify(context, work, account_id, WITHDRAWN)


async def expect_transfer(work: Transaction, account_id: UUID) -> None:
    """The consent is given (again) to a link that stands: it waits for the person to come by Gosuslugi."""
    link = await work.session.get(GosuslugiLink, account_id, with_for_update=True)
    if link is not None and link.linked_at is not None and link.state is not LinkState.LINKED:
        link.state, link.last_error, link.last_esia_code = LinkState.PENDING, None, None


async def end_transfer(
    context: Context, work: Transaction, account_id: UUID, esia_code: str | None = None
) -> bool:
    """The consent is withdrawn, here or at Gosuslugi: nothing is asked for any more; whether anything was."""
    link = await work.session.get(GosuslugiLink, account_id, with_for_update=True)
    if link is None or link.linked_at is None or link.state in NO_TRANSFER:
        return False
    stop_transfer(link, LinkState.CONSENT_WITHDRAWN)
    link.last_error, link.last_esia_code = ErrorCode.ESIA_CONSENT_MISSING.value, esia_code
    work.record(Fact(account_stream(account_id), "linking:consent:withdrawn", data={"esiaCode": esia_code}))
    return True
