"""Attendance as providers report it: set-wise, idempotent, one bad row never costs the others (3.1-13, A10)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.account import Account
from models.activities import Activity, Enrollment, EnrollmentState
from models.attendance import AttendanceMark
from models.errors import ErrorCode, Problem, UserError
from models.journal import Fact, account_stream
from models.notifications import NotificationKind
from models.values.snils import Snils
from resolvers.activities import LIVE
from resolvers.context import Context
from resolvers.notices import Notice, notify_each
from storage.database import Transaction

# An event and the digest of a person's SNILS.
Place = tuple[UUID, bytes]


@dataclass(frozen=True, slots=True)
class Mark:
    """One row as it came in: the enrolment itself, or the event and whose SNILS it is."""

    mark: AttendanceMark
    enrollment_id: UUID | None = None
    activity_id: UUID | None = None
    snils: str | None = None


@dataclass(slots=True)
class Register:
    """What became of a batch; `problems` are by row, their paths start with `attendance` and the index."""

    accepted: int = 0
    repeated: int = 0
    problems: list[Problem] = field(default_factory=list[Problem])


@dataclass(frozen=True, slots=True)
class Part:
    """A person's part in an event, and the digest of their SNILS."""

    enrollment: Enrollment
    activity: Activity
    person: bytes | None = None


async def record_attendance(context: Context, *, marks: list[Mark]) -> Register:
    """Take in a batch; who is confirmed already stays so, whatever comes later."""
    register = Register()
    keys = [_key(context, index, mark, register) for index, mark in enumerate(marks)]
    async with context.database.transaction(context.author) as work:
        parts = await _parts(work.session, context, [key for key in keys if key])
        confirmed = list[Part]()
        by_key: dict[UUID | Place, Part] = {part.enrollment.id: part for part in parts}
        by_key |= {(part.activity.id, part.person): part for part in parts if part.person}
        for index, (mark, key) in enumerate(zip(marks, keys, strict=True)):
            if key is None:
                continue
            part = by_key.get(key)
            if part is None:
                register.problems.append(_unknown(index, mark))
            elif _marked(context, work, part, mark.mark):
                register.accepted += 1
                if mark.mark is AttendanceMark.CONFIRMED:
                    confirmed.append(part)
            else:
                register.repeated += 1
        await tell_confirmed(context, work, confirmed)
    register.problems.sort(key=lambda problem: int(problem.path[1]))
    return register


def _key(context: Context, index: int, mark: Mark, register: Register) -> UUID | Place | None:
    """How the row names its enrolment; None when it does not, and its problem is noted."""
    row = ("attendance", str(index))
    if mark.enrollment_id is not None and mark.activity_id is None and mark.snils is None:
        return mark.enrollment_id
    if mark.enrollment_id is not None or mark.activity_id is None or mark.snils is None:
        message = "Укажите либо запись, либо мероприятие и СНИЛС слушателя."
        register.problems.append(Problem(ErrorCode.REQUIRED, message, (*row, "enrollmentId")))
        return None
    try:
        person = Snils.parse(mark.snils, *row, "snils")
    except UserError as error:
        register.problems += error.problems
        return None
    return mark.activity_id, context.ports.vault.index("snils", person)


def _unknown(index: int, mark: Mark) -> Problem:
    name = "enrollmentId" if mark.enrollment_id else "snils"
    message = "Среди участников начавшихся мероприятий вашей организации такого нет."
    return Problem(ErrorCode.NOT_FOUND, message, ("attendance", str(index), name))


async def _parts(session: AsyncSession, context: Context, keys: list[UUID | Place]) -> list[Part]:
    """Parts in the provider's own events that have begun, locked in the order of their ids."""
    places = [key for key in keys if isinstance(key, tuple)]
    named = col(Enrollment.id).in_([key for key in keys if isinstance(key, UUID)])
    placed = tuple_(col(Enrollment.activity_id), col(Account.snils_index)).in_(places)
    rows = await session.execute(
        select(Enrollment, Activity, col(Account.snils_index))
        .join(Activity, col(Activity.id) == col(Enrollment.activity_id))
        .join(Account, col(Account.id) == col(Enrollment.account_id))
        .where(
            named | placed,
            col(Activity.organizer_id) == context.provider.organizer_id,
            col(Activity.starts_at) <= context.clock.now(),
            col(Activity.cancelled_at).is_(None),
            col(Enrollment.state).in_(LIVE),
        )
        .order_by(col(Enrollment.id))
        .with_for_update(of=[Enrollment])
    )
    return [Part(enrollment, activity, person) for enrollment, activity, person in rows]


def _marked(context: Context, work: Transaction, part: Part, mark: AttendanceMark) -> bool:
    """Whether the row was news."""
    held = part.enrollment.state
    if held is EnrollmentState.CONFIRMED or held.value == mark.value:
        return False
    if mark is AttendanceMark.CONFIRMED:
        confirm(context, work, part)
        return True
    part.enrollment.state, part.enrollment.updated_at = EnrollmentState.ATTENDED, context.clock.now()
    stream = account_stream(part.enrollment.account_id)
    work.record(Fact(stream, "activities:enrollment:attended", part.activity.id))
    return True


def confirm(context: Context, work: Transaction, part: Part) -> None:
    """The part in an event counts: the third of the displayed statuses, once the event is over (A10)."""
    mine = part.enrollment
    mine.state, mine.updated_at = EnrollmentState.CONFIRMED, context.clock.now()
    work.record(Fact(account_stream(mine.account_id), "activities:enrollment:confirmed", part.activity.id))


async def tell_confirmed(context: Context, work: Transaction, parts: Collection[Part]) -> None:
    """A notice for each part that has just been confirmed."""
    notices = [(part.enrollment.account_id, _confirmation(part.activity)) for part in parts]
    await notify_each(context, work, notices)


def _confirmation(activity: Activity) -> Notice:
    body = f"Ваше участие в мероприятии «{activity.title}» подтверждено."
    subject = f"activity_{activity.id.hex}"
    return Notice(NotificationKind.ENROLLMENT_CHANGED, "Участие подтверждено", body, subject)
