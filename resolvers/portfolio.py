"""Documents of the portfolio: leave to upload, saving, the check and its live result (requirements 3.3)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.document_names import RULE, name_complaints, suggested_name
from models.documents_rules import MAX_BYTES, DocumentType
from models.errors import ErrorCode, Problem, UserError, mistake, too_long
from models.journal import Fact, account_stream
from models.objects import ObjectMissing, UploadForm
from models.portfolio import (
    MIME_TYPES,
    PENDING_UPLOADS,
    TICKET_LIFE,
    Document,
    DocumentStatus,
    Upload,
)
from resolvers.consent_records import demand_not_withdrawn
from resolvers.context import Context
from resolvers.document_check import check_job
from resolvers.document_replacing import replaceable, succeed
from resolvers.live import Step, follow
from resolvers.paging import By, Page, page
from resolvers.rights import not_found

LONGEST_NUMBER = 100


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """What a person says of a file before it is sent."""

    type: DocumentType
    file_name: str
    mime_type: str
    size_bytes: int
    replaces_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """What a person says of a document when saving it."""

    upload_id: UUID
    number: str
    issued_at: date
    expires_at: date | None


@dataclass(frozen=True, slots=True)
class Ticket:
    """Leave to send one file: where to, with which fields, until when."""

    upload: Upload
    form: UploadForm


def mine(context: Context) -> ColumnElement[bool]:
    """The viewer's own documents."""
    return col(Document.account_id) == context.person.account.id


async def list_documents(
    context: Context,
    types: tuple[DocumentType, ...],
    statuses: tuple[DocumentStatus, ...],
    first: int,
    after: str | None,
) -> Page[Document]:
    """The viewer's documents, the newest first (3.3-2, 3.3-26)."""
    query = select(Document).where(mine(context))
    if types:
        query = query.where(col(Document.type).in_(types))
    if statuses:
        query = query.where(col(Document.status).in_(statuses))
    return await page(context, query, [By("ID", col(Document.id), descending=True)], first, after)


async def all_documents(context: Context) -> list[Document]:
    """Every document of the viewer, for the snapshot of a live stream."""
    query = select(Document).where(mine(context)).order_by(col(Document.id).desc())
    async with context.database.reading() as session:
        return list((await session.scalars(query)).all())


async def find_document(context: Context, document_id: UUID) -> Document:
    """One document of the viewer; a foreign one is not found."""
    found = await document_now(context, document_id)
    if found is None:
        raise not_found()
    return found


async def document_now(context: Context, document_id: UUID | None) -> Document | None:
    """A document of the viewer as it stands, if it still exists."""
    async with context.database.reading() as session:
        return await session.scalar(select(Document).where(col(Document.id) == document_id, mine(context)))


def follow_documents(context: Context, after: int | None) -> AsyncIterator[Step]:
    """The live stream of the viewer's documents (3.3-19)."""
    return follow(context, account_stream(context.person.account.id), after, ("portfolio:document:",))


async def request_upload(context: Context, *, request: UploadRequest) -> Ticket:
    """Leave to send one file straight to the object store; refused before anything is sent (3.3-14)."""
    problems = _request_problems(request)
    if problems:
        raise UserError(*problems)
    account_id = context.person.account.id
    async with context.database.transaction(context.author) as work:
        # Parallel requests wait for one another, since a transaction of a session holds its account.
        await demand_not_withdrawn(work.session, account_id)
        if await _pending(work.session, context) >= PENDING_UPLOADS:
            raise mistake(ErrorCode.FILE_QUOTA, "Слишком много незаконченных загрузок. Подождите пять минут.")
        if request.replaces_id:
            await replaceable(work.session, account_id, request.replaces_id, request.type)
        upload = _upload(context, request)
        work.session.add(upload)
        work.record(Fact(account_stream(account_id), "portfolio:upload:requested", upload.id))
    form = context.ports.objects.upload_form(
        upload.object_key, upload.mime_type, MAX_BYTES, int(TICKET_LIFE.total_seconds())
    )
    return Ticket(upload, form)


async def _pending(session: AsyncSession, context: Context) -> int:
    """How many leaves of the viewer are neither used nor run out."""
    query = select(func.count()).where(
        col(Upload.account_id) == context.person.account.id,
        col(Upload.used_at).is_(None),
        col(Upload.expires_at) > context.clock.now(),
    )
    return (await session.execute(query)).scalar_one()


def _upload(context: Context, request: UploadRequest) -> Upload:
    now = context.clock.now()
    return Upload(
        id=context.secrets.uuid(),
        account_id=context.person.account.id,
        type=request.type,
        file_name=request.file_name,
        mime_type=request.mime_type,
        size_bytes=request.size_bytes,
        object_key=f"documents/{context.secrets.token()}",
        replaces_id=request.replaces_id,
        created_at=now,
        expires_at=now + TICKET_LIFE,
    )


