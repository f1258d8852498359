"""A copy of everything of one person: a ZIP made by a job, taken once within a day (P05, P06)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

import orjson
from sqlalchemy import ColumnElement, Table, select, update
from sqlmodel import col

from models.access import AccessPurpose
from models.account import AccessStep
from models.documents_rules import MAX_BYTES
from models.errors import ErrorCode, Unavailable, mistake
from models.journal import Event, Fact, account_stream
from models.limits import DATA_EXPORTS
from models.notifications import NotificationKind
from models.objects import ObjectMissing
from models.portfolio import Document
from models.privacy import EXPORT_LIFE, DataExport, DataExportState
from models.secrets import fingerprint
from resolvers.access import note_access
from resolvers.context import Context
from resolvers.document_check import DROP_OBJECT
from resolvers.limits import allow
from resolvers.notices import Notice, notify
from resolvers.ownership import owned_tables
from storage.database import Author
from storage.jobs import Job

MAKE_EXPORT = "make_data_export"
LINK_LIFE = timedelta(minutes=1)
DROPPED_AFTER = timedelta(minutes=10)  # a slow download outlives its link
PATH = "/copies"
IN_MEMORY = 8 * 1024 * 1024
CHUNK = 1024 * 1024
# What only serves us and says nothing about the person.
SECRET = ("_hash", "_index", "object_key")
# What is sealed and the person's own words or numbers; keys, tokens and passwords are sealed too and never leave.
OPENED = frozenset(
    {
        ("account", "phone_sealed"),
        ("account", "snils_sealed"),
        ("account", "inn_sealed"),
        ("profile", "data_sealed"),
        ("proof", "contact_sealed"),
        ("contact_change", "value_sealed"),
        ("contact_change", "previous_sealed"),
        ("support_request", "contact_sealed"),
        ("support_request", "message_sealed"),
        ("gosuslugi_link", "facts_sealed"),
    }
)
GIVEN_UP = timedelta(hours=1)
AUTHOR = Author("export", "")
FAILED = Notice(
    NotificationKind.DATA_UPDATED, "Копию данных собрать не удалось", "Запросите её в настройках ещё раз."
)
READY = Notice(
    NotificationKind.DATA_UPDATED,
    "Копия данных готова",
    "Её можно получить в настройках один раз в течение 24 часов.",
)
log = logging.getLogger(__name__)


async def exports(context: Context) -> list[DataExport]:
    """The copies that the viewer has asked for, the newest first."""
    query = select(DataExport).where(col(DataExport.account_id) == context.person.account.id)
    async with context.database.reading() as session:
        return list((await session.scalars(query.order_by(col(DataExport.id).desc()).limit(20))).all())


async def request(context: Context) -> DataExport:
    """Ask for a copy; one that still waits to be made is the one asked for. It tells the numbers of the account, so it
    waits until one of them has been named, as the profile does (2.2-5)."""
    account_id = context.person.account.id
    if context.person.account.identified_at is None:
        message = "Копия содержит ИНН и СНИЛС. Сначала подтвердите один из них."
        raise mistake(ErrorCode.STEP_REQUIRED, message, missing=[AccessStep.IDENTIFY_INN_OR_SNILS])
    await allow(context, DATA_EXPORTS, str(account_id))
    async with context.database.transaction(context.author) as work:
        # Parallel requests wait for one another: a transaction of a session holds its account.
        mine = col(DataExport.account_id) == account_id, col(DataExport.state) == DataExportState.QUEUED
        if queued := await work.session.scalar(select(DataExport).where(*mine).limit(1)):
            return queued
        export = DataExport(
            id=context.secrets.uuid(),
            account_id=account_id,
            object_key=f"exports/{context.secrets.token()}",
            requested_at=context.clock.now(),
        )
        work.session.add(export)
        work.record(Fact(account_stream(account_id), "privacy:export:requested", export.id))
        work.enqueue(Job(MAKE_EXPORT, {"export_id": str(export.id)}, lock=f"{MAKE_EXPORT}:{account_id}"))
    return export


async def take(context: Context, *, key: UUID) -> str:
    """A link for one minute and one use, given once; the copy itself is dropped soon after."""
    query = select(DataExport).where(
        col(DataExport.id) == key, col(DataExport.account_id) == context.person.account.id
    )
    now, token = context.clock.now(), context.secrets.token()
    async with context.database.transaction(context.author) as work:
        export = await work.session.scalar(query.with_for_update())
        if export is None or export.state in (DataExportState.QUEUED, DataExportState.FAILED):
            raise mistake(ErrorCode.NOT_FOUND, "Копия не найдена или ещё не готова.", "id")
        if export.state is DataExportState.TAKEN:
            raise mistake(ErrorCode.LINK_USED, "Эту копию уже получили. Запросите новую.", "id")
        if export.expires_at is None or export.expires_at <= now:
            raise mistake(ErrorCode.LINK_EXPIRED, "Срок копии истёк. Запросите новую.", "id")
        export.state, export.taken_at, export.link_hash = DataExportState.TAKEN, now, fingerprint(token)
        work.record(Fact(account_stream(export.account_id), "privacy:export:taken", export.id))
        work.enqueue(Job(DROP_OBJECT, {"key": export.object_key}, after=DROPPED_AFTER))
    return f"{context.ports.origin}{PATH}/{token}"


async def open_copy(context: Context, token: str) -> AsyncIterator[bytes]:
    """What the link leads to. Whoever holds it has it once: it is spent when the store has begun to answer."""
    since = context.clock.now() - LINK_LIFE
    query = select(DataExport).where(
        col(DataExport.link_hash) == fingerprint(token), col(DataExport.taken_at) > since
    )
    async with context.database.transaction(AUTHOR) as work:
        export = await work.session.scalar(query.with_for_update())
        if export is None:
            raise mistake(ErrorCode.LINK_USED, "Ссылка уже использована или устарела. Запросите новую копию.")
        content = await context.ports.objects.open(export.object_key)
        export.link_hash = None
    return content


async def make_data_export(context: Context, *, export_id: str) -> None:
    """Gather, pack, put; a copy that is made already is left alone, an outage is waited out."""
    try:
        await _make(context, UUID(export_id))
    except Unavailable:
        raise
    except Exception:
        log.exception("a copy of data was not made: %s", export_id)
        await _give_up(context, col(DataExport.id) == UUID(export_id))


async def _make(context: Context, export_id: UUID) -> None:
    async with context.database.transaction(AUTHOR) as work:
        export = await work.session.get(DataExport, export_id)
        if export is None or export.state is not DataExportState.QUEUED:
            return
        note_access(context, work, export.account_id, AccessPurpose.DATA_EXPORT)
    with SpooledTemporaryFile(IN_MEMORY) as file:
        await _pack(context, export.account_id, file)
        size = await context.ports.objects.stream_put(export.object_key, _chunks(file), "application/zip")
    async with context.database.transaction(AUTHOR) as work:
        made = await work.session.get(DataExport, export.id, with_for_update=True)
        if made is None or made.state is DataExportState.FAILED:  # given up meanwhile: no file may outlive it
            work.enqueue(Job(DROP_OBJECT, {"key": export.object_key}))
            return
        made.state, made.size_bytes = DataExportState.READY, size
        made.expires_at = context.clock.now() + EXPORT_LIFE
        work.record(Fact(account_stream(made.account_id), "privacy:export:ready", made.id))
        await notify(context, work, made.account_id, READY)


async def expire_exports(context: Context) -> None:
    """Drop the copies that nobody has taken in time; give up those that could not be made for an hour."""
    query = (
        update(DataExport)
        .where(
            col(DataExport.state) == DataExportState.READY,
            col(DataExport.expires_at) <= context.clock.now(),
        )
        .values(state=DataExportState.EXPIRED)
        .returning(col(DataExport.object_key))
    )
    async with context.database.transaction(AUTHOR) as work:
        for key in (await work.session.scalars(query)).all():
            work.enqueue(Job(DROP_OBJECT, {"key": key}))
    await _give_up(context, col(DataExport.requested_at) <= context.clock.now() - GIVEN_UP)


async def _give_up(context: Context, which: ColumnElement[bool]) -> None:
    """Copies that still wait to be made will not be, and their owners are told."""
    query = select(DataExport).where(col(DataExport.state) == DataExportState.QUEUED, which)
    async with context.database.transaction(AUTHOR) as work:
        for export in (await work.session.scalars(query.with_for_update())).all():
            export.state = DataExportState.FAILED
            work.record(Fact(account_stream(export.account_id), "privacy:export:failed", export.id))
            await notify(context, work, export.account_id, FAILED)


async def _pack(context: Context, account_id: UUID, file: IO[bytes]) -> None:
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("data.json", await _gathered(context, account_id))
        async with context.database.reading() as session:
            query = select(Document).where(col(Document.account_id) == account_id)
            documents = (await session.scalars(query)).all()
        for document in documents:
            try:
                content = await context.ports.objects.get(document.object_key, MAX_BYTES)
            except ObjectMissing:
                continue
            name = f"documents/{document.id.hex}-{document.file_name}"
            await asyncio.to_thread(archive.writestr, name, content)


async def _gathered(context: Context, account_id: UUID) -> bytes:
    everything = dict[str, Any]()
    async with context.database.reading() as session:
        for table, condition in owned_tables(account_id).items():
            found = (await session.execute(select(table).where(condition))).mappings().all()
            everything[table.name] = [
                _plain(context, table, {str(name): value for name, value in row.items()}) for row in found
            ]
        query = select(Event).where(col(Event.stream) == account_stream(account_id)).order_by(col(Event.seq))
        events = (await session.scalars(query)).all()
    everything["journal"] = [event.model_dump(include={"seq", "at", "action", "origin"}) for event in events]
    return orjson.dumps(everything, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS, default=str)


def _plain(context: Context, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row in words: sealed words of the person are opened, what is ours alone is left out."""
    values = {name: value for name, value in row.items() if not name.endswith(SECRET)}
    key = next(iter(table.primary_key.columns))
    for name, value in list(values.items()):
        if isinstance(value, bytes):
            del values[name]
            if (table.name, name) in OPENED:
                said = context.ports.vault.open(value, table.name, name, row[key.name])
                values[name.removesuffix("_sealed")] = orjson.loads(said) if said[:1] == "{" else said
    return values


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    file.seek(0)
    while chunk := await asyncio.to_thread(file.read, CHUNK):
        yield chunk
