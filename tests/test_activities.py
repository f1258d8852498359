"""Educational events through the public API (requirements 3.1)."""

import asyncio
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from models.activities import Activity
from models.clock import SettableClock
from resolvers.demo_catalog import demo_id
from tests.api import Api, Json
from tests.exporting import csv_rows, exported
from web.app import Site

pytestmark = pytest.mark.anyio

LIST = """
query ($first: Int! = 20, $after: Cursor, $filter: ActivityFilter, $sort: [ActivitySort!]) {
  viewer { activities(first: $first, after: $after, filter: $filter, sort: $sort) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node {
      id title type specialties startsAt endsAt status statusLabel credits enrollmentOpen placesLeft
      organizer { id name } materials { kind title url } myEnrollment { state }
    } }
  } }
}
"""
ENROLL = """
mutation ($id: ID!) { enroll(input: {activityId: $id}) {
  activity { id placesLeft myEnrollment { state } } enrollment { id state } errors { code path }
} }
"""
CANCEL = ENROLL.replace("enroll(", "cancelEnrollment(", 1)


async def listed(api: Api, **variables: object) -> Json:
    found: Json = (await api.data(LIST, **variables))["viewer"]["activities"]
    return found


async def nodes(api: Api, **variables: object) -> list[Json]:
    return [edge["node"] for edge in (await listed(api, first=100, **variables))["edges"]]


async def test_3_1_1_and_3_1_2_current_and_past_events(doctor: Api, clock: SettableClock) -> None:
    now = clock.now().isoformat()
    current = await nodes(doctor, filter={"period": "CURRENT"})
    past = await nodes(doctor, filter={"period": "PAST"})
    assert len(current) + len(past) == 200
    assert all(node["endsAt"] > now for node in current)
    assert all(node["endsAt"] <= now for node in past)


async def test_3_1_3_only_mine(doctor: Api) -> None:
    mine = await nodes(doctor, filter={"onlyMine": True})
    assert len(mine) == 25
    assert all(node["myEnrollment"] for node in mine)


async def test_3_1_8_by_date_both_days_included(doctor: Api) -> None:
    found = await nodes(doctor, filter={"date": {"from": "2026-11-24", "to": "2026-11-26"}})
    assert len(found) == 3
    assert {node["startsAt"][:10] for node in found} == {"2026-11-24", "2026-11-25", "2026-11-26"}


async def test_3_1_8_reversed_dates_are_named(doctor: Api) -> None:
    answer = await doctor.ask(LIST, filter={"date": {"from": "2026-11-26", "to": "2026-11-24"}})
    assert answer.code == "INVALID_FORMAT"
    assert answer.body["errors"][0]["extensions"]["input"] == ["filter", "date", "from"]


async def test_3_1_9_by_type(doctor: Api) -> None:
    found = await nodes(doctor, filter={"types": ["EVENT_WEBINAR", "EVENT_SEMINAR"]})
    assert {node["type"] for node in found} == {"EVENT_WEBINAR", "EVENT_SEMINAR"}


async def test_3_1_9_by_specialty_whichever_of_them(doctor: Api) -> None:
    one = await nodes(doctor, filter={"specialties": ["Кардиология"]})
    two = await nodes(doctor, filter={"specialties": ["Кардиология", "Эндокринология"]})
    assert one
    assert all(node["specialties"] == ["Кардиология"] for node in one)
    assert {node["specialties"][0] for node in two} == {"Кардиология", "Эндокринология"}
    assert await nodes(doctor, filter={"specialties": ["Кардио"]}) == []


async def test_3_1_9_and_3_1_18_what_counts_for_any_specialty_is_found_by_each(
    doctor: Api, site: Site
) -> None:
    def ours(found: list[str]) -> set[str]:
        return {title for title in found if title.startswith("Для всех")}

    async with site.ports.database.reading() as session:
        for number, counts in enumerate(([], [], ["Хирургия"])):  # who says none counts for every one
            one = update(Activity).where(col(Activity.id) == demo_id("activity", number))
            await session.execute(one.values(title=f"Для всех {number}", specialties=counts))
    narrowed = {"specialties": ["Кардиология", "Нефрология"]}
    shown = ours([node["title"] for node in await nodes(doctor, filter=narrowed)])
    lines = csv_rows(await exported(doctor, "ACTIVITIES", "CSV", activityFilter=narrowed))
    assert shown == ours([line[0] for line in lines]) == {"Для всех 0", "Для всех 1"}


