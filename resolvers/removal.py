"""Removing an element: what will be lost, a confirmation bound to it, and the loss itself (3.2-8 .. 3.2-14, A12)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.certificates import RemovedCertificate
from models.education import Element
from models.errors import ErrorCode, mistake
from models.journal import Fact, account_stream
from models.progress import Certificate, CourseProgress, Grade
from models.restrictions import RestrictedAction
from resolvers.certificates import file_key
from resolvers.context import Context
from resolvers.document_check import DROP_OBJECT
from resolvers.elements import element_now, mine
from resolvers.restrictions import restrictions_on
from resolvers.rights import not_found
from storage.database import Transaction
from storage.jobs import Job

TOKEN_LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Loss:
    """What goes with an element."""

    grades: int
    certificates: tuple[Certificate, ...]

    @property
    def warning(self) -> str:
        """The sentence of the dialogue (3.2-14)."""
        return (
            f"Вместе с элементом будут безвозвратно удалены оценки ({self.grades}) "
            f"и удостоверения ({len(self.certificates)}), материалы станут недоступны. "
            "Сначала можно выгрузить отчёт."
        )


@dataclass(frozen=True, slots=True)
class Preview:
    """A loss foreseen, and the token that agrees to exactly this loss."""

    loss: Loss
    token: str
    expires_at: datetime


async def preview_removal(context: Context, element_id: UUID) -> Preview:
    """What the removal would take, and leave to do it within ten minutes."""
    element = await element_now(context, element_id)
    if element is None:
        raise not_found()
    async with context.database.reading() as session:
        loss = await _loss(session, element_id)
    expires_at = context.clock.now().replace(microsecond=0) + TOKEN_LIFE
    return Preview(loss, _token(context, element_id, loss, int(expires_at.timestamp())), expires_at)


async def _loss(session: AsyncSession, element_id: UUID) -> Loss:
    grades = await session.scalar(
        select(func.count()).select_from(Grade).where(col(Grade.element_id) == element_id)
    )
    certificates = await session.scalars(
        select(Certificate).where(
            col(Certificate.element_id) == element_id, col(Certificate.number).is_not(None)
        )
    )
    return Loss(grades or 0, tuple(certificates))


def _token(context: Context, element_id: UUID, loss: Loss, expires: int) -> str:
    """A keyed digest: nobody but us can make it, and any other count makes another one."""
    counted = f"{element_id}:{loss.grades}:{len(loss.certificates)}:{expires}"
    return f"{expires}.{context.ports.vault.index('removal', counted).hex()}"


async def remove_element(context: Context, *, element_id: UUID, token: str) -> Loss:
    """Delete the element with its progress, grades and certificates; the journal keeps counts and numbers."""
    async with context.database.transaction(context.author) as work:
        element = await _locked(work.session, context, element_id)
        await _check_allowed(work.session, context, element)
        loss = await _loss(work.session, element_id)
        _check_token(context, element_id, loss, token)
        _forget_certificates(work, element, loss, context.clock.now())
        await work.session.execute(delete(Element).where(col(Element.id) == element_id))
        numbers = [certificate.number for certificate in loss.certificates]
        data = {"grades": loss.grades, "certificates": len(numbers), "numbers": numbers}
        work.record(Fact(account_stream(element.account_id), "education:element:removed", element_id, data))
    return loss


async def _locked(session: AsyncSession, context: Context, element_id: UUID) -> Element:
    """The same rows in the same order as results lock them, so a grade and a removal wait for each other."""
    found = await session.scalar(
        select(Element)
        .join(CourseProgress, col(CourseProgress.element_id) == col(Element.id))
        .where(col(Element.id) == element_id, mine(context))
        .with_for_update(of=[CourseProgress, Element])
    )
    if found is None:
        raise mistake(ErrorCode.NOT_FOUND, "Элемент не найден.", "id")
    return found


async def _check_allowed(session: AsyncSession, context: Context, element: Element) -> None:
    restricted = await restrictions_on(
        session, [element.course_id], RestrictedAction.REMOVE, context.clock.now()
    )
    if element.course_id in restricted:
        reason = restricted[element.course_id].reason
        raise mistake(ErrorCode.POLICY_RESTRICTED, f"Удаление ограничено учебным заведением: {reason}", "id")


def _check_token(context: Context, element_id: UUID, loss: Loss, token: str) -> None:
    head = token.partition(".")[0]
    expires = int(head) if head.isascii() and head.isdigit() and len(head) < 12 else 0
    right = _token(context, element_id, loss, expires)
    if not compare_digest(right.encode(), token.encode("utf-8", "surrogatepass")) or (
        datetime.fromtimestamp(expires, UTC) <= context.clock.now()
    ):
        raise mistake(
            ErrorCode.CONFIRMATION_REQUIRED,
            "Подтвердите удаление заново: подтверждения нет, оно истекло или состав удаляемого изменился.",
            "confirmationToken",
        )


def _forget_certificates(work: Transaction, element: Element, loss: Loss, now: datetime) -> None:
    for certificate in loss.certificates:
        if certificate.number is not None:
            work.session.add(
                RemovedCertificate(number=certificate.number, course_id=element.course_id, removed_at=now)
            )
        work.enqueue(Job(DROP_OBJECT, {"key": file_key(certificate.id)}))
