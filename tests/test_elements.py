"""One's own education through the public API: the catalogue, adding, materials (requirements 3.2)."""

import asyncio

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import col

from models.account import Account
from models.education import Course
from resolvers.demo_catalog import demo_id
from storage.database import Author
from tests.api import Api, Json
from web.app import Site

pytestmark = pytest.mark.anyio

CATALOG = """
query ($first: Int! = 50, $after: Cursor, $filter: CatalogFilter) {
  catalog(first: $first, after: $after, filter: $filter) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { id title kind difficulty courseType provider { name } added addable restriction } }
  }
}
"""
EDUCATION = """
query ($first: Int! = 50, $filter: EducationFilter) { viewer { education(first: $first, filter: $filter) {
  totalCount edges { node {
    id addedAt removable restriction course { id title kind }
    materials { title fileName url }
    progress { id percent version lessonsLeft modules { title completed } certificate { status } }
  } }
} } }
"""
ADD = """
mutation ($ids: [ID!]!) { addEducationElements(input: {courseIds: $ids}) {
  elements { id course { id } materials { url } progress { percent lessonsLeft modulesTotal } } errors { code path message }
} }
"""


def course(number: int) -> str:
    return f"course_{demo_id('course', number).hex}"


async def elements(api: Api, **variables: object) -> list[Json]:
    edges = (await api.data(EDUCATION, **variables))["viewer"]["education"]["edges"]
    return [edge["node"] for edge in edges]


async def add(api: Api, *ids: str) -> Json:
    added: Json = (await api.data(ADD, ids=list(ids)))["addEducationElements"]
    return added


async def catalog(api: Api, **variables: object) -> list[Json]:
    found = (await api.data(CATALOG, **variables))["catalog"]
    return [edge["node"] for edge in found["edges"]]


async def test_3_2_3_and_3_2_4_the_catalogue_offers_courses_programmes_and_modules(doctor: Api) -> None:
    offered = await catalog(doctor)
    assert len(offered) == 30
    kinds = {item["kind"] for item in offered}
    assert {"COURSE", "PROGRAM"} <= kinds
    for kind in kinds:
        narrowed = await catalog(doctor, filter={"kinds": [kind]})
        assert {item["kind"] for item in narrowed} == {kind}
    assert {item["id"] for item in offered if item["added"]} == {course(number) for number in range(6)}


async def test_3_2_4_filters_of_the_catalogue_hold_together(doctor: Api) -> None:
    found = await catalog(
        doctor,
        filter={"search": "пневмонии", "difficulties": ["ADVANCED"], "courseTypes": ["PROGRAM_DPP"]},
    )
    assert found
    assert all("пневмония" in item["title"] for item in found)
    assert {(item["difficulty"], item["courseType"]) for item in found} == {("ADVANCED", "PROGRAM_DPP")}
    assert len(await catalog(doctor, filter={"onlyAddable": True})) == 24


@pytest.mark.parametrize("words", ["%", "'; DROP TABLE course; --", "\\", "a & | !", "\x00", "🩺"])
async def test_3_2_4_search_takes_any_text_as_words(doctor: Api, words: str) -> None:
    assert (await doctor.ask(CATALOG, filter={"search": words})).status == 200
    assert (await doctor.ask(EDUCATION, filter={"search": words})).status == 200


async def test_3_2_4_pages_of_the_catalogue_are_stable_and_follow_the_russian_alphabet(
    doctor: Api, site: Site
) -> None:
    async with site.ports.database.reading() as session:
        for number, title in enumerate(("Яблоки", "Ёлки", "Ель", "Жизнь", "ёж", "Единство")):
            renamed = update(Course).where(col(Course.id) == demo_id("course", 20 + number))
            await session.execute(renamed.values(title=title))
    seen: list[str] = []
    titles: list[str] = []
    after: str | None = None
    while True:
        found = (await doctor.data(CATALOG, first=7, after=after))["catalog"]
        seen += [edge["node"]["id"] for edge in found["edges"]]
        titles += [edge["node"]["title"] for edge in found["edges"]]
        if not found["pageInfo"]["hasNextPage"]:
            break
        after = found["pageInfo"]["endCursor"]
    assert len(seen) == len(set(seen)) == found["totalCount"] == 30
    letters = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
    assert titles == sorted(titles, key=lambda title: [letters.find(sign) for sign in title.casefold()])
    assert [title for title in titles if title[0] in "ЕЁЖё"] == ["Единство", "Ель", "ёж", "Ёлки", "Жизнь"]


