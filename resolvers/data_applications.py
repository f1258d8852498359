"""The application behind personal data: the registration until it is settled, then a change of data (1.1.1-28, A22)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateways.register import Match, Mismatch
from models.applications import Application, ApplicationKind, ApplicationStatus
from models.personal_form import mismatch_words
from models.profile import Profile
from resolvers.applications import move_application, open_application
from resolvers.context import Context
from storage.database import Transaction

KINDS = (ApplicationKind.REGISTRATION, ApplicationKind.DATA_CHANGE)
SETTLED = (ApplicationStatus.APPROVED, ApplicationStatus.CANCELLED)
SENT = "Данные отправлены на сверку с государственным реестром"
AWAY = "Реестр пока не отвечает: спросим его снова, как только он заработает"
MATCHED = "Данные совпали с государственным реестром"
MISMATCHED = "Часть данных не совпала с государственным реестром"


async def data_sent(context: Context, work: Transaction, account_id: UUID) -> UUID:
    """A form goes to the application that is open or was rejected, else to a new one; returns its id."""
    query = (
        select(Application)
        .where(
            col(Application.account_id) == account_id,
            col(Application.kind).in_(KINDS),
            col(Application.status).not_in(SETTLED),
        )
        .order_by(col(Application.created_at).desc(), col(Application.id).desc())
        .limit(1)
        .with_for_update()
    )
    application = (await work.session.scalars(query)).first()
    if application is None:
        kind, status = ApplicationKind.DATA_CHANGE, ApplicationStatus.IN_PROGRESS
        return (await open_application(context, work, kind, account_id, status, SENT)).id
    move_application(context, work, application, ApplicationStatus.IN_PROGRESS, SENT)
    return application.id


async def data_waits(context: Context, work: Transaction, profile: Profile) -> None:
    """A register that does not answer is no refusal; whoever looks at the application sees what it waits for."""
    application = await work.session.get(Application, profile.application_id or UUID(int=0))
    if application is not None:
        move_application(context, work, application, ApplicationStatus.IN_PROGRESS, AWAY)


async def data_judged(
    context: Context, work: Transaction, profile: Profile, verdict: Match | Mismatch
) -> None:
    """The answer of the register settles the application, or rejects it with a reason for each field."""
    application = await work.session.get(Application, profile.application_id or UUID(int=0))
    if application is None:
        return
    if isinstance(verdict, Match):
        move_application(context, work, application, ApplicationStatus.APPROVED, MATCHED)
        return
    reasons = [mismatch_words(field) for field in verdict.fields]
    move_application(context, work, application, ApplicationStatus.REJECTED, MISMATCHED, reasons)


async def number_of(session: AsyncSession, profile: Profile) -> str | None:
    """The number that a person quotes about the data as they are."""
    query = select(col(Application.number)).where(col(Application.id) == profile.application_id)
    return await session.scalar(query)
