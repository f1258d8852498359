"""How complete a portfolio is: what is asked for first and what other functions may ask for (3.3-1 .. 3.3-3, A33)."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from models.account import AccessLevel, AccessStep, Account
from models.documents_rules import KINDS, DocumentType
from models.portfolio import Document, DocumentStatus
from resolvers.account import level, steps
from resolvers.context import Context

REQUIRED = tuple(kind for kind, known in KINDS.items() if known.required)


async def missing_types(context: Context, account_id: UUID) -> list[DocumentType]:
    """Kinds that a complete portfolio needs and this one has no approved document of, in the order of showing."""
    query = select(col(Document.type)).where(
        col(Document.account_id) == account_id,
        col(Document.status) == DocumentStatus.APPROVED,
        col(Document.type).in_(REQUIRED),
    )
    async with context.database.reading() as session:
        held = set(await session.scalars(query))
    return [kind for kind in REQUIRED if kind not in held]


async def next_steps(context: Context, account: Account) -> list[AccessStep]:
    """The steps of the account; once they are taken, the portfolio is the first thing to do, and a gate to nothing."""
    left = list(steps(account))
    if level(account) is AccessLevel.FULL and await missing_types(context, account.id):
        left.append(AccessStep.BUILD_PORTFOLIO)
    return left
