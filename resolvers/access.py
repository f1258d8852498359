"""The access log: a row whenever sealed personal data is opened for anybody but its owner (P11, P12)."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from models.access import AccessPurpose, AccessRecord
from resolvers.context import Context
from resolvers.paging import By, Page, page
from storage.database import Transaction


def note_access(context: Context, work: Transaction, account_id: UUID, purpose: AccessPurpose) -> None:
    """Call it in the transaction that reads what is going to be opened: no opening without its row."""
    work.session.add(
        AccessRecord(
            id=context.secrets.uuid(),
            account_id=account_id,
            at=context.clock.now(),
            reader=work.author.actor,
            purpose=purpose,
        )
    )


async def access_log(context: Context, first: int, after: str | None) -> Page[AccessRecord]:
    """Who has read the viewer's data, the newest first."""
    query = select(AccessRecord).where(col(AccessRecord.account_id) == context.person.account.id)
    return await page(context, query, [By("ID", col(AccessRecord.id), descending=True)], first, after)
