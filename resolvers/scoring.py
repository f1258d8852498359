"""What a reported result changes in a learner's standing (3.4-16, A19, A35)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.education import AssessmentKind
from models.progress import Certificate, CertificateStatus, Grade, Statement, Verb
from models.progress_rules import LessonState
from resolvers.context import Context
from resolvers.standing import Standing
from resolvers.statements import Report

VERDICTS = (Verb.PASSED, Verb.FAILED)


def apply(context: Context, standing: Standing, report: Report) -> None:
    """Let one statement change lessons or grades."""
    if report.lesson_id is not None:
        _apply_to_lesson(standing, report.lesson_id, report)
    elif report.assessment_id is not None and _judges(report):
        grade = _grade(context, standing, report.assessment_id, report)
        standing.results.grades.append(grade)
        standing.new_grades.append(grade)
    elif report.assessment_id is not None:
        kind = standing.shape.assessments[report.assessment_id].kind
        standing.results.exam_begun = standing.results.exam_begun or kind is AssessmentKind.EXAM


def _judges(report: Report) -> bool:
    """Whether it says how an assessment went: in cmi5 "completed" is "seen to the end" and no verdict by itself."""
    return report.verb in VERDICTS or (report.verb is Verb.COMPLETED and report.scaled is not None)


def _apply_to_lesson(standing: Standing, lesson_id: UUID, report: Report) -> None:
    lesson = standing.results.lessons.setdefault(lesson_id, LessonState(report.happened_at))
    standing.new_lessons[lesson_id] = lesson
    lesson.completed = lesson.completed or report.verb is Verb.COMPLETED
    lesson.updated_at = max(lesson.updated_at, report.happened_at)


async def judge(session: AsyncSession, known: dict[UUID, Standing], reports: list[Report]) -> None:
    """Let the latest of all verdicts kept on a lesson decide, for every lesson that has a new one."""
    lessons: dict[tuple[UUID, UUID | None], LessonState] = {
        (r.element_id, r.lesson_id): known[r.element_id].new_lessons[r.lesson_id]
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


def _grade(context: Context, standing: Standing, assessment_id: UUID, report: Report) -> Grade:
    assessment = standing.shape.assessments[assessment_id]
    full = report.scaled if report.scaled is not None else float(report.verb is not Verb.FAILED)
    score = round(full * assessment.max_score, 2)
    passed = (
        score >= assessment.passing_score if report.verb is Verb.COMPLETED else report.verb is Verb.PASSED
    )
    earlier = [grade.attempt for grade in standing.results.grades if grade.assessment_id == assessment_id]
    return Grade(
        id=context.secrets.uuid(),
        element_id=standing.element.id,
        assessment_id=assessment_id,
        attempt=max(earlier, default=0) + 1,
        score=score,
        passed=passed,
        graded_at=report.happened_at,
    )


def make_ready(context: Context, certificate: Certificate, now: datetime, completed: datetime) -> bool:
    """The certificate becomes ready once and for all (A35); hours count from when the course was completed."""
    if certificate.status is not CertificateStatus.IN_PROGRESS:
        return False
    certificate.status = CertificateStatus.READY_TO_DOWNLOAD
    certificate.ready_at, certificate.completed_at = now, completed
    certificate.number = f"НМО-{now.year}-{context.secrets.uuid().hex[-12:].upper()}"
    return True
