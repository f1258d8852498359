"""The waiting list of a full event through the public API (3.1-20)."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from models.account import Account
from models.activities import Activity
from models.clock import SettableClock
from resolvers.closure import close_due
from resolvers.context import Context
from resolvers.demo_catalog import demo_id
from tests.api import Api, Json
from tests.test_activities import CANCEL, ENROLL
from tests.test_privacy import close_by_consent
from web.app import Site

pytestmark = pytest.mark.anyio

NUMBER = 131
EVENT = f"activity_{demo_id('activity', NUMBER).hex}"
STATE = """
query ($id: ID!) { activity(id: $id) {
  title placesLeft enrollmentOpen waitingOpen myEnrollment { state waitingPlace }
} }
"""
NOTICES = "{ viewer { notifications(first: 5) { edges { node { kind title body subject } } } } }"
LOG = "{ viewer { auditLog(first: 2) { edges { node { action title actor origin } } } auditChainValid } }"


@pytest.fixture
async def doctors(api: Api, site: Site) -> list[Api]:
    """Three doctors with full access, before an event of one place."""
    async with site.ports.database.reading() as session:
        event = update(Activity).where(col(Activity.id) == demo_id("activity", NUMBER))
        await session.execute(event.values(places=1, taken=0))
        fifth = update(Account).where(col(Account.slug) == "demo-5")
        await session.execute(fifth.values(password_temporary_until=None))
    return [await api.as_demo(f"demo-{number}") for number in (1, 2, 5)]


async def enroll(doctor: Api) -> Json:
    payload: Json = (await doctor.data(ENROLL, id=EVENT))["enroll"]
    assert payload["errors"] == []
    return payload


async def cancel(doctor: Api) -> None:
    payload = (await doctor.data(CANCEL, id=EVENT))["cancelEnrollment"]
    assert (payload["errors"], payload["enrollment"]["state"]) == ([], "CANCELLED")


async def stands(doctor: Api) -> tuple[str, int | None]:
    """The state of the doctor's enrolment, and the place on the list."""
    mine = (await doctor.data(STATE, id=EVENT))["activity"]["myEnrollment"]
    return mine["state"], mine["waitingPlace"]


async def test_3_1_20_a_full_event_has_a_waiting_list_and_a_freed_place_goes_to_its_first(
    doctors: list[Api],
) -> None:
    first, second, third = doctors
    assert (await enroll(first))["enrollment"]["state"] == "ENROLLED"
    shown = (await second.data(STATE, id=EVENT))["activity"]
    assert (shown["enrollmentOpen"], shown["waitingOpen"], shown["placesLeft"]) == (False, True, 0)
    for _ in range(2):  # a repeated press changes nothing
        assert (await enroll(second))["enrollment"]["state"] == "WAITLISTED"
    await enroll(third)
    assert [await stands(doctor) for doctor in doctors[1:]] == [("WAITLISTED", 1), ("WAITLISTED", 2)]
    await cancel(first)
    assert [await stands(doctor) for doctor in doctors] == [
        ("CANCELLED", None),
        ("ENROLLED", None),
        ("WAITLISTED", 1),
    ]
    assert (await first.data(STATE, id=EVENT))["activity"]["placesLeft"] == 0
    await enroll(first)
    assert await stands(first) == ("WAITLISTED", 2)


async def test_3_1_20_who_moves_up_is_told_and_never_learns_by_whom(doctors: list[Api]) -> None:
    first, second, _ = doctors
    await enroll(first)
    await enroll(second)
    await cancel(first)
    notice = (await second.data(NOTICES))["viewer"]["notifications"]["edges"][0]["node"]
    title = (await second.data(STATE, id=EVENT))["activity"]["title"]
    assert (notice["kind"], notice["subject"]) == ("ENROLLMENT_CHANGED", EVENT)
    assert title in notice["body"]
    assert title in await second.letter("demo-2@nmo.example", "освободилось место")
    log = (await second.data(LOG))["viewer"]
    assert log["auditChainValid"]
    told = [
        (entry["node"]["action"], entry["node"]["actor"], entry["node"]["origin"])
        for entry in log["auditLog"]["edges"]
    ]
    assert told == [
        ("notifications:notification:created", "waiting list", ""),
        ("activities:enrollment:promoted", "waiting list", ""),
    ]


async def test_3_1_20_leaving_the_list_moves_those_behind_up_until_the_start(
    doctors: list[Api], clock: SettableClock
) -> None:
    _, second, third = doctors
    for doctor in doctors:
        await enroll(doctor)
    await cancel(second)
    assert [await stands(doctor) for doctor in doctors] == [
        ("ENROLLED", None),
        ("CANCELLED", None),
        ("WAITLISTED", 1),
    ]
    clock.advance(timedelta(days=60))
    late = (await (await third.as_demo("demo-5")).data(CANCEL, id=EVENT))["cancelEnrollment"]
    assert [error["code"] for error in late["errors"]] == ["ENROLLMENT_CLOSED"]


@pytest.mark.own_bucket
async def test_3_1_20_an_account_that_closes_leaves_its_place_to_the_next(
    doctors: list[Api], site: Site, clock: SettableClock
) -> None:
    first, second, _ = doctors
    await enroll(first)
    await enroll(second)
    await close_by_consent(first)
    clock.advance(timedelta(days=14, minutes=1))
    assert await close_due(Context(site.ports)) == 1
    assert await stands(await second.as_demo("demo-2")) == ("ENROLLED", None)
