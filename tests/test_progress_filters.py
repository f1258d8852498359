"""The list of courses narrowed by date, type and difficulty (3.4-11 .. 3.4-13)."""

from typing import Any

import pytest

from tests.api import Answer, Api, Json

pytestmark = pytest.mark.anyio

COURSES = """
query ($filter: ProgressFilter, $first: Int!, $after: Cursor) { viewer { progress {
  courses(filter: $filter, first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage } edges { node {
    id updatedAt course { courseType difficulty }
  } } }
} } }
"""


async def courses(doctor: Api, **given: Any) -> list[Json]:
    listed = (await doctor.data(COURSES, filter=given, first=100))["viewer"]["progress"]["courses"]
    rows: list[Json] = [edge["node"] for edge in listed["edges"]]
    assert listed["totalCount"] == len(rows)
    return rows


async def refused(doctor: Api, **given: Any) -> Answer:
    return await doctor.ask(COURSES, filter=given, first=10)


async def test_3_4_11_by_the_day_of_the_last_change(doctor: Api) -> None:
    everything = await courses(doctor)
    days = sorted({row["updatedAt"][:10] for row in everything})
    assert len(days) > 1
    since = await courses(doctor, date={"from": days[-1]})
    assert [row["id"] for row in since] == [row["id"] for row in everything if row["updatedAt"] >= days[-1]]
    assert await courses(doctor, date={"to": "2020-01-01"}) == []
    answer = await refused(doctor, date={"from": "2026-02-01", "to": "2026-01-01"})
    assert answer.code == "INVALID_FORMAT"
    assert answer.body["errors"][0]["extensions"]["input"] == ["filter", "date", "from"]


@pytest.mark.parametrize(
    ("argument", "field"), [("courseTypes", "courseType"), ("difficulties", "difficulty")]
)
async def test_3_4_12_and_3_4_13_by_course_type_and_by_difficulty(
    doctor: Api, argument: str, field: str
) -> None:
    everything = await courses(doctor)
    words = {row["course"][field] for row in everything}
    assert len(words) > 1
    for word in words:
        chosen = await courses(doctor, **{argument: [word]})
        assert chosen == [row for row in everything if row["course"][field] == word]
    assert await courses(doctor, **{argument: sorted(words)}) == everything


async def test_3_4_11_pages_of_a_narrowed_list_follow_one_another(doctor: Api) -> None:
    words = [row["course"]["courseType"] for row in await courses(doctor)]
    given = {"courseTypes": words[:1]}
    whole, after, pages = await courses(doctor, **given), None, list[Json]()
    while True:
        listed = await doctor.data(COURSES, filter=given, first=1, after=after)
        part = listed["viewer"]["progress"]["courses"]
        pages += [edge["node"] for edge in part["edges"]]
        if not part["pageInfo"]["hasNextPage"]:
            break
        after = part["pageInfo"]["endCursor"]
    assert pages == whole
    for first in (0, -1, 101):
        assert (await doctor.ask(COURSES, filter=given, first=first)).code == "BAD_PAGE_SIZE"
