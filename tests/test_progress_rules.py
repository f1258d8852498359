"""The rules by which results become progress, by themselves (3.4-6, 3.4-9, 3.4-16)."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from models.education import Assessment, AssessmentKind
from models.progress import CourseProgress, Grade
from models.progress_rules import CourseShape, Results, recompute

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
