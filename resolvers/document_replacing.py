"""A document in the place of another one: a refused, an expired or an aging one (3.3-23, 3.3-25).

What was approved stays in force until its successor is approved as well.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.documents_rules import DocumentType
from models.errors import ErrorCode, UserError, mistake
from models.journal import Fact, account_stream
from models.portfolio import Document, DocumentStatus
from storage.database import Transaction

REPLACEABLE = {DocumentStatus.NEEDS_CORRECTION, DocumentStatus.EXPIRED, DocumentStatus.APPROVED}


async def replaceable(
    session: AsyncSession, account_id: UUID, document_id: UUID, kind: DocumentType
) -> Document:
    """The document that an upload is to replace; its row is held, so that of two successors one is first."""
    query = select(Document).where(col(Document.id) == document_id, col(Document.account_id) == account_id)
    known = await session.scalar(query.with_for_update())
    if known is None:
        raise mistake(ErrorCode.NOT_FOUND, "Заменяемый документ не найден.", "replacesDocumentId")
    if known.status not in REPLACEABLE:
        raise _conflict("Этот документ сейчас не заменить: он проверяется или уже заменён.")
    if known.type is not kind:
        raise _conflict("Заменить документ можно документом того же вида.")
    return known


def _conflict(message: str) -> UserError:
    return mistake(ErrorCode.CONFLICT, message, "replacesDocumentId")


def succeed(work: Transaction, known: Document, successor: Document) -> None:
    """At saving: the successor is the next version; what is not in force any more makes way at once."""
    successor.replaces_id, successor.version = known.id, known.version + 1
    if known.status is not DocumentStatus.APPROVED:
        _make_way(work, known)


async def succeed_approved(work: Transaction, successor: Document) -> None:
    """At approval: what was in force until now makes way."""
    if successor.replaces_id is None:
        return
    known = await work.session.get(Document, successor.replaces_id, with_for_update=True)
    if known is not None and known.status is not DocumentStatus.REPLACED:
        _make_way(work, known)


def _make_way(work: Transaction, known: Document) -> None:
    known.status = DocumentStatus.REPLACED
    work.record(Fact(account_stream(known.account_id), "portfolio:document:replaced", known.id))