@pytest.mark.parametrize(
    ("status", "label"),
    [
        ("PLANNED", "запланировано"),
        ("FINISHED", "завершено"),
        ("PARTICIPATION_CONFIRMED", "подтверждено участие"),
    ],
)
async def test_3_1_10_and_3_1_13_by_status_with_its_label(doctor: Api, status: str, label: str) -> None:
    found = await nodes(doctor, filter={"statuses": [status]})
    assert found
    assert {(node["status"], node["statusLabel"]) for node in found} == {(status, label)}


async def test_3_1_13_there_is_no_fourth_status(doctor: Api) -> None:
    by_status = [
        (await listed(doctor, filter={"statuses": [status]}))["totalCount"]
        for status in ("PLANNED", "FINISHED", "PARTICIPATION_CONFIRMED")
    ]
    assert sum(by_status) == 200


async def test_3_1_11_and_3_1_12_and_3_1_14_and_3_1_15_and_3_1_16_every_column(doctor: Api) -> None:
    webinars = await nodes(doctor, filter={"onlyMine": True, "types": ["EVENT_WEBINAR"], "period": "PAST"})
    node = webinars[0]
    assert node["title"].startswith("Вебинар «")
    assert node["organizer"]["name"]
    assert datetime.fromisoformat(node["endsAt"]) - datetime.fromisoformat(node["startsAt"]) == timedelta(
        hours=2
    )
    assert {material["kind"] for material in node["materials"]} == {"METHODICAL", "RECORDING"}


@pytest.mark.parametrize("field", ["TITLE", "STARTS_AT", "STATUS", "ORGANIZER", "TYPE", "CREDITS"])
@pytest.mark.parametrize("descending", [False, True])
async def test_3_1_17_sorting_works_both_ways_and_pages_are_stable(
    doctor: Api, field: str, descending: bool
) -> None:
    sort = [{"field": field, "descending": descending}]
    seen: list[str] = []
    after: str | None = None
    while True:
        found = await listed(doctor, first=37, after=after, sort=sort)
        seen += [edge["node"]["id"] for edge in found["edges"]]
        if not found["pageInfo"]["hasNextPage"]:
            break
        after = found["pageInfo"]["endCursor"]
    assert len(seen) == len(set(seen)) == 200
    whole = [node["id"] for node in await nodes(doctor, sort=sort)]
    assert seen[:100] == whole


async def test_3_1_1_the_nearest_come_first_then_the_latest_of_the_past(
    doctor: Api, clock: SettableClock
) -> None:
    now, seen = clock.now().isoformat(), list[str]()
    after: str | None = None
    while len(seen) < 200:
        found = await listed(doctor, first=33, after=after)
        seen += [edge["node"]["startsAt"] for edge in found["edges"]]
        after = found["pageInfo"]["endCursor"]
    ahead = [moment for moment in seen if moment > now]
    assert ahead
    assert seen == sorted(ahead) + sorted((moment for moment in seen if moment <= now), reverse=True)


async def test_3_1_17_organizers_follow_the_russian_alphabet(doctor: Api) -> None:
    names = [node["organizer"]["name"] for node in await nodes(doctor, sort=[{"field": "ORGANIZER"}])]
    found = await nodes(doctor, sort=[{"field": "ORGANIZER", "descending": True}])
    assert (names[0][0], found[0]["organizer"]["name"][0]) == ("А", "С")


async def test_3_1_17_titles_follow_the_russian_alphabet(doctor: Api) -> None:
    titles = [node["title"] for node in await nodes(doctor, sort=[{"field": "TITLE"}])]
    letters = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
    assert titles == sorted(titles, key=lambda title: [letters.find(sign) for sign in title.casefold()])


@pytest.mark.parametrize("words", ["пневмонии", "ПНЕВМОНИЯ", "пневмани"])
async def test_3_1_1_search_forgives_forms_and_slips(doctor: Api, words: str) -> None:
    found = await nodes(doctor, filter={"search": words})
    assert found
    assert all("пневмония" in node["title"] for node in found)


@pytest.mark.parametrize("words", ["%", "_", "'; DROP TABLE activity; --", "\\", "a & | !", "🩺"])
async def test_3_1_1_search_takes_any_text_as_words(doctor: Api, words: str) -> None:
    assert (await doctor.ask(LIST, filter={"search": words})).status == 200


async def test_3_1_1_a_text_with_nul_is_the_callers_mistake_wherever_it_stands(doctor: Api) -> None:
    assert (await doctor.ask(LIST, filter={"search": "a\0b"})).code == "BAD_USER_INPUT"
    literal = LIST.replace("filter: $filter", 'filter: {search: "a\\u0000b"}').replace(
        "$filter: ActivityFilter, ", ""
    )
    assert (await doctor.ask(literal)).code == "BAD_USER_INPUT"


