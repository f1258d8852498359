"""Making the file of an export: rows are read batch by batch and streamed to the object store (A23).

The keys of all rows are read first, so that the file has the rows and the order of one moment, however long it takes.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from anyio import to_thread
from sqlalchemy import delete, select
from sqlmodel import col

from gateways.table_csv import MARK, csv_lines
from gateways.table_sheet import PART, TableSheet, bound
from models.errors import Unavailable
from models.exports import (
    FILE_LIFE,
    GIVEN_UP,
    MIME_TYPES,
    REMEMBERED,
    UNFINISHED,
    ExportFailure,
    ExportFormat,
    ExportJob,
    ExportState,
)
from models.journal import Fact, account_stream
from resolvers.context import Context
from resolvers.document_check import DROP_OBJECT
from resolvers.export_question import revived, summary
from resolvers.export_sheets import SHEETS, Line
from storage.database import Author, Transaction
from storage.jobs import Job

MAKE_EXPORT = "make_export"
BATCH = {ExportFormat.CSV: 1_000, ExportFormat.PDF: PART}
PRESSES = 2
TOLD_TIMES = 20  # how often at most the progress of one export is told
MOST_TRIES = 5
AUTHOR = Author("export", "")
log = logging.getLogger(__name__)


class _RowGone(Exception):
    """Something was removed after its key was read: the file is begun anew, since its number of rows is told."""


def topic(export_id: UUID) -> str:
    """What is signalled when an export has come further."""
    return f"export:{export_id}"


async def make_export(context: Context, *, export_id: str) -> None:
    """Make the file and say how it ended; one that is made already is left alone, an outage is waited out."""
    try:
        await _make(context, UUID(export_id))
    except Unavailable:
        raise
    except Exception:
        log.exception("export %s was not made", export_id)
        await _move(context, UUID(export_id), state=ExportState.FAILED, failure=ExportFailure.NOT_MADE)


async def _make(context: Context, export_id: UUID) -> None:
    async with context.database.reading() as session:
        job = await session.get(ExportJob, export_id)
        if job is None or job.state not in UNFINISHED:
            return
    for _ in range(MOST_TRIES):
        with suppress(_RowGone):
            await _write(context, job)
            return
    raise RuntimeError("rows went whenever they were read")


async def _write(context: Context, job: ExportJob) -> None:
    async with context.database.reading() as session:
        keys = (await session.scalars(SHEETS[job.kind].keys(job, revived(job.question)))).all()
    await _move(context, job.id, state=ExportState.RUNNING, rows=len(keys), rows_done=0)
    write = _csv if job.format is ExportFormat.CSV else _pdf
    chunks = write(context, job, [*keys])
    size = await context.ports.objects.stream_put(job.object_key, chunks, MIME_TYPES[job.format])
    await _finish(context, job, len(keys), size)


async def expire_exports(context: Context) -> None:
    """Drop the files that have lived their day; give up what nobody could make; forget what was asked long ago."""
    now = context.clock.now()
    old = (col(ExportJob.state) == ExportState.READY) & (col(ExportJob.expires_at) <= now)
    stuck = col(ExportJob.state).in_(UNFINISHED) & (col(ExportJob.requested_at) <= now - GIVEN_UP)
    async with context.database.transaction(AUTHOR) as work:
        for job in await work.session.scalars(
            select(ExportJob).where(old | stuck).with_for_update(skip_locked=True)
        ):
            was_ready = job.state is ExportState.READY
            job.state = ExportState.EXPIRED if was_ready else ExportState.FAILED
            job.failure = None if was_ready else ExportFailure.TOOK_TOO_LONG
            job.version += 1
            work.signal(topic(job.id))
            work.enqueue(Job(DROP_OBJECT, {"key": job.object_key}))
        forgotten = (col(ExportJob.requested_at) <= now - REMEMBERED) & col(ExportJob.state).not_in(
            (*UNFINISHED, ExportState.READY)
        )
        await work.session.execute(delete(ExportJob).where(forgotten))


async def _batches(context: Context, job: ExportJob, keys: list[Any]) -> AsyncIterator[list[Line]]:
    """The lines in the order of the keys, all of them."""
    size = BATCH[job.format]
    told, step = 0, max(size, len(keys) // TOLD_TIMES)
    for start in range(0, len(keys), size):
        part = keys[start : start + size]
        async with context.database.reading() as session:
            lines = await SHEETS[job.kind].lines(session, job, part)
        if len(lines) < len(part):
            raise _RowGone
        yield [lines[key] for key in part]
        if start + size - told >= step:
            told = start + size
            await _move(context, job.id, rows_done=min(told, len(keys)))


async def _csv(context: Context, job: ExportJob, keys: list[Any]) -> AsyncIterator[bytes]:
    yield MARK + csv_lines([SHEETS[job.kind].headings])
    async for lines in _batches(context, job, keys):
        yield csv_lines(lines)


async def _pdf(context: Context, job: ExportJob, keys: list[Any]) -> AsyncIterator[bytes]:
    sheet = SHEETS[job.kind]
    told = [*summary(revived(job.question)), f"Строк: {len(keys)}"]
    parts = await _parts(TableSheet(sheet.title, told, sheet.columns), _batches(context, job, keys))
    yield await to_thread.run_sync(bound, parts)


async def _parts(sheet: TableSheet, batches: AsyncIterator[list[Line]]) -> list[bytes]:
    """Two parts are printed at once while a third is read, which is what memory allows for."""
    presses: list[asyncio.Task[bytes]] = []

    def press(lines: list[Line]) -> None:
        work = partial(sheet.printed, lines, first=not presses)
        presses.append(asyncio.create_task(to_thread.run_sync(work)))

    try:
        async for lines in batches:
            await asyncio.gather(*presses[-PRESSES:-1])
            press(lines)
        if not presses:
            press([])
        return [await each for each in presses]
    finally:
        for each in presses:
            each.cancel()


async def _move(context: Context, export_id: UUID, **changes: Any) -> None:
    async with context.database.transaction(AUTHOR) as work:
        await _change(work, export_id, **changes)


async def _change(work: Transaction, export_id: UUID, **changes: Any) -> ExportJob | None:
    """Write what has changed unless somebody else has brought the export to its end."""
    job = await work.session.get(ExportJob, export_id, with_for_update=True)
    if job is None or job.state not in UNFINISHED:
        return None
    job.sqlmodel_update(changes)
    job.version += 1
    work.signal(topic(export_id))
    return job


async def _finish(context: Context, job: ExportJob, rows: int, size: int) -> None:
    now = context.clock.now()
    end = {"state": ExportState.READY, "rows_done": rows, "size_bytes": size, "ready_at": now}
    async with context.database.transaction(AUTHOR) as work:
        done = await _change(work, job.id, **end, expires_at=now + FILE_LIFE)
        if done is not None:
            data = {"rows": rows, "size": size}
            work.record(Fact(account_stream(job.account_id), "exports:job:ready", job.id, data))
            return
        other = await work.session.get(ExportJob, job.id)
        if (
            other is None or other.state is not ExportState.READY
        ):  # given up meanwhile: no file may outlive it
            work.enqueue(Job(DROP_OBJECT, {"key": job.object_key}))
