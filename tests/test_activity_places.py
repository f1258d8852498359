"""Places of an event in the open lists of others, over real sockets (3.1-20, 3.1-21, A24)."""

import asyncio
from time import monotonic
from uuid import UUID

import psycopg
import pytest

from models.activities import Activity
from resolvers.activity_places import AT_ONCE, tell_places
from resolvers.context import Context
from resolvers.demo_catalog import demo_id
from tests.api import Api, Json
from tests.crowd import doctors
from tests.live_site import site_of
from tests.product import Live, Product, live
from tests.test_activities import CANCEL, ENROLL
from tests.test_query_counts import counting
from web.app import Site
from web.settings import Settings

pytestmark = pytest.mark.anyio

WATCH = """
subscription ($after: Cursor) { activities(after: $after) {
  __typename
  ... on ActivitiesSnapshot { cursor }
  ... on ActivitiesDelta { cursor activity { id placesLeft myEnrollment { state waitingPlace } } }
  ... on Resync { cursor }
} }
"""
PEOPLE = 40
MOVED = "SELECT count(*) FROM event WHERE stream = 'activities' AND subject = %s"
PERSONAL = "SELECT count(*) FROM event WHERE stream LIKE 'account:%%' AND subject = %s"

FILL_THE_LIST = """
INSERT INTO enrollment (id, account_id, activity_id, state, waiting_place, created_at, updated_at)
SELECT gen_random_uuid(), id, %s, 'WAITLISTED', row_number() OVER (), now(), now()
FROM account WHERE slug LIKE 'load-%%' LIMIT %s
"""


def name_of(number: int) -> str:
    return f"activity_{demo_id('activity', number).hex}"


def count(product: Product, query: str, key: UUID) -> int:
    with psycopg.connect(product.settings.database_url or "") as connection:
        row = connection.execute(query.encode(), (key,)).fetchone()
        assert row
        found: int = row[0]
        return found


def resize(product: Product, number: int, places: int) -> None:
    with psycopg.connect(product.settings.database_url or "") as connection:
        size = "UPDATE activity SET places = %s, taken = 0 WHERE id = %s"
        connection.execute(size, (places, demo_id("activity", number)))


async def shown(connection: Live, wanted: Json) -> None:
    """Until the event looks so in this list; no longer than a second."""
    seen: list[Json] = []
    try:
        async with asyncio.timeout(1):
            while not seen or seen[-1] != wanted:
                event = await connection.event("activities")
                if event["__typename"] == "ActivitiesDelta":
                    seen.append({name: event["activity"][name] for name in wanted})
    except TimeoutError as error:
        raise AssertionError((wanted, seen)) from error


async def test_3_1_21_places_and_waiting_places_move_in_the_open_lists_of_others(product: Product) -> None:
    resize(product, 131, 1)
    tokens = await doctors(product.settings, PEOPLE)

    async def press(document: str, token: str) -> None:
        answer = await asyncio.to_thread(product.ask, document, token, id=name_of(131))
        assert "errors" not in answer, answer

    connections = [live(product.url, token) for token in tokens[:3]]
    async with connections[0] as first, connections[1] as second, connections[2] as third:
        for connection in (first, second, third):
            await connection.subscribe(WATCH)
            await connection.event("activities")
        await press(ENROLL, tokens[0])
        await shown(second, {"placesLeft": 0, "myEnrollment": None})
        for token in tokens[1:3]:
            await press(ENROLL, token)
        await shown(third, {"myEnrollment": {"state": "WAITLISTED", "waitingPlace": 2}})
        personal = count(product, PERSONAL, demo_id("activity", 131))
        await press(CANCEL, tokens[0])
        await shown(second, {"placesLeft": 0, "myEnrollment": {"state": "ENROLLED", "waitingPlace": None}})
        await shown(third, {"placesLeft": 0, "myEnrollment": {"state": "WAITLISTED", "waitingPlace": 1}})
        await shown(first, {"placesLeft": 0, "myEnrollment": {"state": "CANCELLED", "waitingPlace": None}})
        # The cancellation and the promotion; whoever only moved up has no event of their own.
        assert count(product, PERSONAL, demo_id("activity", 131)) == personal + 2
        await press(CANCEL, tokens[2])
        await press(CANCEL, tokens[1])
        await shown(first, {"placesLeft": 1})


async def test_3_1_21_a_rush_is_told_in_a_few_events_and_a_late_reader_gets_the_last_alone(
    product: Product,
) -> None:
    resize(product, 132, 100)
    key, tokens = demo_id("activity", 132), await doctors(product.settings, PEOPLE)
    async with live(product.url, tokens[0]) as watcher:
        await watcher.subscribe(WATCH)
        cursor = (await watcher.event("activities"))["cursor"]
        started = monotonic()
        presses = (asyncio.to_thread(product.ask, ENROLL, token, id=name_of(132)) for token in tokens[1:])
        await asyncio.gather(*presses)
        seconds = monotonic() - started
        await shown(watcher, {"placesLeft": 61})
        events = count(product, MOVED, key)
    assert 1 <= events <= seconds / 0.25 + 2
    async with live(product.url, tokens[0]) as late:
        await late.subscribe(WATCH, after=cursor)
        missed = await late.event("activities")
        assert (missed["activity"]["id"], missed["activity"]["placesLeft"]) == (name_of(132), 61)
        resize(product, 132, 100)
        await asyncio.to_thread(product.ask, ENROLL, tokens[0], id=name_of(132))
        assert (await late.event("activities"))["activity"]["placesLeft"] == 99


async def test_3_1_20_an_enrolment_costs_the_same_statements_whoever_waits(settings: Settings) -> None:
    key, costs = demo_id("activity", 131), list[tuple[int, int]]()
    await doctors(settings, 150)
    # Without the worker, whose statements would be counted too.
    async with site_of(settings, worker=False) as site, Api.open(site) as anybody:
        doctor = await anybody.as_demo("demo-1")
        for waiters in (0, 150):
            with psycopg.connect(settings.database_url or "") as connection:
                reset = "UPDATE activity SET places = 1, taken = 1, places_changed = false WHERE id = %s"
                connection.execute(reset, (key,))
                connection.execute(FILL_THE_LIST.encode(), (key, waiters))
            with counting(site) as joining:
                await doctor.data(ENROLL, id=name_of(131))
            with counting(site) as leaving:
                await doctor.data(CANCEL, id=name_of(131))
            costs.append((len(joining), len(leaving)))
    assert costs[0] == costs[1]


async def test_3_1_21_what_was_not_told_before_an_end_is_told_after_it(api: Api, site: Site) -> None:
    context = Context(site.ports)
    async with context.database.transaction(context.author) as work:
        for number in range(AT_ONCE + 1):
            (await work.session.get_one(Activity, demo_id("activity", number))).places_changed = True
    for _ in range(2):
        await tell_places(context)
    async with context.database.reading() as session:
        left = [
            number
            for number in range(AT_ONCE + 1)
            if (await session.get_one(Activity, demo_id("activity", number))).places_changed
        ]
    assert left == []
