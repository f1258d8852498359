"""Learning progress through the public API (requirements 3.4)."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from models.progress import LessonProgress
from resolvers.demo_catalog import demo_id
from tests.api import Api, Json
from tests.conftest import TODAY
from tests.reporting import (
    COURSES,
    RECORD,
    all_but_the_exam,
    course,
    element,
    exam,
    lesson,
    progress,
    record,
    result,
)
from web.app import Site

pytestmark = pytest.mark.anyio


async def test_3_4_2_and_3_4_3_and_3_4_4_and_3_4_5_and_3_4_6_the_tab_shows_modules_points_exam_topics_and_lessons(
    doctor: Api,
) -> None:
    done = await course(doctor, 1, 0)
    assert (done["modulesCompleted"], done["modulesTotal"]) == (3, 3)
    assert (done["topicsCompleted"], done["lessonsLeft"], done["percent"]) == (6, 0, 100.0)
    assert done["score"] == 14 + 16 + 18 + 91
    assert (done["exam"], done["examLabel"]) == ("PASSED", "сдан")
    begun = await course(doctor, 1, 3)
    assert (begun["modulesCompleted"], begun["lessonsLeft"], begun["exam"]) == (1, 12, "NOT_STARTED")
    assert [module["completed"] for module in begun["modules"]] == [True, False, False]


async def test_3_4_8_and_3_4_9_certificate_states(doctor: Api) -> None:
    ready = (await course(doctor, 1, 0))["certificate"]
    assert (ready["status"], ready["statusLabel"]) == ("READY_TO_DOWNLOAD", "готов к скачиванию")
    assert ready["number"].startswith("НМО-2026-")
    waiting = (await course(doctor, 1, 3))["certificate"]
    assert waiting == {"status": "IN_PROGRESS", "statusLabel": "в процессе", "number": None}


async def test_3_4_7_one_row_for_one_assessment(doctor: Api) -> None:
    grades = (await progress(doctor))["grades"]
    assert grades["totalCount"] == len(grades["edges"])
    exams = [edge["node"] for edge in grades["edges"] if edge["node"]["kind"] == "EXAM"]
    assert [(exam["assessmentTitle"], exam["score"], exam["maxScore"]) for exam in exams] == [
        ("Итоговый экзамен", 91.0, 100.0)
    ]
    assert exams[0]["course"] == {"title": (await course(doctor, 1, 0))["course"]["title"]}
    assert len({edge["node"]["course"]["title"] for edge in grades["edges"]}) > 1


async def test_3_4_16_every_result_recomputes_the_course_once(doctor: Api, provider: Api) -> None:
    before = await course(doctor, 1, 5)
    receipt = await record(
        provider,
        result("a", 1, 5, lessonId=lesson(5, 0, 0, 0)),
        result("b", 1, 5, lessonId=lesson(5, 0, 0, 1)),
        result(
            "c",
            1,
            5,
            assessmentId=f"assessment_{demo_id('assessment', 5, 0).hex}",
            scaled=0.95,
            verb="PASSED",
        ),
    )
    assert receipt == {"accepted": 3, "repeated": 0, "errors": []}
    after = await course(doctor, 1, 5)
    assert after["version"] == before["version"] + 1
    assert after["lessonsLeft"] == before["lessonsLeft"] - 2
    assert after["score"] == 19.0


async def test_3_4_16_a_repeated_statement_changes_nothing(doctor: Api, provider: Api) -> None:
    one = result("again", 1, 5, lessonId=lesson(5, 0, 0, 0))
    await record(provider, one)
    before = await course(doctor, 1, 5)
    assert await record(provider, one, one) == {"accepted": 0, "repeated": 2, "errors": []}
    assert await course(doctor, 1, 5) == before


async def test_3_4_16_one_bad_row_never_costs_the_others(doctor: Api, provider: Api) -> None:
    receipt = await record(
        provider,
        result("good", 1, 5, lessonId=lesson(5, 0, 0, 0)),
        result("foreign-lesson", 1, 5, lessonId=lesson(4, 0, 0, 0)),
        result("nothing", 1, 5),
        result("scale", 1, 5, assessmentId=f"exam_{demo_id('exam', 5).hex}", scaled=7),
        result("other-provider", 1, 0, lessonId=lesson(0, 0, 0, 0)),
        result("unknown", 1, 29, lessonId=lesson(29, 0, 0, 0)),
    )
    assert receipt["accepted"] == 1
    assert [(error["path"][:2], error["code"]) for error in receipt["errors"]] == [
        (["results", "1"], "NOT_FOUND"),
        (["results", "2"], "REQUIRED"),
        (["results", "3"], "NOT_FOUND"),
        (["results", "4"], "NOT_FOUND"),
        (["results", "5"], "NOT_FOUND"),
    ]


async def test_3_4_4_only_the_exam_begins_the_exam_and_it_stays_begun(doctor: Api, provider: Api) -> None:
    test = f"assessment_{demo_id('assessment', 5, 0).hex}"
    await record(provider, result("test-begun", 1, 5, assessmentId=test, verb="PROGRESSED"))
    assert (await course(doctor, 1, 5))["exam"] == "NOT_STARTED"
    await record(provider, result("exam-begun", 1, 5, assessmentId=exam(5), verb="PROGRESSED"))
    assert (await course(doctor, 1, 5))["exam"] == "IN_PROGRESS"
    await record(provider, result("a-lesson", 1, 5, lessonId=lesson(5, 0, 0, 0)))
    assert (await course(doctor, 1, 5))["exam"] == "IN_PROGRESS"


@pytest.mark.parametrize("together", [True, False])
async def test_3_4_7_and_3_4_16_an_assessment_seen_to_the_end_without_a_score_is_no_verdict(
    doctor: Api, provider: Api, together: bool
) -> None:
    before = await progress(doctor)
    seen = result("seen", 1, 5, assessmentId=exam(5), verb="COMPLETED")
    failed = result("failed", 1, 5, assessmentId=exam(5), verb="FAILED", scaled=0.3)
    if not together:
        await record(provider, seen)
        begun = await course(doctor, 1, 5)
        assert (begun["exam"], begun["score"]) == ("IN_PROGRESS", None)
        assert (await progress(doctor))["grades"] == before["grades"]
    await record(provider, seen, failed)
    after = await course(doctor, 1, 5)
    assert (after["exam"], after["score"]) == ("FAILED", 30.0)
    assert (await progress(doctor))["grades"]["totalCount"] == before["grades"]["totalCount"] + 1


@pytest.mark.parametrize(("scaled", "state"), [(0.7, "PASSED"), (0.69, "FAILED")])
async def test_3_4_16_an_assessment_completed_with_a_score_is_judged_by_its_passing_score(
    doctor: Api, provider: Api, scaled: float, state: str
) -> None:
    await record(provider, result("scored", 1, 5, assessmentId=exam(5), scaled=scaled))
    assert (await course(doctor, 1, 5))["exam"] == state


async def verdict(site: Site) -> tuple[bool, bool, datetime]:
    """How the first lesson of course 5 stands for person 1."""
    key = (demo_id("element", demo_id("account", 1), 5), demo_id("lesson", 5, 0, 0, 0))
    async with site.ports.database.reading() as session:
        row = await session.get_one(LessonProgress, key)
    return row.completed, row.passed, row.updated_at


@pytest.mark.parametrize("order", [*permutations(("COMPLETED", "FAILED", "PASSED"))])
@pytest.mark.parametrize("together", [True, False])
async def test_3_4_16_what_happened_last_counts_whatever_came_last(
    provider: Api, site: Site, order: tuple[str, ...], together: bool
) -> None:
    hours = {"FAILED": 6, "PASSED": 7, "COMPLETED": 8}
    reports = [
        result(
            verb,
            1,
            5,
            lessonId=lesson(5, 0, 0, 0),
            verb=verb,
            happenedAt=datetime(2026, 11, 24, hours[verb], tzinfo=UTC).isoformat(),
        )
        for verb in order
    ]
    for batch in [reports] if together else [[report] for report in reports]:
        await record(provider, *batch)
    assert await verdict(site) == (True, True, datetime(2026, 11, 24, 8, tzinfo=UTC))
    late = result("fell", 1, 5, lessonId=lesson(5, 0, 0, 0), verb="FAILED")
    await record(provider, late)
    assert await verdict(site) == (True, False, datetime(2026, 11, 24, 8, tzinfo=UTC))


async def test_3_4_16_what_has_not_happened_yet_costs_only_its_row(provider: Api) -> None:
    def at(minutes: int) -> str:
        return (TODAY + timedelta(minutes=minutes)).isoformat()

    receipt = await record(
        provider,
        result("tomorrow", 1, 5, lessonId=lesson(5, 0, 0, 0), happenedAt=at(6)),
        result("a-fast-clock", 1, 5, lessonId=lesson(5, 0, 0, 1), happenedAt=at(5)),
    )
    assert receipt["accepted"] == 1
    (error,) = receipt["errors"]
    assert (error["code"], error["path"]) == ("INVALID_FORMAT", ["results", "0", "happenedAt"])


async def test_3_4_16_batches_with_the_same_ids_in_other_orders_never_wait_in_a_ring(api: Api) -> None:
    organizer = await api.as_demo("provider-4")

    def batch(person: int, numbers: Iterable[int]) -> list[Json]:
        return [result(f"shared-{n}", person, 3, lessonId=lesson(3, 0, 0, 0)) for n in numbers]

    for start in range(0, 500, 100):
        numbers = range(start, start + 100)
        receipts = await asyncio.gather(
            record(organizer, *batch(1, numbers)), record(organizer, *batch(2, reversed(numbers)))
        )
        assert sum(receipt["accepted"] for receipt in receipts) == 100


async def test_3_4_16_a_provider_reports_and_a_doctor_does_not(doctor: Api, provider: Api, api: Api) -> None:
    one = result("x", 1, 5, lessonId=lesson(5, 0, 0, 0))
    for caller in (doctor, api):
        assert (await caller.ask(RECORD, results=[one])).code == "UNAUTHENTICATED"
    assert (await provider.ask(COURSES)).code == "UNAUTHENTICATED"


async def test_3_4_9_the_certificate_is_ready_when_everything_is_done(doctor: Api, provider: Api) -> None:
    await record(provider, *all_but_the_exam())
    almost = await course(doctor, 1, 5)
    assert (almost["modulesCompleted"], almost["certificate"]["status"]) == (3, "IN_PROGRESS")
    exam = {"assessmentId": f"assessment_{demo_id('exam', 5).hex}", "scaled": 0.5, "verb": "FAILED"}
    await record(provider, result("e1", 1, 5, **exam))
    assert (await course(doctor, 1, 5))["exam"] == "FAILED"
    await record(provider, result("e2", 1, 5, **{**exam, "scaled": 0.75, "verb": "PASSED"}))
    done = await course(doctor, 1, 5)
    assert (done["exam"], done["percent"], done["certificate"]["status"]) == (
        "PASSED",
        100.0,
        "READY_TO_DOWNLOAD",
    )


async def test_3_4_1_nobody_sees_the_progress_of_another(api: Api) -> None:
    other = await api.as_demo("demo-2")
    ids = {edge["node"]["id"] for edge in (await progress(other))["courses"]["edges"]}
    assert ids == {element(2, number) for number in range(4)}
    answer = await other.ask("query ($id: ID!) { node(id: $id) { id } }", id=element(1, 0))
    absent = await other.ask("query ($id: ID!) { node(id: $id) { id } }", id="element_" + "0" * 32)
    assert answer.code == absent.code == "NOT_FOUND"
    assert answer.body["errors"][0]["message"] == absent.body["errors"][0]["message"]
