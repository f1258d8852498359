"""How results become progress: pure rules over the shape of a course (3.4-2 .. 3.4-6, 3.4-16, A19, A35)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from models.education import Assessment, AssessmentKind, Element, MoveOn
from models.progress import Certificate, CourseProgress, ExamStatus, Grade, ModuleProgress


@dataclass(frozen=True, slots=True)
class ModuleShape:
    """A module: the lessons of each topic with their completion rule, and its assessments."""

    id: UUID
    topics: tuple[tuple[tuple[UUID, MoveOn], ...], ...]
    assessments: tuple[UUID, ...]


@dataclass(frozen=True)
class CourseShape:
    """A course as far as progress depends on it."""

    id: UUID
    modules: tuple[ModuleShape, ...]
    assessments: Mapping[UUID, Assessment]

    @cached_property
    def lessons(self) -> dict[UUID, MoveOn]:
        return dict(lesson for module in self.modules for topic in module.topics for lesson in topic)

    @property
    def topics_total(self) -> int:
        return sum(len(module.topics) for module in self.modules)


@dataclass(slots=True)
class LessonState:
    """How one lesson stands; a table's row would cost more than everything that is done with it."""

    updated_at: datetime
    completed: bool = False
    passed: bool = False


@dataclass(slots=True)
class Results:
    """Everything a person has achieved in one course."""

    lessons: dict[UUID, LessonState] = field(default_factory=dict[UUID, LessonState])
    grades: list[Grade] = field(default_factory=list[Grade])
    exam_begun: bool = False


def begin(
    shape: CourseShape, element: Element, certificate_id: UUID
) -> tuple[CourseProgress, list[ModuleProgress], Certificate]:
    """The rows of a course just taken up; lessons that ask for nothing count from the start."""
    course = CourseProgress(
        element_id=element.id,
        account_id=element.account_id,
        course_id=element.course_id,
        topics_total=0,
        lessons_total=0,
        modules_total=0,
        updated_at=element.added_at,
    )
    modules = {
        module.id: ModuleProgress(element_id=element.id, module_id=module.id) for module in shape.modules
    }
    _count(shape, Results(), course, modules, element.added_at)
    certificate = Certificate(id=certificate_id, element_id=element.id, account_id=element.account_id)
    return course, [*modules.values()], certificate


def lesson_done(rule: MoveOn, progress: LessonState | None) -> bool:
    """cmi5 `moveOn`: what it takes for a lesson to count as done."""
    if rule is MoveOn.NOT_APPLICABLE:
        return True
    if progress is None:
        return False
    match rule:
        case MoveOn.COMPLETED:
            return progress.completed
        case MoveOn.PASSED:
            return progress.passed
        case MoveOn.COMPLETED_AND_PASSED:
            return progress.completed and progress.passed
        case MoveOn.COMPLETED_OR_PASSED:
            return progress.completed or progress.passed


def best(grades: Iterable[Grade]) -> dict[UUID, Grade]:
    """The best attempt at each assessment; a passed one beats any that failed."""
    found: dict[UUID, Grade] = {}
    for grade in grades:
        held = found.get(grade.assessment_id)
        if held is None or (grade.passed, grade.score) > (held.passed, held.score):
            found[grade.assessment_id] = grade
    return found


def recompute(
    shape: CourseShape,
    results: Results,
    course: CourseProgress,
    modules: dict[UUID, ModuleProgress],
    now: datetime,
) -> bool:
    """Bring `course` and `modules` up to date; True when everything the course asks for is done."""
    course.started_at = course.started_at or now
    course.updated_at = now
    course.version += 1
    return _count(shape, results, course, modules, now)


def _count(
    shape: CourseShape,
    results: Results,
    course: CourseProgress,
    modules: dict[UUID, ModuleProgress],
    now: datetime,
) -> bool:
    tops = best(results.grades)
    done = {
        lesson for lesson, rule in shape.lessons.items() if lesson_done(rule, results.lessons.get(lesson))
    }
    for module in shape.modules:
        _recompute_module(module, done, tops, modules[module.id], now)
    passed = sum(grade.passed for grade in tops.values())
    course.topics_total = shape.topics_total
    course.topics_completed = sum(
        all(lesson in done for lesson, _ in topic) for module in shape.modules for topic in module.topics
    )
    course.lessons_total, course.lessons_completed = len(shape.lessons), len(done)
    course.modules_total = len(shape.modules)
    course.modules_completed = sum(modules[module.id].completed_at is not None for module in shape.modules)
    steps = len(shape.lessons) + len(shape.assessments)
    course.percent = round(100 * (len(done) + passed) / steps, 2) if steps else 0.0
    course.score = round(sum(grade.score for grade in tops.values()), 2) if tops else None
    course.exam = _exam(shape, results)
    return course.modules_completed == course.modules_total and _all_passed(shape.assessments, tops)


def completed_at(shape: CourseShape, results: Results, now: datetime) -> datetime:
    """When the last of what completed a course happened: a lesson's newest result, the first pass of a task."""
    asked = {lesson for lesson, rule in shape.lessons.items() if rule is not MoveOn.NOT_APPLICABLE}
    lessons = [state.updated_at for lesson, state in results.lessons.items() if lesson in asked]
    passes = sorted((grade for grade in results.grades if grade.passed), key=lambda grade: grade.graded_at)
    firsts = {grade.assessment_id: grade.graded_at for grade in reversed(passes)}
    return max([*lessons, *firsts.values()], default=now)


def _recompute_module(
    shape: ModuleShape, done: set[UUID], tops: dict[UUID, Grade], progress: ModuleProgress, now: datetime
) -> None:
    scores = [tops[key].score for key in shape.assessments if key in tops]
    progress.score = round(sum(scores), 2) if scores else None
    lessons = (lesson for topic in shape.topics for lesson, _ in topic)
    complete = done.issuperset(lessons) and _all_passed(shape.assessments, tops)
    progress.completed_at = (progress.completed_at or now) if complete else None


def _all_passed(assessments: Iterable[UUID], tops: dict[UUID, Grade]) -> bool:
    return all(key in tops and tops[key].passed for key in assessments)


def _exam(shape: CourseShape, results: Results) -> ExamStatus:
    exams = {key for key, item in shape.assessments.items() if item.kind is AssessmentKind.EXAM}
    tried = [grade for grade in results.grades if grade.assessment_id in exams]
    if exams and {grade.assessment_id for grade in tried if grade.passed} == exams:
        return ExamStatus.PASSED
    if tried and not max(tried, key=lambda grade: (grade.graded_at, grade.attempt)).passed:
        return ExamStatus.FAILED
    return ExamStatus.IN_PROGRESS if tried or results.exam_begun else ExamStatus.NOT_STARTED
