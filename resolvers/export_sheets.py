"""What stands in the columns of each exported list; rows are chosen and ordered as the list itself does it (A23)."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.activities import (
    CANCELLED_LABEL,
    ENROLLMENT_LABELS,
    STATUS_LABELS,
    TYPE_LABELS,
    Activity,
    Enrollment,
    Material,
    MaterialKind,
    displayed_status,
)
from models.documents_rules import KINDS
from models.education import DIFFICULTY_LABELS, Course
from models.exports import ExportJob, ExportKind
from models.journal import Event, account_stream
from models.organizers import Organizer
from models.portfolio import Document
from models.progress import CERTIFICATE_LABELS, EXAM_LABELS, Certificate, CourseProgress
from resolvers import progress
from resolvers.activities import LIVE
from resolvers.activity_list import chosen
from resolvers.among import among
from resolvers.days import MOSCOW
from resolvers.export_question import Question
from resolvers.journal import LABELS
from resolvers.numbers import number
from resolvers.paging import directed

Line = tuple[str, ...]
PORTFOLIO = "portfolio:"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list on paper: headings with their shares of the width; how its keys are chosen and its lines are read."""

    title: str
    columns: tuple[tuple[str, float], ...]
    keys: Callable[[ExportJob, Question], Select[Any]]
    lines: Callable[[AsyncSession, ExportJob, list[Any]], Awaitable[Mapping[Any, Line]]]

    @property
    def headings(self) -> Line:
        return tuple(heading for heading, _ in self.columns)


def _activity_keys(job: ExportJob, question: Question) -> Select[Any]:
    wanted, order = chosen(job.account_id, question.activities, question.sort, job.requested_at)
    return wanted.with_only_columns(col(Activity.id)).order_by(*directed(order))


async def _activity_lines(session: AsyncSession, job: ExportJob, keys: list[UUID]) -> Mapping[UUID, Line]:
    links = await _links(session, job.account_id, keys)
    mine = (col(Enrollment.activity_id) == col(Activity.id)) & (col(Enrollment.account_id) == job.account_id)
    query = (
        select(
            *(col(Activity.id), col(Activity.title), col(Activity.type), col(Activity.starts_at)),
            *(col(Activity.ends_at), col(Activity.cancelled_at), col(Activity.credits)),
            *(col(Organizer.name), col(Enrollment.state)),
        )
        .join(Organizer, col(Organizer.id) == col(Activity.organizer_id))
        .outerjoin(Enrollment, mine)
        .where(among(col(Activity.id), keys))
    )
    lines = dict[UUID, Line]()
    found: Any = await session.execute(query)
    for key, title, kind, starts, ends, cancelled, credits_, organizer, state in found:
        status = STATUS_LABELS[displayed_status(ends, state, job.requested_at)]
        lines[key] = (
            *(title, TYPE_LABELS[kind], _span(starts, ends)),
            status if cancelled is None else CANCELLED_LABEL,
            *(organizer, number(credits_), "" if state is None else ENROLLMENT_LABELS[state]),
            *(
                "\n".join(links.get((key, kind), ()))
                for kind in (MaterialKind.METHODICAL, MaterialKind.RECORDING)
            ),
        )
    return lines


async def _links(
    session: AsyncSession, account_id: UUID, keys: list[UUID]
) -> Mapping[tuple[UUID, MaterialKind], list[str]]:
    """Links to materials, open to those who take part."""
    entitled = exists().where(
        col(Enrollment.activity_id) == col(Material.activity_id),
        col(Enrollment.account_id) == account_id,
        col(Enrollment.state).in_(LIVE),
    )
    query = (
        select(col(Material.activity_id), col(Material.kind), col(Material.url))
        .where(among(col(Material.activity_id), keys), entitled)
        .order_by(col(Material.kind), col(Material.id))
    )
    links = defaultdict[tuple[UUID, MaterialKind], list[str]](list)
    for activity_id, kind, url in await session.execute(query):
        links[activity_id, kind].append(url)
    return links


def _course_keys(job: ExportJob, question: Question) -> Select[Any]:
    wanted, order = progress.chosen(job.account_id, question.progress)
    return wanted.with_only_columns(col(CourseProgress.element_id)).order_by(*directed(order))


