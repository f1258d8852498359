"""One-use codes that confirm a part in an event: given out by its provider, typed in by the person (3.1-13, A10)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from models.activities import Activity, Enrollment, EnrollmentState
from models.attendance import CODE_LIFE, MOST_CODES, AttendanceCode, drawn_code, printed, typed_code
from models.errors import ErrorCode, Problem, UserError, mistake
from models.journal import Fact, organizer_stream
from models.limits import ATTENDANCE_CODES
from models.secrets import code_fingerprint
from resolvers.activities import LIVE
from resolvers.attendance import Part, confirm, tell_confirmed
from resolvers.context import Context
from resolvers.limits import give_back, spend, too_often


async def issue_codes(
    context: Context, *, activity_id: UUID, count: int, valid_until: datetime | None
) -> tuple[list[str], datetime]:
    """New codes for the provider's own event and until when they hold; they are shown this once."""
    now, organizer_id = context.clock.now(), context.provider.organizer_id
    async with context.database.transaction(context.author) as work:
        activity = await work.session.get(Activity, activity_id)
        if activity is None or activity.organizer_id != organizer_id:
            raise mistake(ErrorCode.NOT_FOUND, "У вашей организации нет такого мероприятия.", "activityId")
        expires_at = valid_until or max(now, activity.ends_at) + CODE_LIFE
        _check_wishes(count, expires_at, max(now, activity.starts_at))
        codes = [drawn_code(context.secrets.token()) for _ in range(count)]
        work.session.add_all(
            AttendanceCode(
                id=context.secrets.uuid(),
                activity_id=activity_id,
                code_hash=code_fingerprint(code, activity_id),
                issued_at=now,
                expires_at=expires_at,
            )
            for code in codes
        )
        work.record(
            Fact(organizer_stream(organizer_id), "activities:codes:issued", activity_id, {"count": count})
        )
    return [printed(code) for code in codes], expires_at


def _check_wishes(count: int, expires_at: datetime, earliest: datetime) -> None:
    problems: list[Problem] = []
    if not 1 <= count <= MOST_CODES:
        expected = f"от 1 до {MOST_CODES}"
        message = f"За раз выдаётся {expected} кодов."
        problems.append(Problem(ErrorCode.INVALID_FORMAT, message, ("count",), expected=expected))
    if expires_at <= earliest:
        message = "Коды должны действовать и после начала мероприятия, и после выдачи."
        problems.append(Problem(ErrorCode.INVALID_FORMAT, message, ("validUntil",)))
    if problems:
        raise UserError(*problems)


async def activate_code(context: Context, *, activity_id: UUID, code: str) -> tuple[Activity, Enrollment]:
    """Confirm one's own part by a code; a repeat with the same code changes nothing. Guesses are limited."""
    key, now = context.person.account.id, context.clock.now()
    if wait := await spend(context, ATTENDANCE_CODES, str(key)):
        raise too_often(wait, "code")
    digest = code_fingerprint(typed_code(code), activity_id)
    async with context.database.transaction(context.author) as work:
        mine = await work.session.scalar(
            select(Enrollment)
            .where(
                col(Enrollment.activity_id) == activity_id,
                col(Enrollment.account_id) == key,
                col(Enrollment.state).in_(LIVE),
            )
            .with_for_update()
        )
        if mine is None:
            raise mistake(ErrorCode.NOT_FOUND, "Вы не записаны на это мероприятие.", "activityId")
        activity = await work.session.get_one(Activity, activity_id)
        found = await work.session.scalar(
            select(AttendanceCode).where(col(AttendanceCode.code_hash) == digest).with_for_update()
        )
        _check_code(found, key, activity, now)
        if found is not None and mine.state is not EnrollmentState.CONFIRMED:
            found.used_by, found.used_at = key, now
            confirm(context, work, part := Part(mine, activity))
            await tell_confirmed(context, work, [part])
    await give_back(context, ATTENDANCE_CODES, str(key))
    return activity, mine


def _check_code(found: AttendanceCode | None, key: UUID, activity: Activity, now: datetime) -> None:
    if found is None:
        raise mistake(
            ErrorCode.CODE_WRONG, "Код не подходит к этому мероприятию. Сверьте каждую букву.", "code"
        )
    if found.used_at is not None and found.used_by != key:
        raise mistake(ErrorCode.CODE_USED, "Этот код уже использован. Обратитесь к организатору.", "code")
    if found.used_at is None and found.expires_at <= now:
        raise mistake(ErrorCode.CODE_EXPIRED, "Срок кода истёк. Обратитесь к организатору.", "code")
    if activity.starts_at > now or activity.cancelled_at is not None:
        raise mistake(ErrorCode.CONFLICT, "Мероприятие ещё не началось или отменено.", "activityId")
