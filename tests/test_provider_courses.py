"""What a course is made of, so that its results can be reported: ids for its provider and for who studies (3.4-16)."""

import pytest

from tests.api import Api, Json
from tests.reporting import all_but_the_exam, exam, record, result
from tests.test_query_counts import counting
from web.app import Site

pytestmark = pytest.mark.anyio

OUTLINE = """
fragment Outline on Course {
  id title provider { name }
  modules { title topics { title position lessons { id title position } } assessments { ...Task } }
  assessments { ...Task }
}
fragment Task on Assessment { id title kind position maxScore passingScore }
"""
OWN = "query ($first: Int!) { providerCourses(first: $first) { edges { node { ...Outline } } } }" + OUTLINE
CATALOG = "query ($first: Int!) { catalog(first: $first) { edges { node { ...Outline } } } }" + OUTLINE
STUDIED = (
    "{ viewer { progress { courses(first: 50) { edges { node { id course { ...Outline } } } } } } }" + OUTLINE
)


async def own_courses(api: Api, provider: str) -> list[Json]:
    data = await (await api.as_demo(provider)).data(OWN, first=100)
    return [edge["node"] for edge in data["providerCourses"]["edges"]]


def lessons(course: Json) -> list[str]:
    return [
        lesson["id"]
        for module in course["modules"]
        for topic in module["topics"]
        for lesson in topic["lessons"]
    ]


def tasks(course: Json) -> list[str]:
    return [task["id"] for module in course["modules"] for task in module["assessments"]]


async def test_3_4_16_every_id_that_a_report_needs_is_read_from_the_schema(api: Api) -> None:
    known = {given.get(name) for given in all_but_the_exam() for name in ("lessonId", "assessmentId")}
    mine = await own_courses(api, "provider-6")
    [course] = [course for course in mine if course["assessments"][0]["id"] == exam(5)]
    assert {*lessons(course), *tasks(course), None} == known
    doctor = await api.as_demo("demo-1")
    edges = (await doctor.data(STUDIED))["viewer"]["progress"]["courses"]["edges"]
    [studied] = [edge["node"] for edge in edges if edge["node"]["course"] == course]
    reported: list[Json] = [
        {"lessonId": lessons(course)[-1]},
        {"assessmentId": tasks(course)[0], "scaled": 0.8},
    ]
    rows = [
        {**result(f"read-{n}", 1, 5), "elementId": studied["id"], **row} for n, row in enumerate(reported)
    ]
    receipt = await record(await api.as_demo("provider-6"), *rows)
    assert receipt == {"accepted": 2, "repeated": 0, "errors": []}


async def test_3_4_16_a_provider_lists_its_own_courses_by_title_and_no_others(api: Api) -> None:
    mine = await own_courses(api, "provider-6")
    assert len(mine) == 3
    assert {course["provider"]["name"] for course in mine} == {
        "Медицинский университет имени Сеченова, учебный филиал"
    }
    assert [course["title"] for course in mine] == sorted(course["title"] for course in mine)
    theirs = await own_courses(api, "provider-1")
    assert not {course["id"] for course in mine} & {course["id"] for course in theirs}
    answer = await (await api.as_demo("demo-1")).ask(OWN, first=1)
    assert answer.code == "UNAUTHENTICATED"


async def test_3_4_16_the_parts_of_a_course_stand_in_their_order(api: Api) -> None:
    [course, *_] = await own_courses(api, "provider-6")
    topics = [topic for module in course["modules"] for topic in module["topics"]]
    assert [topic["position"] for topic in topics] == [1, 2] * 3
    assert [[lesson["position"] for lesson in topic["lessons"]] for topic in topics] == [[1, 2, 3]] * 6
    assert [[task["position"] for task in module["assessments"]] for module in course["modules"]] == [
        [1],
        [2],
        [3],
    ]
    [whole] = course["assessments"]
    assert (whole["kind"], whole["maxScore"], whole["passingScore"]) == ("EXAM", 100, 70)


async def test_3_4_7_a_grade_names_its_assessment(api: Api) -> None:
    doctor = await api.as_demo("demo-1")
    data = await doctor.data(
        "{ viewer { progress { grades { edges { node { assessmentTitle assessment { id title } } } } } } }"
    )
    grades = [edge["node"] for edge in data["viewer"]["progress"]["grades"]["edges"]]
    assert grades
    for grade in grades:
        assert grade["assessment"]["title"] == grade["assessmentTitle"]
        assert grade["assessment"]["id"].startswith("assessment_")


@pytest.mark.parametrize(("who", "query", "expected"), [("provider-6", OWN, 9), ("demo-1", CATALOG, 8)])
async def test_3_4_16_the_parts_of_one_course_or_a_hundred_cost_the_same(
    api: Api, site: Site, who: str, query: str, expected: int
) -> None:
    caller = await api.as_demo(who)
    counts: list[int] = []
    for first in (1, 10, 100):
        with counting(site) as statements:
            await caller.data(query, first=first)
        counts.append(len(statements))
    assert counts == [expected] * 3