def _request_problems(request: UploadRequest) -> list[Problem]:
    problems: list[Problem] = []
    if request.size_bytes > MAX_BYTES:
        problems.append(
            Problem(
                ErrorCode.FILE_TOO_LARGE,
                "Файл больше 5 МБ. Уменьшите его и выберите снова.",
                ("sizeBytes",),
                expected=f"не больше {MAX_BYTES} байт",
            )
        )
    if request.size_bytes < 1:
        problems.append(Problem(ErrorCode.FILE_EMPTY, "Файл пуст.", ("sizeBytes",)))
    if request.mime_type not in MIME_TYPES:
        problems.append(
            Problem(
                ErrorCode.FILE_TYPE,
                "Принимаются только PDF, JPG и PNG.",
                ("mimeType",),
                expected=", ".join(MIME_TYPES),
            )
        )
    return problems


async def save_document(context: Context, *, draft: DocumentDraft) -> Document:
    """Store what was entered and hand the file to the check; saving twice finds the same document (3.3-13)."""
    upload = await _own_upload(context, draft.upload_id)
    if upload.used_at is None:
        problems = _draft_problems(context, upload, draft)
        if problems:
            raise UserError(*problems)
        await _arrived(context, upload)
    now, account_id = context.clock.now(), context.person.account.id
    async with context.database.transaction(context.author) as work:
        locked = await work.session.get(Upload, upload.id, with_for_update=True)
        if locked is None:
            raise _no_upload()
        if locked.used_at is not None:
            saved = await work.session.scalar(
                select(Document).where(col(Document.id) == locked.id, mine(context))
            )
            if saved is None:
                raise _no_upload()
            return saved
        await demand_not_withdrawn(work.session, account_id)
        locked.used_at = now
        document = _document(locked, draft, now)
        if locked.replaces_id:
            known = await replaceable(work.session, account_id, locked.replaces_id, locked.type)
            succeed(work, known, document)
        work.session.add(document)
        work.record(Fact(account_stream(account_id), "portfolio:document:saved", document.id))
        work.enqueue(check_job(document.id))
    return document


def _document(upload: Upload, draft: DocumentDraft, now: datetime) -> Document:
    return Document(
        id=upload.id,
        account_id=upload.account_id,
        type=upload.type,
        number=draft.number.strip(),
        issued_at=draft.issued_at,
        expires_at=draft.expires_at,
        file_name=upload.file_name,
        mime_type=upload.mime_type,
        size_bytes=upload.size_bytes,
        sha256="",
        object_key=upload.object_key,
        uploaded_at=now,
    )


def _no_upload() -> UserError:
    return mistake(ErrorCode.NOT_FOUND, "Загрузка не найдена.", "uploadId")


async def _own_upload(context: Context, upload_id: UUID) -> Upload:
    async with context.database.reading() as session:
        upload = await session.scalar(
            select(Upload).where(
                col(Upload.id) == upload_id, col(Upload.account_id) == context.person.account.id
            )
        )
    if upload is None:
        raise _no_upload()
    return upload


def _draft_problems(context: Context, upload: Upload, draft: DocumentDraft) -> list[Problem]:
    problems: list[Problem] = []
    today = context.clock.now().date()
    if not draft.number.strip():
        problems.append(Problem(ErrorCode.REQUIRED, "Укажите номер документа.", ("number",)))
    elif len(draft.number) > LONGEST_NUMBER:
        problems.append(too_long("Номер документа слишком длинный.", LONGEST_NUMBER, "number"))
    if draft.issued_at > today:
        problems.append(Problem(ErrorCode.INVALID_FORMAT, "Дата выдачи ещё не наступила.", ("issuedAt",)))
    if draft.expires_at is not None and draft.expires_at < draft.issued_at:
        problems.append(
            Problem(ErrorCode.INVALID_FORMAT, "Срок действия кончается раньше даты выдачи.", ("expiresAt",))
        )
    named = (upload.file_name, upload.type, upload.mime_type, draft.issued_at)
    if complaints := name_complaints(*named):
        problems.append(
            Problem(
                ErrorCode.FILE_NAME,
                f"Имя файла не подходит: {'; '.join(complaints)}.",
                ("fileName",),
                hint=suggested_name(*named),
                expected=RULE,
            )
        )
    return problems


async def _arrived(context: Context, upload: Upload) -> None:
    """The store must hold exactly what was announced."""
    try:
        stored = await context.ports.objects.head(upload.object_key)
    except ObjectMissing as error:
        raise mistake(
            ErrorCode.FILE_MISSING, "Файл ещё не загружен. Отправьте его по выданному адресу.", "uploadId"
        ) from error
    if stored.size > MAX_BYTES:
        raise mistake(ErrorCode.FILE_TOO_LARGE, "Файл больше 5 МБ.", "uploadId")
    if stored.size != upload.size_bytes:
        raise mistake(
            ErrorCode.FILE_CONTENT,
            "Размер загруженного файла не тот, что был указан. Загрузите его снова.",
            "uploadId",
        )
