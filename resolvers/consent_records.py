"""The record of an agreement: which text, when, through which channel, from where (2.2-8, P15)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.account import Account, Channel
from models.errors import ErrorCode, mistake
from models.journal import Fact, account_stream
from models.privacy import Consent
from models.terms import Terms, TermsKind
from resolvers.context import Context
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Agreement:
    """Which text was agreed to, through which channel, when."""

    terms: Terms
    channel: Channel
    at: datetime


async def standing(session: AsyncSession, account_id: UUID, kind: TermsKind) -> Consent | None:
    """The newest consent that has not been withdrawn; ask before every optional use of data.

    To hand data over to who may not keep them is no use: without the consent to that this one does not stand.
    """
    if kind is TermsKind.DATA_TRANSFER and await is_withdrawn(session, account_id):
        return None
    query = select(Consent).where(
        col(Consent.account_id) == account_id, col(Consent.kind) == kind, col(Consent.withdrawn_at).is_(None)
    )
    return (await session.scalars(query.order_by(col(Consent.id).desc()).limit(1))).first()


async def is_withdrawn(session: AsyncSession, account_id: UUID) -> bool:
    """Whether the consent to keep personal data was taken back.

    One who was never asked for it is served under the rules of the cabinet (152-FZ, 6 part 1 point 5).
    """
    given = col(Consent.account_id) == account_id, col(Consent.kind) == TermsKind.PERSONAL_DATA
    query = select(func.bool_and(col(Consent.withdrawn_at).is_not(None))).where(*given)
    return bool(await session.scalar(query))


async def demand_not_withdrawn(session: AsyncSession, account_id: UUID) -> None:
    """Whoever has taken that consent back gives it again before more is done with the data (P10)."""
    if await is_withdrawn(session, account_id):
        message = "Вы отозвали согласие на обработку персональных данных. Сначала дайте его снова."
        raise mistake(ErrorCode.TERMS_NOT_ACCEPTED, message)


def record_consent(context: Context, work: Transaction, account_id: UUID, agreement: Agreement) -> Consent:
    """One row for one text; rows are never rewritten, so that a raised version stands beside the old one."""
    terms = agreement.terms
    consent = Consent(
        id=context.secrets.uuid(),
        account_id=account_id,
        kind=terms.kind,
        version=terms.version,
        sha256=terms.sha256,
        channel=agreement.channel,
        origin=context.peer.ip or None,
        given_at=agreement.at,
    )
    work.session.add(consent)
    return consent


def agreed(context: Context, work: Transaction, account_id: UUID, terms: Terms, channel: Channel) -> Consent:
    """The row, and the line of the journal that its owner reads."""
    consent = record_consent(context, work, account_id, Agreement(terms, channel, context.clock.now()))
    data = {"kind": terms.kind.value, "version": terms.version, "sha256": terms.sha256}
    work.record(Fact(account_stream(account_id), "privacy:consent:given", consent.id, data))
    return consent


def accept(context: Context, work: Transaction, account: Account, agreement: Agreement) -> None:
    """The rules of the cabinet: the account knows the version by itself, since every request asks for it."""
    account.terms_version, account.terms_sha256 = agreement.terms.version, agreement.terms.sha256
    account.terms_accepted_at = agreement.at
    record_consent(context, work, account.id, agreement)
