"""Results as providers report them: idempotent, set-wise, whatever order they come in (3.4-16).

One bad row never costs the others. A lesson is passed when the latest verdict on it, by the moment it was given,
is PASSED; what came late does not undo what happened later.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.education import AssessmentKind, Course, Element
from models.errors import ErrorCode, Problem, UserError
from models.journal import Fact, account_stream
from models.progress import (
    Certificate,
    CertificateStatus,
    CourseProgress,
    ExamStatus,
    Grade,
    LessonProgress,
    ModuleProgress,
    Statement,
    Verb,
)
from models.progress_rules import CourseShape, Results, recompute
from resolvers.context import Context
from resolvers.crossings import Move, Reading, tell_crossings
from resolvers.shapes import load_shapes
from resolvers.statements import Report, refuse_others, remember
from storage.database import Transaction

CLOCK_TOLERANCE = timedelta(minutes=5)
VERDICTS = (Verb.PASSED, Verb.FAILED)


@dataclass(slots=True)
class Receipt:
    """What became of a batch; `problems` are by row, their paths start with `results` and the index."""

    accepted: int = 0
    repeated: int = 0
    problems: list[Problem] = field(default_factory=list[Problem])


@dataclass(slots=True)
class _Record:
    """All that is known of one person in one course while a batch is worked into it."""

    element: Element
    shape: CourseShape
    course: CourseProgress
    modules: dict[UUID, ModuleProgress]
    results: Results
    certificate: Certificate
    before: Reading
    new_grades: list[Grade] = field(default_factory=list[Grade])


async def record_results(
    context: Context, *, reports: list[Report], source: str, whole: bool = False
) -> Receipt:
    """Take in a batch, recompute every course it touches once, and tell each person live.

    `whole`: all rows or none, and an id that is known must say the same again.
    """
    receipt, organizer = Receipt(), context.provider.organizer_id
    async with context.database.transaction(context.author) as work:
        records = await _records(work.session, organizer, {report.element_id for report in reports})
        now = context.clock.now()
        sound = [r for index, r in enumerate(reports) if _sound(index, r, records, now, receipt)]
        if whole and receipt.problems:
            raise UserError(*receipt.problems)
        fresh = await remember(context, work.session, sound, source)
        if whole and len(fresh) < len(sound):
            await refuse_others(context, work.session, sound)
        receipt.accepted = len(fresh)
        receipt.repeated = len(sound) - len(fresh)
        touched = {report.element_id: records[report.element_id] for report in fresh}
        for report in fresh:
            _apply(context, records[report.element_id], report)
        await _judge(work.session, records, fresh)
        for record in touched.values():
            done = recompute(record.shape, record.results, record.course, record.modules, now)
            ready = done and _make_ready(context, record, now)
            _tell(work, record, ready)
        await _save(work.session, list(touched.values()))
        moves = [
            Move(record.element, record.before, Reading.of(record.course)) for record in touched.values()
        ]
        await tell_crossings(context, work, moves)
    return receipt


async def _records(session: AsyncSession, organizer_id: UUID, ids: set[UUID]) -> dict[UUID, _Record]:
    """The records of the provider's own elements, locked in the order of their ids."""
    rows = (
        await session.execute(
            select(Element, CourseProgress)
            .join(CourseProgress, col(CourseProgress.element_id) == col(Element.id))
            .join(Course, col(Course.id) == col(Element.course_id))
            .where(col(Element.id).in_(ids), col(Course.organizer_id) == organizer_id)
            .order_by(col(Element.id))
            .with_for_update(of=[CourseProgress, Element])
        )
    ).all()
    shapes = await load_shapes(session, {element.course_id for element, _ in rows})
    found = {
        element.id: _Record(
            element,
            shapes[element.course_id],
            course,
            {},
            _known(course),
            Certificate.model_construct(),
            Reading.of(course),
        )
        for element, course in rows
    }
    for lesson in await session.scalars(
        select(LessonProgress).where(col(LessonProgress.element_id).in_(found))
    ):
        found[lesson.element_id].results.lessons[lesson.lesson_id] = lesson
    for grade in await session.scalars(select(Grade).where(col(Grade.element_id).in_(found))):
        found[grade.element_id].results.grades.append(grade)
    for module in await session.scalars(
        select(ModuleProgress).where(col(ModuleProgress.element_id).in_(found))
    ):
        found[module.element_id].modules[module.module_id] = module
    for certificate in await session.scalars(
        select(Certificate).where(col(Certificate.element_id).in_(found))
    ):
        found[certificate.element_id].certificate = certificate
    for record in found.values():
        _grow(record)
    return found


def _grow(record: _Record) -> None:
    """A course may have gained modules since it was taken up."""
    key = record.element.id
    for module in record.shape.modules:
        record.modules.setdefault(module.id, ModuleProgress(element_id=key, module_id=module.id))


def _known(course: CourseProgress) -> Results:
    """An exam once begun stays begun: the course is what remembers it."""
    return Results(exam_begun=course.exam is not ExamStatus.NOT_STARTED)


def _sound(index: int, report: Report, records: dict[UUID, _Record], now: datetime, receipt: Receipt) -> bool:
    """True for a row that can be taken in; otherwise its problem is noted."""
    problem = _problem(report, records.get(report.element_id), now)
    if problem is not None:
        code, message, name = problem
        receipt.problems.append(Problem(code, message, ("results", str(index), name)))
    return problem is None