async def test_3_2_2_and_3_2_8_the_section_lists_what_is_connected(doctor: Api) -> None:
    held = await elements(doctor)
    assert {item["course"]["id"] for item in held} == {course(number) for number in range(6)}
    assert all(item["removable"] and item["restriction"] is None for item in held)
    named = await elements(doctor, filter={"search": "гипертензии"})
    assert [item["course"]["title"] for item in named] == ["Артериальная гипертензия: основы"]
    programmes = await elements(doctor, filter={"kinds": ["PROGRAM"]})
    assert {item["course"]["kind"] for item in programmes} == {"PROGRAM"}


async def test_3_2_1_only_ones_own_education_is_seen(api: Api, doctor: Api) -> None:
    assert (await api.ask(EDUCATION)).code == "UNAUTHENTICATED"
    other = await api.as_demo("demo-2")
    mine, theirs = await elements(doctor), await elements(other)
    assert not {item["id"] for item in mine} & {item["id"] for item in theirs}
    asked = "query ($id: ID!) { node(id: $id) { id __typename } }"
    assert (await doctor.data(asked, id=mine[0]["id"]))["node"]["__typename"] == "EducationElement"
    assert (await doctor.ask(asked, id=theirs[0]["id"])).code == "NOT_FOUND"


async def test_3_2_5_and_3_2_6_and_3_2_17_one_or_many_are_added_and_seen_at_once(doctor: Api) -> None:
    added = await add(doctor, course(20), course(21), course(20))
    assert added["errors"] == []
    assert [item["course"]["id"] for item in added["elements"]] == [course(20), course(21)]
    assert added["elements"][0]["progress"] == {"percent": 0.0, "lessonsLeft": 18, "modulesTotal": 3}
    held = {item["course"]["id"]: item for item in await elements(doctor)}
    assert len(held) == 8
    assert [module["completed"] for module in held[course(20)]["progress"]["modules"]] == [False] * 3
    assert held[course(20)]["progress"]["certificate"] == {"status": "IN_PROGRESS"}


async def test_3_2_5_adding_again_changes_nothing_also_at_once(doctor: Api) -> None:
    answers = await asyncio.gather(*(add(doctor, course(22), course(23)) for _ in range(6)))
    ids = {tuple(item["id"] for item in answer["elements"]) for answer in answers}
    assert len(ids) == 1
    assert len(await elements(doctor)) == 8


async def test_3_2_5_one_wrong_id_and_nothing_is_added(doctor: Api) -> None:
    refused = await add(doctor, course(24), "course_" + "0" * 32, "nonsense")
    assert refused["elements"] == []
    assert [(error["code"], error["path"]) for error in refused["errors"]] == [
        ("NOT_FOUND", ["courseIds", "1"])
    ]
    assert len(await elements(doctor)) == 6
    for ids in ([], [course(24)] * 51):
        assert [error["code"] for error in (await add(doctor, *ids))["errors"]] == ["INVALID_FORMAT"]


async def test_3_2_15_without_the_right_nothing_changes(doctor: Api, site: Site) -> None:
    async with site.ports.database.transaction(Author("test", "")) as work:
        await work.session.execute(
            update(Account).where(col(Account.id) == demo_id("account", 1)).values(permissions=[])
        )
    assert (await doctor.ask(ADD, ids=[course(20)])).code == "FORBIDDEN"
    held = await elements(doctor)
    assert len(held) == 6
    assert not any(item["removable"] for item in held)
    assert not any(item["addable"] for item in await catalog(doctor))


async def test_3_2_1_without_full_access_the_missing_steps_are_named(api: Api) -> None:
    limited = await api.as_demo("demo-3")
    assert (await limited.ask(EDUCATION)).code == "STEP_REQUIRED"
    assert (await add(limited, course(20)))["errors"][0]["code"] == "STEP_REQUIRED"
    assert len(await catalog(limited)) == 30


async def fetched(api: Api, url: str) -> httpx.Response:
    return await api.http.get(url, headers={"authorization": f"Bearer {api.token}"} if api.token else {})


async def test_3_2_7_materials_open_to_the_owner_at_once_and_to_nobody_else(doctor: Api, api: Api) -> None:
    (added,) = (await add(doctor, course(20)))["elements"]
    url = added["materials"][0]["url"]
    opened = await fetched(doctor, url)
    assert opened.status_code == 200
    assert opened.content.startswith(b"%PDF-")
    assert opened.headers["content-disposition"].startswith("attachment")
    assert opened.headers["cache-control"] == "private, no-store"
    assert (await fetched(api, url)).status_code == 401
    assert (await fetched(await api.as_demo("demo-2"), url)).status_code == 404
    assert (await fetched(await api.as_demo("demo-3"), url)).status_code == 403
    element, material = url.rsplit("/", 2)[1:]
    foreign = (await elements(doctor))[-1]["materials"][0]["url"].rsplit("/", 1)[1]
    assert (await fetched(doctor, url.replace(material, foreign))).status_code == 404
    assert (await fetched(doctor, url.replace(element, material))).status_code == 404