async def _course_lines(session: AsyncSession, job: ExportJob, keys: list[UUID]) -> Mapping[UUID, Line]:
    query = (
        select(CourseProgress, Course, col(Organizer.name), Certificate)
        .join(Course, col(Course.id) == col(CourseProgress.course_id))
        .join(Organizer, col(Organizer.id) == col(Course.organizer_id))
        .outerjoin(Certificate, col(Certificate.element_id) == col(CourseProgress.element_id))
        .where(among(col(CourseProgress.element_id), keys), col(CourseProgress.account_id) == job.account_id)
    )
    lines = dict[UUID, Line]()
    found: Any = await session.execute(query)
    for row, course, organizer, certificate in found:
        lines[row.element_id] = (
            *(course.title, organizer, TYPE_LABELS[course.course_type]),
            *(DIFFICULTY_LABELS[course.difficulty], _of(row.modules_completed, row.modules_total)),
            *(_of(row.topics_completed, row.topics_total), str(row.lessons_total - row.lessons_completed)),
            *(number(row.percent), number(row.score), EXAM_LABELS[row.exam]),
            *_of_certificate(certificate),
            _moment(row.updated_at),
        )
    return lines


def _of_certificate(certificate: Certificate | None) -> Line:
    """State and number; neither where there is no certificate."""
    if certificate is None:
        return "", ""
    return CERTIFICATE_LABELS[certificate.status], certificate.number or ""


def _history_keys(job: ExportJob, question: Question) -> Select[Any]:
    query = select(col(Event.seq)).where(
        col(Event.stream) == account_stream(job.account_id), col(Event.action).startswith(PORTFOLIO)
    )
    return query.order_by(col(Event.seq).desc())


async def _history_lines(session: AsyncSession, job: ExportJob, keys: list[int]) -> Mapping[int, Line]:
    of_event = (col(Document.id) == col(Event.subject)) & (col(Document.account_id) == job.account_id)
    query = (
        select(col(Event.seq), col(Event.at), col(Event.action), Document)
        .outerjoin(Document, of_event)
        .where(col(Event.stream) == account_stream(job.account_id), among(col(Event.seq), keys))
    )
    lines = dict[int, Line]()
    found: Any = await session.execute(query)
    for seq, at, action, document in found:
        told = ("", "", "")
        if document is not None:
            told = (KINDS[document.type].title, document.number, document.file_name)
        lines[seq] = (str(seq), _moment(at), str(LABELS.get(action, action)), *told)
    return lines


def _moment(at: datetime) -> str:
    return _written(at.astimezone(MOSCOW))


def _written(local: datetime) -> str:
    # strftime would take a quarter of all that a long file costs.
    return f"{local.day:02}.{local.month:02}.{local.year} {local.hour:02}:{local.minute:02}"


def _span(starts: datetime, ends: datetime) -> str:
    """The day is named once when it is the same."""
    first, last = starts.astimezone(MOSCOW), ends.astimezone(MOSCOW)
    end = f"{last.hour:02}:{last.minute:02}" if first.date() == last.date() else _written(last)
    return f"{_written(first)} – {end}"


def _of(done: int, total: int) -> str:
    return f"{done} из {total}"


SHEETS = {
    ExportKind.ACTIVITIES: Sheet(
        "Образовательные активности",
        (
            *(("Название", 5.0), ("Вид", 2.0), ("Дата и время (МСК)", 2.4), ("Статус", 2.0)),
            *(("Организатор", 3.0), ("ЗЕТ", 0.8), ("Моё участие", 1.8)),
            *(("Методические материалы", 1.9), ("Запись вебинара", 1.5)),
        ),
        _activity_keys,
        _activity_lines,
    ),
    ExportKind.PROGRESS: Sheet(
        "Прогресс обучения",
        (
            *(("Курс", 4.0), ("Организатор", 3.0), ("Вид", 2.0), ("Сложность", 1.8), ("Модули", 1.2)),
            *(("Темы", 1.2), ("Осталось занятий", 1.5), ("Пройдено, %", 1.5), ("Баллы", 1.2)),
            *(
                ("Экзамен", 1.5),
                ("Удостоверение", 2.0),
                ("Номер удостоверения", 3.0),
                ("Обновлено (МСК)", 2.0),
            ),
        ),
        _course_keys,
        _course_lines,
    ),
    ExportKind.PORTFOLIO_HISTORY: Sheet(
        "История портфолио",
        (
            *(("№", 0.6), ("Дата и время (МСК)", 1.6), ("Действие", 3.0)),
            *(("Документ", 3.0), ("Номер", 2.0), ("Файл", 4.0)),
        ),
        _history_keys,
        _history_lines,
    ),
}