def _problem(report: Report, record: _Record | None, now: datetime) -> tuple[ErrorCode, str, str] | None:
    if record is None:
        return ErrorCode.NOT_FOUND, "Такого обучения у ваших слушателей нет.", "elementId"
    if (report.lesson_id is None) == (report.assessment_id is None):
        return ErrorCode.REQUIRED, "Укажите либо занятие, либо контрольное задание.", "lessonId"
    if report.lesson_id is not None and report.lesson_id not in record.shape.lessons:
        return ErrorCode.NOT_FOUND, "В этом курсе нет такого занятия.", "lessonId"
    if report.assessment_id is not None and report.assessment_id not in record.shape.assessments:
        return ErrorCode.NOT_FOUND, "В этом курсе нет такого задания.", "assessmentId"
    if report.scaled is not None and not 0 <= report.scaled <= 1:
        return ErrorCode.INVALID_FORMAT, "Доля баллов — от 0 до 1.", "scaled"
    if not 1 <= len(report.statement_id) <= 200:
        return ErrorCode.INVALID_FORMAT, "Идентификатор сообщения — от 1 до 200 знаков.", "statementId"
    if report.happened_at > now + CLOCK_TOLERANCE:
        return ErrorCode.INVALID_FORMAT, "Результат ещё не наступил: проверьте время.", "happenedAt"
    return None


def _apply(context: Context, record: _Record, report: Report) -> None:
    """Let one statement change lessons or grades."""
    if report.lesson_id is not None:
        _apply_to_lesson(record, report.lesson_id, report)
    elif report.assessment_id is not None and report.verb is not Verb.PROGRESSED:
        grade = _grade(context, record, report.assessment_id, report)
        record.results.grades.append(grade)
        record.new_grades.append(grade)
    elif report.assessment_id is not None:
        kind = record.shape.assessments[report.assessment_id].kind
        record.results.exam_begun = record.results.exam_begun or kind is AssessmentKind.EXAM


def _apply_to_lesson(record: _Record, lesson_id: UUID, report: Report) -> None:
    fresh = LessonProgress(element_id=record.element.id, lesson_id=lesson_id, updated_at=report.happened_at)
    lesson = record.results.lessons.setdefault(lesson_id, fresh)
    lesson.completed = lesson.completed or report.verb is Verb.COMPLETED
    lesson.updated_at = max(lesson.updated_at, report.happened_at)


async def _judge(session: AsyncSession, records: dict[UUID, _Record], reports: list[Report]) -> None:
    """Let the latest of all verdicts kept on a lesson decide, for every lesson that has a new one."""
    lessons: dict[tuple[UUID, UUID | None], LessonProgress] = {
        (r.element_id, r.lesson_id): records[r.element_id].results.lessons[r.lesson_id]
        for r in reports
        if r.lesson_id and r.verb in VERDICTS
    }
    if not lessons:
        return
    place = (col(Statement.element_id), col(Statement.lesson_id))
    # PASSED comes after FAILED in the alphabet: of two verdicts of one moment the better one counts.
    latest = (col(Statement.happened_at).desc(), col(Statement.verb).desc())
    verdicts = await session.execute(
        select(*place, col(Statement.verb))
        .where(tuple_(*place).in_(lessons), col(Statement.verb).in_(VERDICTS))
        .ext(distinct_on(*place))
        .order_by(*place, *latest)
    )
    for element_id, lesson_id, verb in verdicts:
        lessons[element_id, lesson_id].passed = verb is Verb.PASSED


def _grade(context: Context, record: _Record, assessment_id: UUID, report: Report) -> Grade:
    assessment = record.shape.assessments[assessment_id]
    full = report.scaled if report.scaled is not None else float(report.verb is not Verb.FAILED)
    score = round(full * assessment.max_score, 2)
    passed = (
        score >= assessment.passing_score if report.verb is Verb.COMPLETED else report.verb is Verb.PASSED
    )
    earlier = [grade.attempt for grade in record.results.grades if grade.assessment_id == assessment_id]
    return Grade(
        id=context.secrets.uuid(),
        element_id=record.element.id,
        assessment_id=assessment_id,
        attempt=max(earlier, default=0) + 1,
        score=score,
        passed=passed,
        graded_at=report.happened_at,
    )


def _make_ready(context: Context, record: _Record, now: datetime) -> bool:
    """The certificate becomes ready once and for all (A35)."""
    if record.certificate.status is not CertificateStatus.IN_PROGRESS:
        return False
    record.certificate.status = CertificateStatus.READY_TO_DOWNLOAD
    record.certificate.ready_at = now
    record.certificate.number = f"НМО-{now.year}-{context.secrets.uuid().hex[-12:].upper()}"
    return True


def _tell(work: Transaction, record: _Record, ready: bool) -> None:
    data: dict[str, Any] = {"version": record.course.version}
    if record.new_grades:
        data["grade"] = str(record.new_grades[-1].id)
    if ready:
        data["certificate"] = str(record.certificate.id)
    work.record(
        Fact(account_stream(record.element.account_id), "progress:course:updated", record.element.id, data)
    )


async def _save(session: AsyncSession, records: list[_Record]) -> None:
    """Rows already known are written back by the session; new lessons, modules and grades are added."""
    for record in records:
        session.add_all(record.results.lessons.values())
        session.add_all(record.modules.values())
        session.add_all(record.new_grades)
    await session.flush()
