"""Exports: asked for, found again, followed while they are made (3.1-18, 3.1-19, 3.4-14, 3.4-15, A23)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlmodel import col

from models.errors import ErrorCode, UserError, mistake
from models.exports import (
    AT_ONCE,
    LINK_LIFE,
    MIME_TYPES,
    MOST_ROWS,
    MOST_UNFINISHED,
    SAME_JOB,
    SAME_PRESS,
    UNFINISHED,
    ExportFormat,
    ExportJob,
    ExportKind,
    ExportState,
)
from models.journal import Fact, account_stream
from models.limits import EXPORTS
from models.objects import ObjectsUnavailable
from resolvers.context import Context
from resolvers.days import MOSCOW
from resolvers.export_making import MAKE_EXPORT, make_export, topic
from resolvers.export_question import Question, kept
from resolvers.export_sheets import SHEETS
from resolvers.limits import allow, too_often
from resolvers.live import HEARTBEAT_SECONDS, Heartbeat
from resolvers.paging import check_size
from resolvers.rights import not_found
from storage.database import Transaction
from storage.jobs import Job

RESCUE = timedelta(seconds=30)  # by then a request that makes its own file has ended, well or badly
NAMES = {
    ExportKind.ACTIVITIES: "activities",
    ExportKind.PROGRESS: "progress",
    ExportKind.PORTFOLIO_HISTORY: "portfolio-history",
}
FILTERS = {ExportKind.ACTIVITIES: "activityFilter", ExportKind.PROGRESS: "progressFilter"}


@dataclass(frozen=True, slots=True)
class Changed:
    """An export as it now stands."""

    job: ExportJob


async def request_export(context: Context, *, question: Question, form: ExportFormat) -> ExportJob:
    """Ask for a file: few rows are answered at once, many by a job; the same press again finds the same export."""
    now, account_id = context.clock.now(), context.person.account.id
    job = ExportJob(
        id=context.secrets.uuid(),
        account_id=account_id,
        kind=question.kind,
        format=form,
        question=kept(question),
        object_key=f"exports/{account_id.hex}/{context.secrets.token()}",
        requested_at=now,
    )
    job.rows = rows = await _count(context, job, question)
    await allow(context, EXPORTS, str(account_id))
    async with context.database.transaction(context.author) as work:
        # Parallel presses wait for one another, since a transaction of a session holds its account.
        same = await _same_press(work, job)
        if same is not None:
            return same
        await _check_unfinished(work, account_id)
        work.session.add(job)
        data = {"kind": job.kind.value, "format": form.value, "rows": rows}
        work.record(Fact(account_stream(account_id), "exports:job:requested", job.id, data))
        small = rows <= AT_ONCE
        work.enqueue(Job(MAKE_EXPORT, {"export_id": str(job.id)}, after=RESCUE if small else None))
    return await _made_at_once(context, job) if small else job


async def _made_at_once(context: Context, job: ExportJob) -> ExportJob:
    """The file within the request; when the store is down, the job that waits will make it."""
    try:
        await make_export(context, export_id=str(job.id))
    except ObjectsUnavailable:
        return job
    return await find_export(context, job.id)


async def _count(context: Context, job: ExportJob, question: Question) -> int:
    """How many rows there will be; a list that is too long, or a filter that cannot be, is refused."""
    most = MOST_ROWS[job.format]
    try:
        keys = SHEETS[job.kind].keys(job, question).order_by(None).limit(most + 1).subquery()
    except UserError as error:
        name = FILTERS[job.kind]
        raise UserError(*(replace(each, path=(name, *each.path[1:])) for each in error.problems)) from error
    async with context.database.reading() as session:
        count = (await session.execute(select(func.count()).select_from(keys))).scalar_one()
    if count > most:
        advice = " или выберите CSV" if job.format is ExportFormat.PDF else ""
        raise mistake(
            ErrorCode.INVALID_FORMAT, f"Больше {most} строк. Сузьте условия отбора{advice}.", "format"
        )
    return count


async def _same_press(work: Transaction, job: ExportJob) -> ExportJob | None:
    asked, state = col(ExportJob.requested_at), col(ExportJob.state)
    being_made = and_(state.in_(UNFINISHED), asked > job.requested_at - SAME_JOB)
    just_made = and_(state == ExportState.READY, asked > job.requested_at - SAME_PRESS)
    query = select(ExportJob).where(
        col(ExportJob.account_id) == job.account_id,
        col(ExportJob.format) == job.format,
        col(ExportJob.question) == job.question,
        or_(being_made, just_made),
    )
    return (await work.session.scalars(query.order_by(col(ExportJob.id).desc()).limit(1))).one_or_none()


async def _check_unfinished(work: Transaction, account_id: UUID) -> None:
    query = select(func.count()).where(
        col(ExportJob.account_id) == account_id, col(ExportJob.state).in_(UNFINISHED)
    )
    if (await work.session.execute(query)).scalar_one() >= MOST_UNFINISHED:
        raise too_often(RESCUE)


async def exports(context: Context, first: int) -> list[ExportJob]:
    """The viewer's exports, the newest first."""
    check_size(first)
    query = select(ExportJob).where(col(ExportJob.account_id) == context.person.account.id)
    async with context.database.reading() as session:
        return list(await session.scalars(query.order_by(col(ExportJob.id).desc()).limit(first)))


async def find_export(context: Context, export_id: UUID) -> ExportJob:
    """One export of the viewer; a foreign one is not found."""
    query = select(ExportJob).where(
        col(ExportJob.id) == export_id, col(ExportJob.account_id) == context.person.account.id
    )
    async with context.database.reading() as session:
        found = await session.scalar(query)
    if found is None:
        raise not_found()
    return found


async def follow_export(
    context: Context, export_id: UUID, after: int | None
) -> AsyncIterator[Changed | Heartbeat]:
    """An export whenever it has come further than `after`, until its end; the newest state is all that counts."""
    seen = after or 0
    async with context.ports.bus.subscribe(topic(export_id)) as wake_up:
        while True:
            job = await find_export(context, export_id)
            if job.version > seen:
                seen = job.version
                yield Changed(job)
            if job.state not in UNFINISHED:
                return
            if await wake_up.wait(HEARTBEAT_SECONDS) is None:
                yield Heartbeat(seen, context.clock.now())


def download_url(context: Context, job: ExportJob) -> str | None:
    """A link for an hour, once the file is there."""
    if job.state is not ExportState.READY:
        return None
    name = f"{file_name(job.kind, job.requested_at)}.{job.format.value.lower()}"
    seconds = int(LINK_LIFE.total_seconds())
    return context.ports.objects.download_url(job.object_key, name, MIME_TYPES[job.format], seconds)


def file_name(kind: ExportKind, at: datetime) -> str:
    """How the file is called where it is saved."""
    return f"nmo-{NAMES[kind]}-{at.astimezone(MOSCOW):%Y-%m-%d-%H%M}"
