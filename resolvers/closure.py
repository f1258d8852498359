"""Closing an account: two weeks to change one's mind, then the person goes and the record stays (P07..P09)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlmodel import col

from models.account import Account, AccountState
from models.exports import ExportJob
from models.journal import Fact, account_stream
from models.notifications import NotificationKind
from models.portfolio import TICKET_LIFE, Document, Upload
from models.privacy import CLOSURE_GRACE, Closure, Consent, DataExport
from models.progress import Certificate
from resolvers.certificates import file_key
from resolvers.consent_records import demand_not_withdrawn
from resolvers.context import Context
from resolvers.document_check import DROP_OBJECT, checked_key
from resolvers.notices import Notice, notify
from resolvers.ownership import owned_tables
from resolvers.sessions import close_sessions
from resolvers.waiting import leave_all
from storage.database import Author, Transaction
from storage.jobs import Job

# Learning results are kept for accreditation, agreements and readings as proof; none of these rows names the person.
KEPT = frozenset(
    {"account", "access_record", "closure", "consent", "enrollment", "element", "course_progress"}
    | {"module_progress", "lesson_progress", "grade", "certificate"}
)
MARK_CLOSED = "mark_closed"
Stored = Document | Upload | DataExport | ExportJob
NOBODY: dict[str, Any] = {
    "slug": None,
    "state": AccountState.CLOSED,
    "last_name": "",
    "first_name": "",
    "middle_name": None,
    "email": None,
    "email_confirmed_at": None,
    "phone_sealed": None,
    "phone_index": None,
    "phone_confirmed_at": None,
    "snils_sealed": None,
    "snils_index": None,
    "confirmed_snils_index": None,
    "inn_sealed": None,
    "inn_index": None,
    "password_hash": None,
    "permissions": [],
}


async def my_closure(context: Context) -> Closure | None:
    """The closure that the viewer has asked for."""
    async with context.database.reading() as session:
        return await session.get(Closure, context.person.account.id)


async def request(context: Context) -> Closure:
    """Ask to close the account; asking again changes nothing."""
    async with context.database.transaction(context.author) as work:
        return await plan_closure(context, work, context.person.account.id)


async def plan_closure(context: Context, work: Transaction, account_id: UUID) -> Closure:
    """The day of the closure, in the transaction of whoever has a reason for it."""
    await work.session.get_one(Account, account_id, with_for_update=True)
    planned = await work.session.get(Closure, account_id)
    if planned is not None:
        return planned
    now = context.clock.now()
    planned = Closure(account_id=account_id, requested_at=now, due_at=now + CLOSURE_GRACE)
    work.session.add(planned)
    work.record(Fact(account_stream(account_id), "privacy:closure:requested"))
    body = f"Учётная запись будет закрыта {planned.due_at:%d.%m.%Y}. До этого дня закрытие можно отменить."
    notice = Notice(NotificationKind.SECURITY, "Закрытие учётной записи", body)
    await notify(context, work, account_id, notice)
    return planned


async def cancel(context: Context) -> bool:
    """Call the closure off; whether there was one."""
    account_id = context.person.account.id
    query = delete(Closure).where(col(Closure.account_id) == account_id, col(Closure.done_at).is_(None))
    async with context.database.transaction(context.author) as work:
        await demand_not_withdrawn(work.session, account_id)
        planned = await work.session.scalar(query.returning(col(Closure.account_id)))
        if planned is not None:
            work.record(Fact(account_stream(account_id), "privacy:closure:cancelled"))
    return planned is not None


async def close_due(context: Context) -> int:
    """Close every account whose day has come; returns how many."""
    query = select(col(Closure.account_id)).where(
        col(Closure.due_at) <= context.clock.now(), col(Closure.done_at).is_(None)
    )
    async with context.database.reading() as session:
        due = (await session.scalars(query)).all()
    for account_id in due:
        await _close(context, account_id)
    return len(due)


async def _close(context: Context, account_id: UUID) -> None:
    async with context.database.transaction(Author("closure", "")) as work:
        # What is being written under the account is waited for, so that it is forgotten with the rest.
        await work.session.get_one(Account, account_id, with_for_update=True)
        closure = await work.session.get(Closure, account_id, with_for_update=True)
        if closure is None or closure.done_at is not None:
            return
        closure.done_at = context.clock.now()
        sessions = await close_sessions(context, work, account_id, "account closed")
        objects = await _drop_objects(work, account_id)
        await leave_all(context, work, account_id)
        await _forget(work, account_id)
        work.enqueue(Job(MARK_CLOSED, {"account_id": str(account_id)}))
        data = {"sessions": sessions, "objects": objects}
        work.record(Fact(account_stream(account_id), "privacy:closure:done", data=data))


async def _drop_objects(work: Transaction, account_id: UUID) -> int:
    keys = set[str]()
    for table in (Document, Upload, DataExport, ExportJob):
        keys.update(await _keys(work, table, account_id))
    keys.update(map(checked_key, await _keys(work, Document, account_id)))
    certificates = select(col(Certificate.id)).where(col(Certificate.account_id) == account_id)
    keys.update(map(file_key, (await work.session.scalars(certificates)).all()))  # they bear the name
    for key in sorted(keys):
        work.enqueue(Job(DROP_OBJECT, {"key": key}))
    for key in await _keys(work, Upload, account_id):  # a form that is still good lets a file in once more
        work.enqueue(Job(DROP_OBJECT, {"key": key}, after=2 * TICKET_LIFE))
    return len(keys)


async def _keys(work: Transaction, table: type[Stored], account_id: UUID) -> Sequence[str]:
    query = select(col(table.object_key)).where(col(table.account_id) == account_id)
    return (await work.session.scalars(query)).all()


async def _forget(work: Transaction, account_id: UUID) -> None:
    for table, condition in reversed(owned_tables(account_id).items()):
        if table.name not in KEPT:
            await work.session.execute(delete(table).where(condition))
    masked = update(Consent).where(col(Consent.account_id) == account_id).values(origin=None)
    await work.session.execute(masked)
    await work.session.execute(update(Account).where(col(Account.id) == account_id).values(NOBODY))
