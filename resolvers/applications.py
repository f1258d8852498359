"""Applications: opened with a number, moved with a line of history, listed and cancelled by their owner (1.1-15, 1.1-16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlmodel import col

from models.applications import (
    CANCELLABLE,
    NUMBERS,
    UNFINISHED,
    Application,
    ApplicationEvent,
    ApplicationKind,
    ApplicationStatus,
    numbered,
)
from models.errors import ErrorCode, mistake
from models.flows import Flow, FlowState
from models.journal import Fact, account_stream
from resolvers.context import Context
from resolvers.loading import Relation, fetch
from resolvers.paging import By, Page, page
from resolvers.rights import everyone
from storage.database import Transaction

HISTORY = Relation(
    ApplicationEvent,
    "id",
    col(ApplicationEvent.application_id),
    everyone,  # the application itself has been looked up as the owner's
    many=True,
    order=(col(ApplicationEvent.seq),),
)


@dataclass(frozen=True, slots=True)
class ApplicationFilter:
    """Conditions of a list; all of them hold."""

    kinds: Sequence[ApplicationKind] | None = None
    statuses: Sequence[ApplicationStatus] | None = None


async def open_application(
    context: Context,
    work: Transaction,
    kind: ApplicationKind,
    account_id: UUID | None,
    status: ApplicationStatus = ApplicationStatus.NEW,
    comment: str | None = None,
) -> Application:
    """A new application with the next number."""
    now = context.clock.now()
    count: int = await work.session.scalar(NUMBERS.next_value()) or 0
    application = Application(
        id=context.secrets.uuid(),
        account_id=account_id,
        number=numbered(now.year, count),
        kind=kind,
        status=status,
        created_at=now,
        updated_at=now,
    )
    work.session.add(application)
    await work.session.flush()
    _enter(context, work, application, comment)
    return application


def move_application(
    context: Context,
    work: Transaction,
    application: Application,
    status: ApplicationStatus,
    comment: str | None = None,
    reasons: Sequence[str] = (),
) -> None:
    """The next status; `reasons` say what to mend."""
    application.status, application.reasons = status, list(reasons)
    application.updated_at = context.clock.now()
    _enter(context, work, application, comment)


async def my_applications(
    context: Context, wanted: ApplicationFilter, first: int, after: str | None
) -> Page[Application]:
    """The viewer's applications, newest first."""
    query = select(Application).where(_mine(context))
    if wanted.kinds is not None:
        query = query.where(col(Application.kind).in_(wanted.kinds))
    if wanted.statuses is not None:
        query = query.where(col(Application.status).in_(wanted.statuses))
    order = [
        By("CREATED", col(Application.created_at), descending=True),
        By("ID", col(Application.id), descending=True),
    ]
    return await page(context, query, order, first, after)


async def find_application(context: Context, key: UUID) -> Application | None:
    """One of the viewer's applications."""
    return await fetch(context, Application, key, _mine(context))


def cancellable(application: Application) -> bool:
    """Whether its owner may still cancel it."""
    return application.kind in CANCELLABLE and application.status in UNFINISHED


async def cancel_application(context: Context, key: UUID) -> Application:
    """Cancel it, and the flow behind it: its code leads nowhere from now on."""
    async with context.database.transaction(context.author) as work:
        # The flow comes before its application for all who touch both; a refusal undoes this.
        its_flow = col(Flow.id) == key, col(Flow.account_id) == context.person.account.id
        cancelled = update(Flow).where(*its_flow).values(state=FlowState.CANCELLED, data_sealed=None)
        await work.session.execute(cancelled)
        query = select(Application).where(col(Application.id) == key, _mine(context)).with_for_update()
        application = (await work.session.scalars(query)).one_or_none()
        if application is None:
            raise mistake(ErrorCode.NOT_FOUND, "Заявка не найдена.", "id")
        if not cancellable(application):
            raise mistake(ErrorCode.CONFLICT, "Эту заявку уже нельзя отменить.", "id")
        move_application(context, work, application, ApplicationStatus.CANCELLED, "Отменена заявителем")
    return application


def _mine(context: Context) -> ColumnElement[bool]:
    return col(Application.account_id) == context.person.account.id


def _enter(context: Context, work: Transaction, application: Application, comment: str | None) -> None:
    event = ApplicationEvent(
        id=context.secrets.uuid(),
        application_id=application.id,
        at=application.updated_at,
        status=application.status,
        comment=comment,
    )
    work.session.add(event)
    if application.account_id is not None:
        data = {"status": application.status.value, "kind": application.kind.value}
        stream = account_stream(application.account_id)
        work.record(Fact(stream, "applications:application:moved", application.id, data))
