"""Certificates: printed and issued by the first download, checked by anyone (3.4-8 .. 3.4-10, A12, A35)."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from urllib.parse import quote
from uuid import UUID

from anyio import to_thread
from sqlalchemy import select
from sqlmodel import col

from gateways.certificate_sheet import Sheet, print_sheet
from models.account import Account, AccountState
from models.certificates import RemovedCertificate
from models.education import Course, Element
from models.errors import ErrorCode, mistake
from models.journal import Fact, account_stream
from models.limits import VERIFICATIONS
from models.objects import ObjectExists, ObjectMissing
from models.organizers import Organizer
from models.progress import CERTIFICATE_LABELS, Certificate, CertificateStatus
from resolvers.context import Context
from resolvers.days import MOSCOW
from resolvers.limits import allow

NUMBER = re.compile(r"НМО-\d{4}-[0-9A-F]{12}")
WITHDRAWN, UNKNOWN = "отозвано владельцем", "не найдено"
PDF = "application/pdf"
WITH_HOLDER = (
    select(Certificate, Account, Course, Organizer)
    .join(Account, col(Account.id) == col(Certificate.account_id))
    .join(Element, col(Element.id) == col(Certificate.element_id))
    .join(Course, col(Course.id) == col(Element.course_id))
    .join(Organizer, col(Organizer.id) == col(Course.organizer_id))
)


@dataclass(frozen=True, slots=True)
class Check:
    """What anyone may know of a number; the holder is masked."""

    valid: bool
    label: str
    status: CertificateStatus | None = None
    holder: str | None = None
    course: str | None = None
    hours: float | None = None
    ready_at: datetime | None = None
    completed_at: datetime | None = None


def file_key(certificate_id: UUID) -> str:
    """Where the file of a certificate lives in the object store."""
    return f"certificates/{certificate_id}"


def check_url(context: Context, number: str) -> str:
    """The public page that tells whether a number is true."""
    return f"{context.ports.origin}/verify/{quote(number)}"


def completed_on(completed_at: datetime) -> date:
    """The day of completion in Moscow, which the file and the public page name alike."""
    return completed_at.astimezone(MOSCOW).date()


async def print_certificate(context: Context, key: UUID) -> None:
    """Print a certificate that is ready; printing twice, after a removal or a closure leaves nothing behind."""
    sheet = await _sheet(context, key)
    if sheet is None:
        return
    content = await to_thread.run_sync(print_sheet, sheet)
    try:
        await context.ports.objects.put(file_key(key), content, PDF, sha256(content).hexdigest())
    except ObjectExists:
        return
    if await _sheet(context, key) is None:
        await context.ports.objects.delete(file_key(key))


async def _sheet(context: Context, certificate_id: UUID) -> Sheet | None:
    query = WITH_HOLDER.where(col(Certificate.id) == certificate_id)
    async with context.database.reading() as session:
        found = (await session.execute(query)).one_or_none()
    if found is None:
        return None
    certificate, account, course, organizer = found
    unnamed = account.state is AccountState.CLOSED
    if certificate.number is None or certificate.course_completed_at is None or unnamed:
        return None
    names = (account.last_name, account.first_name, account.middle_name)
    return Sheet(
        number=certificate.number,
        holder=" ".join(name for name in names if name),
        course=course.title,
        organizer=organizer.name,
        hours=course.hours,
        credits=course.credits,
        completed=completed_on(certificate.course_completed_at),
        check_url=check_url(context, certificate.number),
    )


async def download_certificate(context: Context, *, certificate_id: UUID) -> tuple[Certificate, str]:
    """A short link to the file; the first one issues the certificate, once and for all (3.4-9, 3.4-10)."""
    mine = (
        col(Certificate.id) == certificate_id,
        col(Certificate.account_id) == context.person.account.id,
    )
    async with context.database.reading() as session:
        found = await session.scalar(select(Certificate).where(*mine))
    if found is None:
        raise mistake(ErrorCode.NOT_FOUND, "Удостоверение не найдено.", "id")
    if found.status is CertificateStatus.IN_PROGRESS:
        raise mistake(ErrorCode.CERTIFICATE_NOT_READY, "Сначала завершите курс.", "id")
    await _printed(context, certificate_id)
    async with context.database.transaction(context.author) as work:
        locked = await work.session.scalar(select(Certificate).where(*mine).with_for_update())
        if locked is None:
            raise mistake(ErrorCode.NOT_FOUND, "Удостоверение не найдено.", "id")
        if locked.status is CertificateStatus.READY_TO_DOWNLOAD:
            locked.status, locked.issued_at = CertificateStatus.ISSUED, context.clock.now()
            data = {"certificate": str(locked.id)}
            stream = account_stream(locked.account_id)
            work.record(Fact(stream, "progress:certificate:issued", locked.element_id, data))
    name = f"{locked.number}.pdf"
    return locked, context.ports.objects.download_url(file_key(certificate_id), name, PDF)


async def _printed(context: Context, certificate_id: UUID) -> None:
    """The file is made when it is asked for the first time."""
    try:
        await context.ports.objects.head(file_key(certificate_id))
    except ObjectMissing:
        await print_certificate(context, certificate_id)


async def verify_certificate(context: Context, *, number: str) -> Check:
    """Whether a certificate with this number is true; open to anyone, a limited number of times."""
    await allow(context, VERIFICATIONS, context.peer.address)
    if not NUMBER.fullmatch(number):
        return Check(valid=False, label=UNKNOWN)
    query = WITH_HOLDER.where(col(Certificate.number) == number)
    async with context.database.reading() as session:
        found = (await session.execute(query)).one_or_none()
        removed = None if found else await session.get(RemovedCertificate, number)
        course = await session.get(Course, removed.course_id) if removed else None
    if found is None:
        withdrawn = None if course is None else course.title
        return Check(valid=False, label=WITHDRAWN if withdrawn else UNKNOWN, course=withdrawn)
    certificate, account, taught, _ = found
    return Check(
        valid=True,
        label=CERTIFICATE_LABELS[certificate.status],
        status=certificate.status,
        holder=masked(account),
        course=taught.title,
        hours=taught.hours,
        ready_at=certificate.ready_at,
        completed_at=certificate.course_completed_at,
    )


def masked(account: Account) -> str:
    """«И****** М. С.»: enough to compare with a paper in hand, too little to learn a name."""
    initials = (f"{name[0]}." for name in (account.first_name, account.middle_name) if name)
    surname = account.last_name[:1] + "*" * max(len(account.last_name) - 1, 0)
    return " ".join((surname, *initials))
