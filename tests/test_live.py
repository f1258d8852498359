"""Live streams over real sockets, from the server that operators run (3.4-17, A24)."""

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from models.activities import Enrollment, EnrollmentState
from models.journal import Fact, account_stream
from resolvers.demo_catalog import demo_id
from resolvers.demo_large import person_id
from storage.database import Author
from tests.api import Api
from tests.conftest import TODAY
from tests.crowd import doctors
from tests.live_site import live_site, site_of
from tests.product import Json, Live, Product, live, serving
from tests.reporting import RECORD, element, lesson, result
from tests.test_query_counts import counting
from web.app import Site
from web.settings import Settings

pytestmark = pytest.mark.anyio

PROGRESS = """
subscription ($after: Cursor) { progress(after: $after) {
  __typename
  ... on ProgressSnapshot { cursor courses { id percent } }
  ... on ProgressDelta { cursor course { id percent version course { title } modules { title completed } } grade { score } }
  ... on Resync { cursor reason }
  ... on Heartbeat { cursor at }
} }
"""

PAGES = 40
ACTIVITIES = """
subscription { activities {
  __typename ... on ActivitiesDelta { cursor activity { title organizer { name } myEnrollment { state } } }
} }
"""


async def record(product: Product, token: str, name: str, place: int) -> None:
    one = result(name, 1, 5, lessonId=lesson(5, place // 6, place % 6 // 3, place % 3))
    answer = await asyncio.to_thread(product.ask, RECORD, token, results=[one])
    assert answer["data"]["recordResults"]["errors"] == []


def refusal(message: Json) -> str:
    """The code of the error that ended an operation; others on the socket go on."""
    assert message["type"] == "error", message
    code: str = message["payload"][0]["extensions"]["code"]
    return code


async def snapshot(connection: Live) -> dict[str, object]:
    found = await connection.event("progress")
    assert found["__typename"] == "ProgressSnapshot"
    return found


async def test_3_4_17_a_result_is_on_an_open_dashboard_within_a_second(product: Product) -> None:
    doctor, provider = product.token("demo-1"), product.token("provider-6")
    async with live(product.url, doctor) as connection:
        await connection.subscribe(PROGRESS)
        await snapshot(connection)
        for place in range(3):
            sent = time.monotonic()
            await record(product, provider, f"r{place}", place)
            async with asyncio.timeout(1):
                delta = await connection.event("progress")
            assert time.monotonic() - sent < 1
            assert delta["__typename"] == "ProgressDelta"
            assert delta["course"]["id"] == element(1, 5)
            assert delta["course"]["modules"][0]["title"] == "Диагностика"


async def test_3_4_17_a_cut_connection_resumes_without_loss_also_after_a_kill(
    settings: Settings, tmp_path: Path
) -> None:
    with serving(settings, tmp_path / "first.log") as product:
        doctor, provider = product.token("demo-1"), product.token("provider-6")
        async with live(product.url, doctor) as connection:
            await connection.subscribe(PROGRESS)
            cursor = (await snapshot(connection))["cursor"]
        await record(product, provider, "while-away", 0)
        product.kill()
    with serving(settings, tmp_path / "second.log") as again:
        await record(again, provider, "after-the-kill", 1)
        async with live(again.url, doctor) as connection:
            await connection.subscribe(PROGRESS, after=cursor)
            deltas = [await connection.event("progress") for _ in range(2)]
    assert [delta["__typename"] for delta in deltas] == ["ProgressDelta"] * 2
    assert int(deltas[0]["cursor"]) < int(deltas[1]["cursor"])


async def test_3_4_17_a_cursor_from_elsewhere_starts_over_and_a_bad_one_has_a_code(product: Product) -> None:
    async with live(product.url, product.token("demo-1")) as connection:
        await connection.subscribe(PROGRESS, after="999999")
        resync = await connection.event("progress")
        assert (resync["__typename"], resync["reason"]) == ("Resync", "UNKNOWN_CURSOR")
        await snapshot(connection)
        await connection.subscribe(PROGRESS, after="not-a-cursor")
        message = await connection.next()
        assert refusal(message) == "BAD_CURSOR"


async def test_1_2_19_a_session_that_ends_closes_its_sockets_within_a_second(product: Product) -> None:
    doctor = product.fresh_token("demo-1")
    async with live(product.url, doctor) as connection:
        await connection.subscribe(PROGRESS)
        await snapshot(connection)
        ended = time.monotonic()
        await asyncio.to_thread(product.ask, "mutation { logout { closed } }", doctor)
        await asyncio.wait_for(connection.socket.wait_closed(), 2)
        assert connection.socket.close_code == 4401
        assert time.monotonic() - ended < 1


async def test_3_4_17_a_stranger_hears_nothing(product: Product) -> None:
    async with live(product.url, None) as connection:
        await connection.subscribe(PROGRESS)
        payload = (await connection.next())["payload"]
        assert payload["data"] is None
        assert payload["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_3_4_17_two_workers_share_what_is_live(settings: Settings, tmp_path: Path) -> None:
    several = settings.model_copy(update={"workers": 2, "data": tmp_path / "data"})
    with serving(several, tmp_path / "server.log") as product:
        doctor, provider = product.token("demo-1"), product.token("provider-6")
        async with AsyncExitStack() as stack:
            connections = [await stack.enter_async_context(live(product.url, doctor)) for _ in range(6)]
            for connection in connections:
                await connection.subscribe(PROGRESS)
                await snapshot(connection)
            await record(product, provider, "everywhere", 0)
            async with asyncio.timeout(2):
                deltas = [await connection.event("progress") for connection in connections]
        assert {delta["course"]["id"] for delta in deltas} == {element(1, 5)}


async def test_3_1_21_a_change_for_forty_open_pages_ends_none_of_them_while_the_database_is_slow(
    settings: Settings,
) -> None:
    """Events wait for their turn: they neither give up nor take the connections that other people need."""
    tokens = await doctors(settings, PAGES)
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(site_of(settings, worker=False))
        url = await stack.enter_async_context(live_site(site))
        pages = [await stack.enter_async_context(live(url, token)) for token in tokens]
        for page in pages:
            await page.subscribe(ACTIVITIES)
            assert (await page.event("activities"))["__typename"] == "ActivitiesSnapshot"
        async with site.ports.database.engine.begin() as slow:
            await slow.execute(text("LOCK TABLE organizer IN ACCESS EXCLUSIVE MODE"))
            await change_for_all(site)
            await asyncio.sleep(3.5)  # longer than anybody waits for a connection
            async with Api.open(site) as api, asyncio.timeout(3):
                assert await (await api.as_demo("demo-1")).data("{ viewer { unreadNotifications } }")
        deltas = [await page.event("activities") for page in pages]
    assert {delta["__typename"] for delta in deltas} == {"ActivitiesDelta"}


async def test_3_1_21_a_change_for_forty_open_pages_is_read_at_once_and_shows_each_their_own(
    settings: Settings,
) -> None:
    tokens = await doctors(settings, PAGES)
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(site_of(settings, worker=False))
        async with site.ports.database.transaction(Author("test", "")) as work:
            work.session.add_all(map(part, range(1, PAGES + 1, 3)))
        url = await stack.enter_async_context(live_site(site))
        pages = [await stack.enter_async_context(live(url, token)) for token in tokens]
        for page in pages:
            await page.subscribe(ACTIVITIES)
            assert (await page.event("activities"))["__typename"] == "ActivitiesSnapshot"
        with counting(site) as statements:
            await change_for_all(site)
            states = [(await page.event("activities"))["activity"]["myEnrollment"] for page in pages]
    assert states == [None if number % 3 else {"state": "CONFIRMED"} for number in range(PAGES)]
    assert len(statements) < PAGES, statements


def part(number: int) -> Enrollment:
    """One person's part in the event that changes for all."""
    return Enrollment(
        id=demo_id("part", number),
        account_id=person_id(number),
        activity_id=demo_id("activity", 110),
        state=EnrollmentState.CONFIRMED,
        created_at=TODAY,
        updated_at=TODAY,
    )


async def change_for_all(site: Site) -> None:
    async with site.ports.database.transaction(Author("test", "")) as work:
        for number in range(1, PAGES + 1):
            stream = account_stream(person_id(number))
            work.record(Fact(stream, "activities:enrollment:enrolled", demo_id("activity", 110)))
