"""Documents run out: a word a month before, and the status on the day after the last one (3.3-25)."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, exists, func, literal, select
from sqlmodel import col

from models.journal import Fact, account_stream
from models.notifications import Notification, NotificationKind
from models.portfolio import Document, DocumentStatus
from resolvers.context import Context
from resolvers.notices import Notice, notify_each
from storage.database import Author, Transaction

WARNED_BEFORE = timedelta(days=30)
AT_ONCE = 100


async def expire_documents(context: Context) -> int:
    """An approved document whose last day is over counts no more."""
    today = context.clock.now().date()
    async with context.database.transaction(Author("expiry", "")) as work:
        documents = await _approved(work, col(Document.expires_at) < today)
        for document in documents:
            document.status = DocumentStatus.EXPIRED
            stream = account_stream(document.account_id)
            work.record(Fact(stream, "portfolio:document:expired", document.id))
        body = "Срок документа истёк. Загрузите новый: в портфолио рядом с ним есть кнопка замены."
        notices = [_notice(document, "Срок документа истёк", body) for document in documents]
        await notify_each(context, work, notices)
    return len(documents)


async def warn_of_expiry(context: Context) -> int:
    """Once for a document: what tells of it already is its own notice."""
    today = context.clock.now().date()
    public_id = literal("document_") + func.replace(cast(col(Document.id), String), "-", "")
    told = exists().where(
        col(Notification.account_id) == col(Document.account_id),
        col(Notification.kind) == NotificationKind.DOCUMENT_EXPIRING,
        col(Notification.subject) == public_id,
    )
    soon = col(Document.expires_at).between(today, today + WARNED_BEFORE)
    async with context.database.transaction(Author("expiry", "")) as work:
        documents = await _approved(work, soon, ~told)
        await notify_each(context, work, [_warning(document) for document in documents])
    return len(documents)


async def _approved(work: Transaction, *conditions: ColumnElement[bool]) -> list[Document]:
    query = select(Document).where(col(Document.status) == DocumentStatus.APPROVED, *conditions)
    locked = query.order_by(col(Document.id)).limit(AT_ONCE).with_for_update(skip_locked=True)
    return list((await work.session.scalars(locked)).all())


def _warning(document: Document) -> tuple[UUID, Notice]:
    body = (
        f"Документ действует до {document.expires_at:%d.%m.%Y}. Подготовьте новый и замените его в портфолио."
    )
    return _notice(document, "Скоро истекает срок документа", body)


def _notice(document: Document, title: str, body: str) -> tuple[UUID, Notice]:
    notice = Notice(NotificationKind.DOCUMENT_EXPIRING, title, body, f"document_{document.id.hex}")
    return document.account_id, notice
