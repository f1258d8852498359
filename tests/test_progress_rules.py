"""The rules by which results become progress, by themselves (3.4-6, 3.4-9, 3.4-16)."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from models.education import Assessment, AssessmentKind, Element, MoveOn
from models.progress import CourseProgress, Grade
from models.progress_rules import (
    CourseShape,
    LessonState,
    ModuleShape,
    Results,
    begin,
    lesson_done,
    recompute,
)

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ELEMENT = UUID(int=1)


def standing() -> CourseProgress:
    """A course just taken up; what `recompute` writes is left for it to write."""
    return CourseProgress(
        element_id=ELEMENT,
        account_id=UUID(int=2),
        course_id=UUID(int=3),
        topics_total=0,
        lessons_total=0,
        modules_total=0,
        updated_at=NOW,
    )


@pytest.mark.parametrize("kind", AssessmentKind)
@pytest.mark.parametrize("passed", [None, False, True])
def test_3_4_9_a_course_of_one_assessment_is_done_when_that_is_passed(
    kind: AssessmentKind, passed: bool | None
) -> None:
    task = Assessment(
        id=uuid4(),
        course_id=UUID(int=3),
        position=1,
        kind=kind,
        title="Разбор случая",
        max_score=10,
        passing_score=7,
    )
    grades = [] if passed is None else [_grade(task, passed=passed)]
    shape, course = CourseShape(UUID(int=3), (), {task.id: task}), standing()
    assert recompute(shape, Results(grades=grades), course, {}, NOW) is bool(passed)
    assert course.percent == (100 if passed else 0)


def _grade(task: Assessment, *, passed: bool) -> Grade:
    return Grade(
        id=uuid4(),
        element_id=ELEMENT,
        assessment_id=task.id,
        attempt=1,
        score=8 if passed else 2,
        passed=passed,
        graded_at=NOW,
    )


@pytest.mark.parametrize(
    ("rule", "unseen", "seen", "completed", "passed", "both"),
    [
        (MoveOn.COMPLETED, False, False, True, False, True),
        (MoveOn.PASSED, False, False, False, True, True),
        (MoveOn.COMPLETED_AND_PASSED, False, False, False, False, True),
        (MoveOn.COMPLETED_OR_PASSED, False, False, True, True, True),
        (MoveOn.NOT_APPLICABLE, True, True, True, True, True),
    ],
)
def test_3_4_6_a_lesson_is_done_by_its_own_rule(
    rule: MoveOn, unseen: bool, seen: bool, completed: bool, passed: bool, both: bool
) -> None:
    assert lesson_done(rule, None) is unseen
    assert lesson_done(rule, LessonState(NOW)) is seen
    assert lesson_done(rule, LessonState(NOW, completed=True)) is completed
    assert lesson_done(rule, LessonState(NOW, passed=True)) is passed
    assert lesson_done(rule, LessonState(NOW, completed=True, passed=True)) is both


@pytest.mark.parametrize(
    ("rules", "done"),
    [
        ((MoveOn.NOT_APPLICABLE, MoveOn.NOT_APPLICABLE, MoveOn.COMPLETED), False),
        ((MoveOn.COMPLETED,) * 3, False),
        ((MoveOn.NOT_APPLICABLE,) * 3, True),
    ],
)
def test_3_4_6_a_course_counts_at_its_start_as_after_a_result_that_changes_nothing(
    rules: tuple[MoveOn, ...], done: bool
) -> None:
    topics = tuple(((uuid4(), rule),) for rule in rules)
    modules = (ModuleShape(UUID(int=4), topics[:2], ()), ModuleShape(UUID(int=5), topics[2:], ()))
    shape = CourseShape(UUID(int=3), modules, {})
    element = Element(id=ELEMENT, account_id=UUID(int=2), course_id=shape.id, added_at=NOW)
    course, parts, _ = begin(shape, element, UUID(int=6))
    rows = (course, *parts)
    before = [row.model_dump(exclude={"started_at", "version"}) for row in rows]
    assert (course.started_at, course.version) == (None, 0)
    assert recompute(shape, Results(), course, {part.module_id: part for part in parts}, NOW) is done
    assert [row.model_dump(exclude={"started_at", "version"}) for row in rows] == before
