"""Live lists of events and of education over a real socket (3.1-21, 3.2-6, 3.2-10, A24)."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from resolvers.demo_catalog import demo_id
from tests.product import Live, Product, live
from tests.test_activities import CANCEL, ENROLL
from tests.test_activity_changes import UPDATE
from tests.test_activity_changes import activity as event
from tests.test_elements import ADD, course
from tests.test_live import PROGRESS
from tests.test_removal import PREVIEW, REMOVE
from tests.test_restrictions import LIFT, SET

pytestmark = pytest.mark.anyio

ACTIVITIES = """
subscription ($after: Cursor) { activities(after: $after) {
  __typename
  ... on ActivitiesSnapshot { cursor activities { id statusLabel myEnrollment { state } } }
  ... on ActivitiesDelta { cursor activity { id title placesLeft myEnrollment { state } } }
  ... on Resync { cursor reason }
} }
"""
EDUCATION = """
subscription { education {
  __typename
  ... on EducationSnapshot { cursor elements { id course { title } } }
  ... on EducationDelta { cursor removedId element { id materials { url } progress { percent } } }
} }
"""
RESTRICTED = """
subscription ($after: Cursor) { education(after: $after) {
  __typename ... on EducationSnapshot { cursor elements { removable restriction course { id } } }
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


async def test_3_2_16_a_restriction_set_or_lifted_reaches_the_open_list_of_whom_it_concerns(
    product: Product,
) -> None:
    doctor, institution = product.token("demo-2"), product.token("provider-1")

    async def restrict(number: int) -> str:
        given = {"action": "REMOVE", "reason": "Идёт аттестация", "courseId": course(number)}
        made = await asyncio.to_thread(product.ask, SET, institution, input=given)
        key: str = made["data"]["setRestriction"]["restriction"]["id"]
        return key

    async with live(product.url, doctor) as connection:
        await connection.subscribe(RESTRICTED)
        snapshot = await connection.event("education")
        assert [each["removable"] for each in snapshot["elements"]] == [True] * 4
        await restrict(24)  # taken up by nobody: the next event is about the other one
        key = await restrict(0)
        async with asyncio.timeout(1):
            told = await connection.event("education")
        assert {each["course"]["id"]: each["restriction"] for each in told["elements"]} == {
            course(number): "Идёт аттестация" if number == 0 else None for number in range(4)
        }
    await asyncio.to_thread(product.ask, LIFT, institution, id=key)
    async with live(product.url, doctor) as connection:
        await connection.subscribe(RESTRICTED, after=told["cursor"])
        missed = await connection.event("education")
    assert [each["removable"] for each in missed["elements"]] == [True] * 4


async def test_3_2_16_a_restriction_that_begins_and_ends_by_the_clock_reaches_the_open_list(
    product: Product,
) -> None:
    doctor, institution = product.token("demo-2"), product.token("provider-2")
    starts = datetime.now(UTC) + timedelta(seconds=2)
    period = {"startsAt": starts.isoformat(), "endsAt": (starts + timedelta(seconds=8)).isoformat()}
    given = {"action": "REMOVE", "reason": "Идёт аттестация", "courseId": course(1), **period}

    async def removable(connection: Live) -> list[bool]:
        """Of the next snapshot; that the restriction was set brings one too."""
        return [each["removable"] for each in (await connection.event("education"))["elements"]]

    async with live(product.url, doctor) as connection:
        await connection.subscribe(RESTRICTED)
        assert await removable(connection) == [True] * 4
        made = await asyncio.to_thread(product.ask, SET, institution, input=given)
        assert made["data"]["setRestriction"]["errors"] == []
        async with asyncio.timeout(20):
            told = [await removable(connection) for _ in range(3)]
    assert [all(each) for each in told] == [True, False, True]


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


async def test_3_1_21_what_an_organizer_changes_is_in_every_open_list_within_a_second_and_resumes(
    product: Product,
) -> None:
    doctor, provider, other = (product.token(name) for name in ("demo-1", "provider-12", "demo-2"))

    async def rename(title: str) -> None:
        wanted = {"id": event(131), "title": title}
        answer = await asyncio.to_thread(product.ask, UPDATE, provider, input=wanted)
        assert answer["data"]["updateActivity"]["errors"] == []

    async with live(product.url, doctor) as first, live(product.url, other) as second:
        for connection in (first, second):
            await connection.subscribe(ACTIVITIES)
            await connection.event("activities")
        await rename("Новое название")
        async with asyncio.timeout(1):
            seen = [await connection.event("activities") for connection in (first, second)]
    assert [(one["activity"]["id"], one["activity"]["title"]) for one in seen] == [
        (event(131), "Новое название")
    ] * 2
    # While away: a change of the event, then of one's own part; nothing of either stream is lost or doubled.
    await rename("Ещё новее")
    await asyncio.to_thread(product.ask, ENROLL, doctor, id=event(131))
    async with live(product.url, doctor) as connection:
        await connection.subscribe(ACTIVITIES, after=seen[0]["cursor"])
        async with asyncio.timeout(3):
            missed = [await connection.event("activities") for _ in range(2)]
        await rename("Последнее")
        last = await connection.event("activities")
    assert {one["cursor"] for one in missed}.isdisjoint({last["cursor"], seen[0]["cursor"]})
    assert missed[-1]["activity"]["myEnrollment"] == {"state": "ENROLLED"}
    assert last["activity"]["title"] == "Последнее"


async def test_3_1_21_a_cursor_of_two_parts_starts_over_when_either_is_unknown(product: Product) -> None:
    async with live(product.url, product.token("demo-1")) as connection:
        for cursor in ("999999.0", "0.999999"):
            await connection.subscribe(ACTIVITIES, after=cursor)
            resync = await connection.event("activities")
            assert (resync["__typename"], resync["reason"]) == ("Resync", "UNKNOWN_CURSOR")
            assert (await connection.event("activities"))["__typename"] == "ActivitiesSnapshot"
        for cursor in ("1", "1.", ".1", "1.2.3", "١.١", "-1.0"):
            await connection.subscribe(ACTIVITIES, after=cursor)
            while (message := await connection.next())["type"] != "error":
                pass
            assert message["payload"][0]["extensions"]["code"] == "BAD_CURSOR"
