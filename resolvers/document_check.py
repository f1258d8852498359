"""The check of saved documents, and the tidying of what uploads leave behind (3.3-19 .. 3.3-22)."""

from dataclasses import asdict
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlmodel import col

from gateways.inspector import Claim
from models.documents_rules import MAX_BYTES
from models.journal import Fact, account_stream
from models.objects import ObjectMissing
from models.portfolio import (
    Document,
    DocumentStatus,
    Upload,
)
from resolvers.context import Context
from resolvers.document_replacing import succeed_approved
from resolvers.review_notices import tell_reviewed
from storage.database import Author
from storage.jobs import Job

CHECK_DOCUMENT = "check_document"
DROP_OBJECT = "drop_object"
FORGOTTEN_AFTER = timedelta(minutes=15)
UNSAVED_FOR = timedelta(hours=1)
NO_JOB = text("""
    NOT EXISTS (
        SELECT FROM procrastinate_jobs AS job
        WHERE job.lock = document.id::text AND job.status IN ('todo', 'doing')
    )
""")


async def check_document(context: Context, *, document_id: str) -> None:
    """The check after saving: a finished one is left alone, so a job done twice changes nothing (3.3-19 .. 3.3-22)."""
    async with context.database.reading() as session:
        document = await session.get(Document, UUID(document_id))
    if document is None or document.status is not DocumentStatus.CHECKING:
        return
    kept, content = await _set_aside(context, document)
    claim = Claim(document.type, document.file_name, document.mime_type, document.issued_at)
    findings = await context.ports.inspector.inspect(content, claim)
    failed = [finding for finding in findings if not finding.passed]
    async with context.database.transaction(Author("inspector", "")) as work:
        locked = await work.session.get(Document, document.id, with_for_update=True)
        if locked is None:  # the account was closed meanwhile: no file may outlive it
            work.enqueue(Job(DROP_OBJECT, {"key": kept}))
            return
        if locked.status is not DocumentStatus.CHECKING:
            return
        work.enqueue(Job(DROP_OBJECT, {"key": locked.object_key}))
        locked.object_key, locked.size_bytes = kept, len(content)
        locked.sha256 = sha256(content).hexdigest()
        locked.checks = [asdict(finding) for finding in findings]
        locked.problems = [asdict(finding) for finding in failed]
        locked.status = DocumentStatus.NEEDS_CORRECTION if failed else DocumentStatus.APPROVED
        locked.reviewed_at = context.clock.now()
        work.record(
            Fact(
                account_stream(locked.account_id),
                "portfolio:document:checked",
                locked.id,
                {"status": locked.status.value},
            )
        )
        if not failed:
            await succeed_approved(work, locked)
        await tell_reviewed(context, work, locked)


async def recheck_forgotten(context: Context) -> None:
    """A check that gave up during a long outage begins again: no document stays «Проверяется» for ever."""
    long_ago = context.clock.now() - FORGOTTEN_AFTER
    async with context.database.transaction(Author("inspector", "")) as work:
        forgotten = await work.session.scalars(
            select(col(Document.id))
            .where(
                col(Document.status) == DocumentStatus.CHECKING, col(Document.uploaded_at) < long_ago, NO_JOB
            )
            .limit(100)
        )
        for document_id in forgotten:
            work.enqueue(check_job(document_id))


def check_job(document_id: UUID) -> Job:
    """The job that checks one document; two of one document never run at once."""
    name = str(document_id)
    return Job(CHECK_DOCUMENT, {"document_id": name}, lock=name)


def checked_key(uploaded: str) -> str:
    """Where the copy lives that a check sets aside."""
    return f"{uploaded}.checked"


async def _set_aside(context: Context, document: Document) -> tuple[str, bytes]:
    """A copy that the person cannot overwrite while the upload form still holds; a check begun before has one."""
    objects, key = context.ports.objects, checked_key(document.object_key)
    try:
        return key, await objects.get(key, MAX_BYTES)
    except ObjectMissing:
        content = await objects.get(document.object_key, MAX_BYTES)
        await objects.put(key, content, document.mime_type, sha256(content).hexdigest())
        return key, content


async def drop_object(context: Context, *, key: str) -> None:
    """Remove an object that nothing points to any more."""
    await context.ports.objects.delete(key)


async def drop_expired_uploads(context: Context) -> None:
    """Leaves are forgotten an hour after they have run out, and the files that were sent and never saved go too."""
    long_ago = context.clock.now() - UNSAVED_FOR
    expired = (
        select(col(Upload.id))
        .where(col(Upload.expires_at) < long_ago)
        .order_by(col(Upload.expires_at))
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    async with context.database.transaction(Author("inspector", "")) as work:
        dropped = delete(Upload).where(col(Upload.id).in_(expired)).returning(Upload)
        for upload in await work.session.scalars(dropped):
            if upload.used_at is None:
                work.enqueue(Job(DROP_OBJECT, {"key": upload.object_key}))