async def test_3_1_1_a_cursor_with_nul_is_a_bad_cursor(doctor: Api) -> None:
    by_title = [{"field": "TITLE"}]
    given = (await listed(doctor, first=1, sort=by_title))["pageInfo"]["endCursor"]
    signature, title, *rest = json.loads(urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    forged = urlsafe_b64encode(json.dumps([signature, title + "\0", *rest]).encode()).decode().rstrip("=")
    assert (await doctor.ask(LIST, sort=by_title, after=forged)).code == "BAD_CURSOR"


async def test_3_1_20_one_press_enrols_and_a_second_changes_nothing(doctor: Api) -> None:
    (target, *_) = await nodes(doctor, filter={"onlyOpen": True}, sort=[{"field": "STARTS_AT"}])
    first = (await doctor.data(ENROLL, id=target["id"]))["enroll"]
    again = (await doctor.data(ENROLL, id=target["id"]))["enroll"]
    assert first["errors"] == []
    assert first["enrollment"]["state"] == "ENROLLED"
    assert again["enrollment"] == first["enrollment"]
    assert again["activity"] == first["activity"]


async def test_3_1_20_a_past_event_and_an_unknown_one_are_refused(doctor: Api) -> None:
    past = next(node for node in await nodes(doctor, filter={"period": "PAST"}) if not node["myEnrollment"])
    refused = (await doctor.data(ENROLL, id=past["id"]))["enroll"]
    assert refused["errors"] == [{"code": "ENROLLMENT_CLOSED", "path": ["activityId"]}]
    for unknown in ("activity_" + "0" * 32, "organizer_" + past["id"].rpartition("_")[2], "x", ""):
        answer = (await doctor.data(ENROLL, id=unknown))["enroll"]
        assert [error["code"] for error in answer["errors"]] == ["NOT_FOUND"]


async def test_3_1_20_a_place_can_be_given_back_until_the_start(doctor: Api, clock: SettableClock) -> None:
    (target, *_) = await nodes(doctor, filter={"onlyOpen": True}, sort=[{"field": "STARTS_AT"}])
    await doctor.data(ENROLL, id=target["id"])
    given_back = (await doctor.data(CANCEL, id=target["id"]))["cancelEnrollment"]
    assert given_back["activity"]["placesLeft"] == target["placesLeft"]
    taken_again = (await doctor.data(ENROLL, id=target["id"]))["enroll"]
    assert taken_again["enrollment"]["state"] == "ENROLLED"
    clock.advance(datetime.fromisoformat(target["startsAt"]) - clock.now())
    doctor = await doctor.as_demo("demo-1")
    late = (await doctor.data(CANCEL, id=target["id"]))["cancelEnrollment"]
    assert [error["code"] for error in late["errors"]] == ["ENROLLMENT_CLOSED"]


async def test_3_1_20_a_press_repeated_at_once_takes_one_place(doctor: Api) -> None:
    target = next(node for node in await nodes(doctor, filter={"onlyOpen": True}) if node["placesLeft"])
    answers = await asyncio.gather(*(doctor.data(ENROLL, id=target["id"]) for _ in range(8)))
    assert len({answer["enroll"]["enrollment"]["id"] for answer in answers}) == 1
    (now,) = [node for node in await nodes(doctor, filter={"onlyMine": True}) if node["id"] == target["id"]]
    assert now["placesLeft"] == target["placesLeft"] - 1


@pytest.mark.parametrize("first", [0, -1, 101, 2_147_483_647])
async def test_a_page_has_from_one_to_a_hundred_rows(doctor: Api, first: int) -> None:
    assert (await doctor.ask(LIST, first=first)).code in {"BAD_PAGE_SIZE", "QUERY_REJECTED"}


@pytest.mark.parametrize("cursor", ["", "zzz", "WzFd", "WzEsMiwzXQ", "e30", "bnVsbA"])
async def test_a_forged_cursor_has_a_code(doctor: Api, cursor: str) -> None:
    assert (await doctor.ask(LIST, after=cursor)).code == "BAD_CURSOR"


async def test_a_cursor_of_another_order_is_not_taken(doctor: Api) -> None:
    cursor = (await listed(doctor, first=1, sort=[{"field": "TITLE"}]))["pageInfo"]["endCursor"]
    assert (await doctor.ask(LIST, after=cursor, sort=[{"field": "TYPE"}])).code == "BAD_CURSOR"


@pytest.mark.parametrize(
    "dates", [{"to": "9999-12-31"}, {"from": "0001-01-01"}, {"from": "2026-02-30"}, {"from": "вчера"}]
)
async def test_3_1_8_impossible_days_are_refused_with_a_code(doctor: Api, dates: Json) -> None:
    answer = await doctor.ask(LIST, filter={"date": dates})
    assert answer.code in {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}
