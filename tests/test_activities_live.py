"""Live lists of events and of education over a real socket (3.1-21, 3.2-6, 3.2-10, A24)."""

import asyncio

import pytest

from resolvers.demo_catalog import demo_id
from tests.product import Product, live
from tests.test_activities import CANCEL, ENROLL
from tests.test_elements import ADD, course
from tests.test_live import PROGRESS
from tests.test_removal import PREVIEW, REMOVE

pytestmark = pytest.mark.anyio

ACTIVITIES = """
subscription ($after: Cursor) { activities(after: $after) {
  __typename
  ... on ActivitiesSnapshot { cursor activities { id statusLabel myEnrollment { state } } }
  ... on ActivitiesDelta { cursor activity { id placesLeft myEnrollment { state } } }
} }
"""
EDUCATION = """
subscription { education {
  __typename
  ... on EducationSnapshot { cursor elements { id course { title } } }
  ... on EducationDelta { cursor removedId element { id materials { url } progress { percent } } }
} }
"""


async def test_3_1_21_a_change_reaches_an_open_list_within_a_second_and_resumes(product: Product) -> None:
    doctor, activity = product.token("demo-1"), f"activity_{demo_id('activity', 115).hex}"
    async with live(product.url, doctor) as connection:
        await connection.subscribe(ACTIVITIES)
        snapshot = await connection.event("activities")
        assert len(snapshot["activities"]) == 25
        await asyncio.to_thread(product.ask, ENROLL, doctor, id=activity)
        async with asyncio.timeout(1):
            delta = await connection.event("activities")
    assert (delta["activity"]["id"], delta["activity"]["myEnrollment"]) == (activity, {"state": "ENROLLED"})
    await asyncio.to_thread(product.ask, CANCEL, doctor, id=activity)
    async with live(product.url, doctor) as connection:
        await connection.subscribe(ACTIVITIES, after=delta["cursor"])
        missed = await connection.event("activities")
    assert missed["__typename"] == "ActivitiesDelta"
    assert missed["activity"]["myEnrollment"] == {"state": "CANCELLED"}


async def test_3_2_6_and_3_2_10_what_is_added_and_removed_is_seen_live(product: Product) -> None:
    doctor = product.token("demo-2")
    async with live(product.url, doctor) as connection:
        await connection.subscribe(EDUCATION)
        assert len((await connection.event("education"))["elements"]) == 4
        await asyncio.to_thread(product.ask, ADD, doctor, ids=[course(20)])
        async with asyncio.timeout(1):
            added = await connection.event("education")
        assert added["removedId"] is None
        assert added["element"]["progress"] == {"percent": 0.0}
        key = added["element"]["id"]
        asked = await asyncio.to_thread(product.ask, PREVIEW, doctor, id=key)
        token = asked["data"]["viewer"]["removalPreview"]["confirmationToken"]
        agreed = REMOVE.replace("$token", "$agreed")
        await asyncio.to_thread(product.ask, agreed, doctor, id=key, agreed=token)
        async with asyncio.timeout(1):
            removed = await connection.event("education")
        assert (removed["removedId"], removed["element"]) == (key, None)


async def test_3_4_17_a_course_added_and_removed_is_seen_on_the_open_tab(product: Product) -> None:
    doctor = product.token("demo-2")
    asked_with_id = PROGRESS.replace("ProgressDelta { cursor", "ProgressDelta { cursor id")
    async with live(product.url, doctor) as connection:
        await connection.subscribe(asked_with_id)
        await connection.event("progress")
        await asyncio.to_thread(product.ask, ADD, doctor, ids=[course(21)])
        async with asyncio.timeout(1):
            added = await connection.event("progress")
        assert added["course"]["percent"] == 0.0
        key = added["id"].replace("element", "education")
        asked = await asyncio.to_thread(product.ask, PREVIEW, doctor, id=key)
        token = asked["data"]["viewer"]["removalPreview"]["confirmationToken"]
        agreed = REMOVE.replace("$token", "$agreed")
        await asyncio.to_thread(product.ask, agreed, doctor, id=key, agreed=token)
        async with asyncio.timeout(1):
            removed = await connection.event("progress")
        assert (removed["id"], removed["course"]) == (added["id"], None)
