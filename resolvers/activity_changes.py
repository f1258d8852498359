"""What organisers change in their events: seen live in every open list, told to those who take part (3.1-21, A24)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from models.activities import Activity, Enrollment, EnrollmentState, Material, MaterialKind, sort_key
from models.errors import ErrorCode, Problem, UserError, mistake
from models.journal import ACTIVITIES_STREAM, Fact
from models.notifications import NotificationKind
from resolvers.activities import LIVE, locked
from resolvers.context import Context
from resolvers.days import MOSCOW
from resolvers.notices import Notice, notify_each
from resolvers.waiting import promote
from storage.database import Author, Transaction
from storage.jobs import Job

TELL_PARTICIPANTS = "tell_participants"
CHANGED = "activities:activity:changed"
LONGEST_TITLE, LONGEST_URL = 300, 2000


@dataclass(frozen=True, slots=True)
class Changes:
    """What is wanted; None leaves a thing as it is. With a new start the end of enrolment moves along,
    and with an earlier one its beginning too, so that it never ends before it begins.
    """

    title: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    places: int | None = None
    recording_url: str | None = None
    cancel: bool = False


async def update_activity(context: Context, *, activity_id: UUID, wanted: Changes) -> Activity:
    """Change the provider's own event; a repeat changes nothing and is told to nobody."""
    async with context.database.transaction(context.author) as work:
        activity = (await work.session.scalars(locked(activity_id))).one_or_none()
        if activity is None or activity.organizer_id != context.provider.organizer_id:
            raise mistake(ErrorCode.NOT_FOUND, "У вашей организации нет такого мероприятия.", "id")
        if problems := _problems(activity, wanted, context.clock.now()):
            raise UserError(*problems)
        before = activity.model_dump()
        _apply(activity, wanted, context.clock.now())
        changed = {name for name, value in activity.model_dump().items() if value != before[name]}
        if wanted.recording_url and await _publish(context, work, activity.id, wanted.recording_url):
            changed.add("recording")
        if changed:
            work.record(Fact(ACTIVITIES_STREAM, CHANGED, activity.id, {"changed": sorted(changed)}))
        await promote(context, work, activity)
        if changed & {"starts_at", "cancelled_at"}:
            work.enqueue(Job(TELL_PARTICIPANTS, {"activity_id": str(activity.id)}))
    return activity


def _problems(activity: Activity, wanted: Changes, now: datetime) -> list[Problem]:
    problems: list[Problem] = []

    def wrong(code: ErrorCode, message: str, name: str) -> None:
        problems.append(Problem(code, message, (name,)))

    starts, ends = wanted.starts_at or activity.starts_at, wanted.ends_at or activity.ends_at
    if wanted.title is not None and not 1 <= len(_clean(wanted.title)) <= LONGEST_TITLE:
        wrong(ErrorCode.INVALID_FORMAT, f"Название — от 1 до {LONGEST_TITLE} знаков.", "title")
    if _moves(activity, wanted) and (activity.starts_at <= now or activity.cancelled_at):
        wrong(
            ErrorCode.CONFLICT, "Мероприятие уже началось или отменено: менять можно название и запись.", "id"
        )
    if starts != activity.starts_at and starts <= now:
        wrong(ErrorCode.INVALID_FORMAT, "Начало должно быть в будущем.", "startsAt")
    if ends <= starts:
        wrong(ErrorCode.INVALID_FORMAT, "Конец должен быть позже начала.", "endsAt")
    if wanted.places is not None and wanted.places < max(1, activity.taken):
        wrong(ErrorCode.CONFLICT, f"Мест не может быть меньше, чем занято: {activity.taken}.", "places")
    if wanted.recording_url is not None and not _is_link(wanted.recording_url):
        wrong(ErrorCode.INVALID_FORMAT, "Запись — адрес, который начинается с https://.", "recordingUrl")
    return problems


def _moves(activity: Activity, wanted: Changes) -> bool:
    asked = ("starts_at", "ends_at", "places")
    moved = any(getattr(wanted, name) not in (None, getattr(activity, name)) for name in asked)
    return moved or (wanted.cancel and activity.cancelled_at is None)


def _clean(title: str) -> str:
    return title.replace("\0", "").strip()


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return (
        parts.scheme == "https" and bool(parts.hostname) and text.isprintable() and len(text) <= LONGEST_URL
    )


def _apply(activity: Activity, wanted: Changes, now: datetime) -> None:
    if wanted.title is not None:
        activity.title = _clean(wanted.title)
        activity.title_sort = sort_key(activity.title)
    if wanted.starts_at is not None:
        shift = wanted.starts_at - activity.starts_at
        activity.closes_at += shift
        activity.opens_at += min(shift, timedelta())  # what is open already stays open
        activity.starts_at = wanted.starts_at
    activity.ends_at = wanted.ends_at or activity.ends_at
    activity.places = wanted.places or activity.places
    if wanted.cancel:
        activity.cancelled_at = activity.cancelled_at or now


async def _publish(context: Context, work: Transaction, activity_id: UUID, url: str) -> bool:
    """The recording of a webinar; whether the address is news."""
    held = await work.session.scalar(
        select(Material).where(
            col(Material.activity_id) == activity_id, col(Material.kind) == MaterialKind.RECORDING
        )
    )
    if held is None:
        held = Material(
            id=context.secrets.uuid(),
            activity_id=activity_id,
            kind=MaterialKind.RECORDING,
            title="Запись вебинара",
            url="",
        )
        work.session.add(held)
    news, held.url = held.url != url, url
    return news


async def tell_participants(context: Context, *, activity_id: str) -> None:
    """A notice to everyone who takes part or waits, about the event as it stands now; all of them or none."""
    query = select(col(Enrollment.account_id)).where(
        col(Enrollment.activity_id) == UUID(activity_id),
        col(Enrollment.state).in_((*LIVE, EnrollmentState.WAITLISTED)),
    )
    async with context.database.transaction(Author("organizers", "")) as work:
        activity = await work.session.get_one(Activity, UUID(activity_id))
        people = (await work.session.scalars(query)).all()
        subject = f"activity_{activity.id.hex}"
        notice = Notice(NotificationKind.ENROLLMENT_CHANGED, *_words(activity), subject)
        await notify_each(context, work, [(key, notice) for key in people])


def _words(activity: Activity) -> tuple[str, str]:
    if activity.cancelled_at is not None:
        return "Мероприятие отменено", f"Организатор отменил мероприятие «{activity.title}»."
    starts = activity.starts_at.astimezone(MOSCOW)
    when = f"{starts:%d.%m.%Y в %H:%M} по Москве"
    return "Мероприятие перенесено", f"Мероприятие «{activity.title}» начнётся {when}."
