"""Restrictions of institutions: who sets them, and what they forbid right now (3.2-16, A13)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.education import Course, Element, ElementKind
from models.errors import ErrorCode, Problem, UserError, mistake, too_long
from models.journal import RESTRICTIONS_STREAM, Fact
from models.organizers import Organizer
from models.restrictions import LONGEST_REASON, RestrictedAction, Restriction
from resolvers.context import Context, Provider
from resolvers.loading import Relation
from resolvers.paging import By, Page, page
from resolvers.rights import RowScope, everyone
from storage.database import Author, Transaction
from storage.jobs import Job

TELL_RESTRICTION = "tell_restriction"
LONGEST_WAIT = timedelta(days=365)
_CLOCK = Author("clock", "")


@dataclass(frozen=True, slots=True)
class Draft:
    """A restriction as it is asked for; `starts_at` None means at once."""

    action: RestrictedAction
    reason: str
    organizer_id: UUID | None = None
    kind: ElementKind | None = None
    course_id: UUID | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


_COVERS = and_(
    col(Restriction.organizer_id) == col(Course.organizer_id),
    or_(col(Restriction.kind).is_(None), col(Restriction.kind) == col(Course.kind)),
    or_(col(Restriction.course_id).is_(None), col(Restriction.course_id) == col(Course.id)),
)


def _in_force(action: RestrictedAction, now: datetime) -> ColumnElement[bool]:
    return and_(
        col(Restriction.action) == action,
        col(Restriction.lifted_at).is_(None),
        col(Restriction.starts_at) <= now,
        or_(col(Restriction.ends_at).is_(None), col(Restriction.ends_at) > now),
    )


def restricting(action: RestrictedAction) -> RowScope:
    """Restrictions that forbid `action` for a course at this moment."""

    def scope(context: Context) -> ColumnElement[bool]:
        return and_(_COVERS, _in_force(action, context.clock.now()))

    return scope


RESTRICTED_COURSE = Relation(Course, "course_id", col(Course.id), everyone)
RESTRICTED_BY = Relation(Organizer, "organizer_id", col(Organizer.id), everyone)


async def restrictions_on(
    session: AsyncSession, course_ids: list[UUID], action: RestrictedAction, now: datetime
) -> dict[UUID, Restriction]:
    """A restriction in force for each course that has one."""
    query = (
        select(col(Course.id), Restriction)
        .where(col(Course.id).in_(course_ids), _COVERS, _in_force(action, now))
        .order_by(col(Restriction.id))
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def concerns(context: Context, restriction_id: UUID | None) -> bool:
    """Whether the viewer has taken up anything that a restriction covers, in force or lifted."""
    covered = exists().where(
        col(Restriction.id) == restriction_id,
        _COVERS,
        col(Element.course_id) == col(Course.id),
        col(Element.account_id) == context.person.account.id,
    )
    async with context.ports.database.in_turn().reading() as session:
        return bool(await session.scalar(select(covered)))


def _governed(context: Context) -> ColumnElement[bool]:
    """A service account governs its own organisation, a holder of the right all of them."""
    if isinstance(context.caller, Provider):
        return col(Restriction.organizer_id) == context.caller.organizer_id
    return true()


async def list_restrictions(context: Context, first: int, after: str | None) -> Page[Restriction]:
    """Every restriction the caller governs, the newest first, lifted ones too."""
    query = select(Restriction).where(_governed(context))
    return await page(context, query, [By("ID", col(Restriction.id), descending=True)], first, after)


async def set_restriction(context: Context, *, draft: Draft) -> Restriction:
    """Forbid adding or removing for a period; everyone sees the reason."""
    organizer_id, now = _organizer(context, draft), context.clock.now()
    made = Restriction(
        id=context.secrets.uuid(),
        organizer_id=organizer_id,
        action=draft.action,
        kind=draft.kind,
        course_id=draft.course_id,
        starts_at=draft.starts_at or now,
        ends_at=draft.ends_at,
        reason=draft.reason.replace("\0", "").strip(),
    )
    problems = _problems(made, now)
    async with context.database.transaction(context.author) as work:
        problems += await _unknown(work.session, made)
        if problems:
            raise UserError(*problems)
        work.session.add(made)
        data = {"action": made.action.value}
        work.record(Fact(RESTRICTIONS_STREAM, "education:restriction:set", made.id, data))
        _tell_when_due(work, made, now)
    return made


def _tell_when_due(work: Transaction, restriction: Restriction, now: datetime) -> None:
    """A restriction begins and ends by the clock: whoever has its courses open is told then.

    The queue counts whole seconds, and must not come a moment too early.
    """
    ahead = [at for at in (restriction.starts_at, restriction.ends_at) if at is not None and at > now]
    if ahead:
        wait = min(min(ahead) - now + timedelta(seconds=1), LONGEST_WAIT)
        work.enqueue(Job(TELL_RESTRICTION, {"restriction_id": str(restriction.id)}, after=wait))


async def tell_restriction(context: Context, restriction_id: str) -> None:
    """The hour of a restriction has come; its next one is waited for anew."""
    async with context.database.transaction(_CLOCK) as work:
        found = await work.session.get(Restriction, UUID(restriction_id))
        if found is not None and found.lifted_at is None:
            work.record(Fact(RESTRICTIONS_STREAM, "education:restriction:due", found.id))
            _tell_when_due(work, found, context.clock.now())


def _organizer(context: Context, draft: Draft) -> UUID:
    if isinstance(context.caller, Provider):
        own = context.caller.organizer_id
        if draft.organizer_id not in (None, own):
            raise mistake(ErrorCode.NOT_FOUND, "Организация не найдена.", "organizerId")
        return own
    if draft.organizer_id is None:
        raise mistake(ErrorCode.REQUIRED, "Укажите организацию.", "organizerId")
    return draft.organizer_id


def _problems(made: Restriction, now: datetime) -> list[Problem]:
    problems: list[Problem] = []
    if not made.reason:
        problems.append(Problem(ErrorCode.REQUIRED, "Укажите причину: её увидят слушатели.", ("reason",)))
    if len(made.reason) > LONGEST_REASON:
        problems.append(too_long("Причина слишком длинная.", LONGEST_REASON, "reason"))
    if made.ends_at is not None and made.ends_at <= max(made.starts_at, now):
        problems.append(
            Problem(
                ErrorCode.INVALID_FORMAT,
                "Конец срока должен быть позже его начала и позже текущего момента.",
                ("endsAt",),
            )
        )
    return problems


async def _unknown(session: AsyncSession, made: Restriction) -> list[Problem]:
    problems: list[Problem] = []
    if await session.get(Organizer, made.organizer_id) is None:
        problems.append(Problem(ErrorCode.NOT_FOUND, "Организация не найдена.", ("organizerId",)))
    course = await session.get(Course, made.course_id) if made.course_id else None
    if made.course_id and (course is None or course.organizer_id != made.organizer_id):
        problems.append(
            Problem(ErrorCode.NOT_FOUND, "У этой организации нет такого элемента.", ("courseId",))
        )
    return problems


async def lift_restriction(context: Context, *, restriction_id: UUID) -> Restriction:
    """End a restriction; a repeated call finds it lifted already."""
    async with context.database.transaction(context.author) as work:
        found = await work.session.scalar(
            select(Restriction)
            .where(col(Restriction.id) == restriction_id, _governed(context))
            .with_for_update()
        )
        if found is None:
            raise mistake(ErrorCode.NOT_FOUND, "Ограничение не найдено.", "id")
        if found.lifted_at is None:
            found.lifted_at = context.clock.now()
            work.record(Fact(RESTRICTIONS_STREAM, "education:restriction:lifted", found.id))
    return found
