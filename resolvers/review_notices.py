"""What a person is told when a document has been checked (1.1-17, 3.3-19)."""

from models.notifications import NotificationKind
from models.portfolio import DOCUMENT_LABELS, Document, DocumentStatus
from resolvers.context import Context
from resolvers.notices import Notice, notify
from storage.database import Transaction

REVIEWED = {
    DocumentStatus.APPROVED: "Документ проверен и принят в портфолио.",
    DocumentStatus.NEEDS_CORRECTION: "Документ не принят. Что исправить, написано рядом с ним в портфолио.",
}


async def tell_reviewed(context: Context, work: Transaction, document: Document) -> None:
    """In the transaction of the check."""
    title = f"Документ: {DOCUMENT_LABELS[document.status].lower()}"
    body, subject = REVIEWED[document.status], f"document_{document.id.hex}"
    notice = Notice(NotificationKind.DOCUMENT_REVIEWED, title, body, subject)
    await notify(context, work, document.account_id, notice)
