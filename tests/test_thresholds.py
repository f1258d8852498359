"""Thresholds of results through the public API (3.4-18, 3.4-19, A20)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from models.account import Account
from models.clock import SettableClock
from models.notifications import Notification
from models.progress import CourseProgress
from resolvers.demo_catalog import demo_id
from storage.database import Author
from tests.api import Api, Json
from tests.product import Product, live
from tests.registering import codes
from tests.reporting import RECORD, element, lesson, record, result
from tests.test_elements import course
from tests.test_notifications import LIVE
from tests.test_removal import education, preview, remove
from web.app import Site

pytestmark = pytest.mark.anyio

LIST = """
query ($first: Int! = 50, $after: Cursor) { viewer { thresholds(first: $first, after: $after) {
  totalCount edges { node { id source metric value reachedAt course { id } } }
} } }
"""
COMMON = "query ($first: Int! = 20) { commonThresholds(first: $first) { edges { node { id source course { id } } } } }"
SET = """
mutation ($input: SetThresholdInput!) { setThreshold(input: $input) {
  threshold { id source metric value reachedAt course { id } } errors { code path message }
} }
"""
SET_COMMON = SET.replace("setThreshold(", "setCommonThreshold(", 1)
REMOVE = """
mutation ($id: ID!) { removeThreshold(input: {id: $id}) { removedId errors { code path } } }
"""
REMOVE_COMMON = REMOVE.replace("removeThreshold(", "removeCommonThreshold(", 1)
NOTICES = """
{ viewer { notifications(first: 50) { edges { node { kind title body subject emailedAt } } } } }
"""


async def threshold(caller: Api, metric: str, value: float, **more: object) -> Json:
    made: Json = (await caller.data(SET, input={"metric": metric, "value": value, **more}))["setThreshold"]
    return made


async def common(caller: Api, metric: str, value: float, **more: object) -> Json:
    given = {"metric": metric, "value": value, **more}
    made: Json = (await caller.data(SET_COMMON, input=given))["setCommonThreshold"]
    return made


async def thresholds(caller: Api) -> list[Json]:
    edges = (await caller.data(LIST))["viewer"]["thresholds"]["edges"]
    return [edge["node"] for edge in edges]


async def told(caller: Api) -> list[Json]:
    edges = (await caller.data(NOTICES))["viewer"]["notifications"]["edges"]
    return [edge["node"] for edge in edges if edge["node"]["kind"] == "THRESHOLD_REACHED"]


def lessons(count: int, person: int = 1, start: int = 0) -> list[Json]:
    """Lessons of course 5 done by a person, one after another."""
    places = ((n // 6, n % 6 // 3, n % 3) for n in range(start, start + count))
    return [result(f"t{person}-{place}", person, 5, lessonId=lesson(5, *place)) for place in places]


async def test_3_4_18_and_3_4_19_a_crossing_is_told_once_by_letter_and_in_the_cabinet(
    doctor: Api, provider: Api, api: Api
) -> None:
    made = await threshold(doctor, "COURSE_PERCENT", 10, courseId=course(5))
    assert (made["errors"], made["threshold"]["source"], made["threshold"]["reachedAt"]) == ([], "USER", None)
    await record(provider, *lessons(2))
    assert await told(doctor) == []
    await record(provider, *lessons(1, start=2))
    await record(provider, *lessons(3, start=3))
    (notice,) = await told(doctor)
    assert (notice["title"], notice["subject"]) == ("Достигнут ваш порог", element(1, 5))
    assert notice["body"] == "Курс «Внебольничная пневмония: основы» пройден на 13,64 %, порог — 10 %."
    own = next(one for one in await thresholds(doctor) if one["id"] == made["threshold"]["id"])
    assert own["reachedAt"] == "2026-11-24T09:00:00+00:00"
    assert notice["body"] in await api.letter("demo-1@nmo.example", "Достигнут ваш порог")

    async def mailed() -> Any:
        return (await told(doctor))[0]["emailedAt"]

    for _ in range(100):
        if await mailed():
            break
        await asyncio.sleep(0.05)
    assert await mailed()
    letters = [m for m in api.outbox().messages() if "порог" in (m.subject or "")]
    assert len(letters) == 1


async def test_3_4_19_the_notice_is_in_the_open_cabinet_within_a_second(product: Product) -> None:
    doctor, provider = product.token("demo-1"), product.token("provider-6")
    wish = {"metric": "COURSE_PERCENT", "value": 1, "courseId": course(5)}
    made = await asyncio.to_thread(product.ask, SET, doctor, input=wish)
    assert made["data"]["setThreshold"]["errors"] == []
    async with live(product.url, doctor) as connection:
        await connection.subscribe(LIVE)
        assert (await connection.event("notifications"))["__typename"] == "NotificationSnapshot"
        await asyncio.to_thread(product.ask, RECORD, provider, results=lessons(1))
        async with asyncio.timeout(1):
            delta = await connection.event("notifications")
    assert delta["notification"]["kind"] == "THRESHOLD_REACHED"


async def test_3_4_18_one_batch_may_cross_several_and_everybody_hears_of_their_own(
    api: Api, doctor: Api
) -> None:
    other, organizer = await api.as_demo("demo-2"), await api.as_demo("provider-4")
    for value in (1, 80, 99):
        await threshold(doctor, "COURSE_PERCENT", value, courseId=course(3))
    await threshold(doctor, "COURSE_SCORE", 20, courseId=course(3))
    await threshold(other, "COURSE_PERCENT", 50)
    every = [
        result(f"p{p}-{n}", p, 3, lessonId=lesson(3, n // 6, n % 6 // 3, n % 3))
        for n in range(18)
        for p in (1, 2)
    ]
    await record(organizer, *every)
    assert [notice["title"] for notice in await told(doctor)] == ["Достигнут ваш порог"]
    assert "пройден на 86,36 %, порог — 80 %" in (await told(doctor))[0]["body"]
    assert "порог — 50 %" in (await told(other))[0]["body"]


async def test_3_4_18_a_threshold_over_all_courses_counts_modules_and_credits(
    doctor: Api, provider: Api
) -> None:
    now = 3 + 2 + 1 + 1
    refused = await threshold(doctor, "MODULES_COMPLETED", now)
    assert codes(refused) == [("INVALID_FORMAT", ["value"])]
    await threshold(doctor, "MODULES_COMPLETED", now + 2)
    await threshold(doctor, "CREDITS_TOTAL", 20)
    tests = [
        result(
            f"m{n}",
            1,
            5,
            assessmentId=f"assessment_{demo_id('assessment', 5, n).hex}",
            scaled=0.9,
            verb="PASSED",
        )
        for n in range(3)
    ]
    exam = result("x", 1, 5, assessmentId=f"assessment_{demo_id('exam', 5).hex}", scaled=0.9, verb="PASSED")
    await record(provider, *lessons(18), tests[0])
    assert await told(doctor) == []
    await record(provider, tests[1])
    assert [notice["body"] for notice in await told(doctor)] == ["Всего пройдено модулей: 9, порог — 9."]
    await record(provider, tests[2], exam)
    assert {(notice["title"], notice["body"]) for notice in await told(doctor)} == {
        ("Достигнут ваш порог", "Всего пройдено модулей: 9, порог — 9."),
        ("Достигнут ваш порог", "Всего заработано ЗЕТ: 40, порог — 20."),
        (
            "Достигнут порог системы",
            "Курс «Внебольничная пневмония: основы» пройден на 100 %, порог — 100 %.",
        ),
    }


async def test_3_4_18_an_author_sets_one_for_the_own_course_and_an_operator_for_all(
    api: Api, doctor: Api, provider: Api, site: Site
) -> None:
    author = await common(provider, "COURSE_PERCENT", 5, courseId=course(5))
    assert (author["errors"], author["threshold"]["source"]) == ([], "AUTHOR")
    again = await common(provider, "COURSE_PERCENT", 5, courseId=course(5))
    assert again["threshold"]["id"] == author["threshold"]["id"]
    assert codes(await common(provider, "COURSE_PERCENT", 5, courseId=course(4))) == [
        ("NOT_FOUND", ["courseId"])
    ]
    assert codes(await common(provider, "CREDITS_TOTAL", 5)) == [("REQUIRED", ["courseId"])]
    assert (await doctor.ask(SET_COMMON, input={"metric": "COURSE_PERCENT", "value": 5})).code == "FORBIDDEN"
    async with site.ports.database.transaction(Author("test", "")) as work:
        rights = update(Account).where(col(Account.slug) == "demo-2")
        await work.session.execute(rights.values(permissions=["MANAGE_POLICIES"]))
    operator = await api.as_demo("demo-2")
    system = await common(operator, "COURSE_PERCENT", 4)
    assert (system["errors"], system["threshold"]["source"]) == ([], "SYSTEM")
    assert codes(await common(operator, "COURSE_PERCENT", 4, courseId=course(5))) == [
        ("INVALID_FORMAT", ["courseId"])
    ]
    assert {one["source"] for one in await thresholds(doctor)} == {"AUTHOR", "SYSTEM"}
    await record(provider, *lessons(2))
    assert {notice["title"] for notice in await told(doctor)} == {
        "Достигнут порог автора курса",
        "Достигнут порог системы",
    }
    seen = (await provider.data(COMMON))["commonThresholds"]["edges"]
    assert [edge["node"]["id"] for edge in seen] == [author["threshold"]["id"]]
    key = system["threshold"]["id"]
    for caller, mutation, name in (
        (provider, REMOVE_COMMON, "removeCommonThreshold"),
        (doctor, REMOVE, "removeThreshold"),
    ):
        assert codes((await caller.data(mutation, id=key))[name]) == [("NOT_FOUND", ["id"])]
    assert (await operator.data(REMOVE_COMMON, id=key))["removeCommonThreshold"]["removedId"] == key


async def test_a20_a_course_has_twenty_thresholds_of_its_author_at_most(provider: Api) -> None:
    for value in range(1, 21):
        assert codes(await common(provider, "COURSE_PERCENT", value, courseId=course(5))) == []
    assert codes(await common(provider, "COURSE_PERCENT", 21, courseId=course(5))) == [
        ("CONFLICT", ["value"])
    ]


async def test_3_4_18_and_a20_lost_and_reached_again_it_tells_again_and_once_each_time(
    doctor: Api, provider: Api, site: Site
) -> None:
    first = await threshold(doctor, "COURSE_PERCENT", 5, courseId=course(5))
    await record(provider, *lessons(2))
    assert codes(await threshold(doctor, "COURSE_PERCENT", 5, courseId=course(5))) == [
        ("INVALID_FORMAT", ["value"])
    ]
    await lose(site)
    await asyncio.gather(*(record(provider, *lessons(1, start=2)) for _ in range(3)))
    await record(provider, *lessons(1, start=3))
    assert len(await told(doctor)) == 2
    await lose(site)
    again = await threshold(doctor, "COURSE_PERCENT", 5, courseId=course(5))
    assert (again["threshold"]["id"], again["threshold"]["reachedAt"]) == (first["threshold"]["id"], None)
    await record(provider, *lessons(1, start=4))
    assert len(await told(doctor)) == 3


async def lose(site: Site) -> None:
    """As a course does that has grown: what was done is a smaller part of it."""
    async with site.ports.database.transaction(Author("test", "")) as work:
        shrunk = update(CourseProgress).where(
            col(CourseProgress.element_id) == demo_id("element", demo_id("account", 1), 5)
        )
        await work.session.execute(shrunk.values(percent=1.0))


async def test_3_4_18_a_course_taken_up_again_tells_again_and_the_removed_is_forgotten(
    doctor: Api, provider: Api, site: Site
) -> None:
    await threshold(doctor, "COURSE_PERCENT", 5, courseId=course(5))
    await record(provider, *lessons(2))
    await remove(doctor, education(1, 5), (await preview(doctor, education(1, 5)))["confirmationToken"])
    own = [one for one in await thresholds(doctor) if one["source"] == "USER"]
    assert [one["reachedAt"] for one in own] == [None]


@pytest.mark.parametrize(
    ("metric", "value", "more", "path"),
    [
        ("COURSE_PERCENT", 0, {}, "value"),
        ("COURSE_PERCENT", -1, {}, "value"),
        ("COURSE_PERCENT", 100.5, {}, "value"),
        ("CREDITS_TOTAL", 1e300, {}, "value"),
        ("CREDITS_TOTAL", 1000, {"courseId": course(0)}, "courseId"),
        ("COURSE_PERCENT", 50, {"courseId": course(20)}, "courseId"),
        ("COURSE_PERCENT", 50, {"courseId": "x"}, "courseId"),
    ],
)
async def test_3_4_18_a_wrong_threshold_is_refused_with_its_place(
    doctor: Api, metric: str, value: float, more: Json, path: str
) -> None:
    (error,) = codes(await threshold(doctor, metric, value, **more))
    assert error[1] == [path]
    assert len(await thresholds(doctor)) == 1


async def test_3_4_18_own_thresholds_are_removed_by_their_owner_alone(api: Api, doctor: Api) -> None:
    key = (await threshold(doctor, "COURSE_PERCENT", 50))["threshold"]["id"]
    assert (await threshold(doctor, "COURSE_PERCENT", 50))["threshold"]["id"] == key
    other = await api.as_demo("demo-2")
    assert key not in {one["id"] for one in await thresholds(other)}
    absent = "threshold_" + "0" * 32
    answers = [(await other.data(REMOVE, id=one))["removeThreshold"] for one in (key, absent)]
    assert answers[0] == answers[1] == {"removedId": None, "errors": [{"code": "NOT_FOUND", "path": ["id"]}]}
    assert (await doctor.data(REMOVE, id=key))["removeThreshold"]["removedId"] == key
    assert codes((await doctor.data(REMOVE, id=key))["removeThreshold"]) == [("NOT_FOUND", ["id"])]


async def test_3_4_18_there_are_so_many_and_no_more(doctor: Api) -> None:
    for value in range(50):
        assert (await threshold(doctor, "COURSE_PERCENT", value + 1))["errors"] == []
    assert codes(await threshold(doctor, "COURSE_PERCENT", 99)) == [("CONFLICT", ["value"])]


@pytest.mark.parametrize("first", [0, -1, 101])
async def test_3_4_18_pages_of_thresholds_have_bounds(doctor: Api, provider: Api, first: int) -> None:
    assert (await doctor.ask(LIST, first=first)).code in {"BAD_PAGE_SIZE", "QUERY_REJECTED"}
    assert (await doctor.ask(LIST, after="zzz")).code == "BAD_CURSOR"
    assert (await provider.ask(COMMON, first=first)).code in {"BAD_PAGE_SIZE", "QUERY_REJECTED"}


async def test_3_4_18_nobody_hears_of_what_was_reached_before_and_nobody_gone_hears(
    doctor: Api, provider: Api, site: Site, clock: SettableClock
) -> None:
    async with site.ports.database.reading() as session:
        loaded = (await session.scalars(select(Notification))).all()
    assert {notice.in_cabinet for notice in loaded} <= {False}
    assert {notice.emailed_at for notice in loaded} <= {None}
    async with site.ports.database.transaction(Author("test", "")) as work:
        gone = update(Account).where(col(Account.slug) == "demo-1").values(state="CLOSED")
        await work.session.execute(gone)
    await common(provider, "COURSE_PERCENT", 1, courseId=course(5))
    clock.advance(timedelta(minutes=1))
    assert (await record(provider, *lessons(2)))["accepted"] == 2
    async with site.ports.database.reading() as session:
        assert len((await session.scalars(select(Notification))).all()) == len(loaded)
