"""Learning progress through the public API (requirements 3.4)."""

import pytest

from resolvers.demo_catalog import demo_id
from tests.api import Api, Json

pytestmark = pytest.mark.anyio

COURSES = """
{ viewer { progress {
  summary { modulesCompleted modulesTotal creditsEarned }
  courses(first: 50) { edges { node {
    id percent score exam examLabel topicsCompleted topicsTotal lessonsLeft modulesCompleted modulesTotal version
    course { id title difficulty courseType provider { name } }
    modules { title completed completedAt score }
    certificate { status statusLabel number }
  } } }
  grades(first: 50) { totalCount edges { node { id assessmentTitle kind score maxScore passed attempt } } }
} } }
"""
RECORD = """
mutation ($results: [ResultInput!]!) { recordResults(input: {results: $results}) {
  accepted repeated errors { code path }
} }
"""


def element(person: int, course: int) -> str:
    return f"element_{demo_id('element', demo_id('account', person), course).hex}"


def lesson(course: int, module: int, topic: int, place: int) -> str:
    return f"lesson_{demo_id('lesson', course, module, topic, place).hex}"


def result(statement: str, person: int, course: int, **given: object) -> Json:
    return {
        "statementId": statement,
        "elementId": element(person, course),
        "verb": "COMPLETED",
        "happenedAt": "2026-11-24T08:00:00+00:00",
        **given,
    }


@pytest.fixture
async def doctor(api: Api) -> Api:
    return await api.as_demo("demo-1")


@pytest.fixture
async def provider(api: Api) -> Api:
    """The organiser of course 5."""
    return await api.as_demo("provider-6")


async def progress(doctor: Api) -> Json:
    found: Json = (await doctor.data(COURSES))["viewer"]["progress"]
    return found


async def course(doctor: Api, person: int, number: int) -> Json:
    edges = (await progress(doctor))["courses"]["edges"]
    found: Json = next(edge["node"] for edge in edges if edge["node"]["id"] == element(person, number))
    return found


async def record(provider: Api, *results: Json) -> Json:
    receipt: Json = (await provider.data(RECORD, results=list(results)))["recordResults"]
    return receipt


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


async def test_3_4_16_a_provider_reports_and_a_doctor_does_not(doctor: Api, provider: Api, api: Api) -> None:
    one = result("x", 1, 5, lessonId=lesson(5, 0, 0, 0))
    for caller in (doctor, api):
        assert (await caller.ask(RECORD, results=[one])).code == "UNAUTHENTICATED"
    assert (await provider.ask(COURSES)).code == "UNAUTHENTICATED"


async def test_3_4_9_the_certificate_is_ready_when_everything_is_done(doctor: Api, provider: Api) -> None:
    lessons = [
        result(f"l{module}{topic}{place}", 1, 5, lessonId=lesson(5, module, topic, place))
        for module in range(3)
        for topic in range(2)
        for place in range(3)
    ]
    tests = [
        result(
            f"t{n}",
            1,
            5,
            assessmentId=f"assessment_{demo_id('assessment', 5, n).hex}",
            scaled=0.8,
            verb="PASSED",
        )
        for n in range(3)
    ]
    await record(provider, *lessons, *tests)
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
