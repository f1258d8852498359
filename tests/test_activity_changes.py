"""What organisers change in their events: who may, what is refused, who is told (3.1-21, 3.1-16)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from models.activities import Activity
from models.clock import SettableClock
from models.organizers import ServiceToken
from resolvers.demo_catalog import demo_id
from tests.api import Api, Json
from tests.test_activities import ENROLL
from web.app import Site

pytestmark = pytest.mark.anyio

UPDATE = """
mutation ($input: UpdateActivityInput!) { updateActivity(input: $input) {
  activity { title startsAt endsAt placesLeft enrollmentOpen cancelledAt } errors { code path }
} }
"""
SHOWN = """
query ($id: ID!) { activity(id: $id) {
  title startsAt statusLabel cancelledAt enrollmentOpen waitingOpen materials { kind url } myEnrollment { state }
} }
"""


def activity(number: int) -> str:
    return f"activity_{demo_id('activity', number).hex}"


@pytest.fixture
async def provider(api: Api) -> Api:
    """The organiser of events 35 and 131; 110 is another's."""
    return await api.as_demo("provider-12")


async def change(provider: Api, number: int, **given: object) -> Json:
    payload: Json = (await provider.data(UPDATE, input={"id": activity(number), **given}))["updateActivity"]
    return payload


async def shown(doctor: Api, number: int) -> Json:
    found: Json = (await doctor.data(SHOWN, id=activity(number)))["activity"]
    return found


async def test_3_1_21_a_new_start_is_shown_and_told_to_those_who_take_part(
    doctor: Api, provider: Api, clock: SettableClock
) -> None:
    await doctor.data(ENROLL, id=activity(131))
    starts = (clock.now() + timedelta(days=40)).replace(hour=7, minute=30)
    moved = await change(
        provider, 131, startsAt=starts.isoformat(), endsAt=(starts + timedelta(hours=2)).isoformat()
    )
    assert moved["errors"] == []
    assert datetime.fromisoformat((await shown(doctor, 131))["startsAt"]) == starts
    letter = await doctor.letter("demo-1@nmo.example", "Мероприятие перенесено")
    assert f"{starts:%d.%m.%Y} в 10:30 по Москве" in letter


async def test_3_1_20_an_event_moved_far_ahead_can_be_enrolled_in_and_one_put_off_stays_open(
    doctor: Api, provider: Api, site: Site, clock: SettableClock
) -> None:
    async with site.ports.database.reading() as session:
        later = clock.now() + timedelta(days=200)  # enrolment begins 80 days from now
        event = update(Activity).where(col(Activity.id) == demo_id("activity", 131))
        times = {"opens_at": later - timedelta(days=120), "closes_at": later - timedelta(hours=1)}
        await session.execute(event.values(starts_at=later, ends_at=later + timedelta(hours=2), **times))
    assert not (await shown(doctor, 131))["enrollmentOpen"]
    for days in (20, 300):
        starts = clock.now() + timedelta(days=days)
        moved = await change(
            provider, 131, startsAt=starts.isoformat(), endsAt=(starts + timedelta(hours=2)).isoformat()
        )
        assert (moved["errors"], moved["activity"]["enrollmentOpen"]) == ([], True)
    assert (await doctor.data(ENROLL, id=activity(131)))["enroll"]["errors"] == []


async def test_3_1_21_a_cancelled_event_takes_nobody_any_more(doctor: Api, provider: Api) -> None:
    await doctor.data(ENROLL, id=activity(131))
    assert (await change(provider, 131, cancel=True))["errors"] == []
    assert (await change(provider, 131, cancel=True))["errors"] == []  # a repeat changes nothing
    found = await shown(doctor, 131)
    assert found["cancelledAt"]
    assert (found["statusLabel"], found["enrollmentOpen"], found["waitingOpen"]) == (
        "запланировано",
        False,
        False,
    )
    await doctor.letter("demo-1@nmo.example", "Мероприятие отменено")
    refused = (await (await doctor.as_demo("demo-2")).data(ENROLL, id=activity(131)))["enroll"]
    assert [error["code"] for error in refused["errors"]] == ["ENROLLMENT_CLOSED"]
    again = await change(provider, 131, places=100)
    assert again["errors"] == [{"code": "CONFLICT", "path": ["id"]}]


async def test_3_1_20_new_places_go_to_those_who_wait(doctor: Api, provider: Api, site: Site) -> None:
    async with site.ports.database.reading() as session:
        full = update(Activity).where(col(Activity.id) == demo_id("activity", 131))
        await session.execute(full.values(places=5, taken=5))
    await doctor.data(ENROLL, id=activity(131))
    assert (await shown(doctor, 131))["myEnrollment"] == {"state": "WAITLISTED"}
    fewer = await change(provider, 131, places=4)
    assert fewer["errors"] == [{"code": "CONFLICT", "path": ["places"]}]
    more = await change(provider, 131, places=7)
    assert more["activity"]["placesLeft"] == 1
    assert (await shown(doctor, 131))["myEnrollment"] == {"state": "ENROLLED"}


async def test_3_1_16_a_recording_opens_to_those_who_took_part_alone(doctor: Api, provider: Api) -> None:
    url = "https://recordings.example/new"
    assert (await change(provider, 35, recordingUrl=url))["errors"] == []
    assert {"kind": "RECORDING", "url": url} in (await shown(doctor, 35))["materials"]
    stranger = await doctor.as_demo("demo-2")
    assert (await shown(stranger, 35))["materials"] == []
    newer = f"{url}/2"
    await change(provider, 35, recordingUrl=newer)
    recordings = [one["url"] for one in (await shown(doctor, 35))["materials"] if one["kind"] == "RECORDING"]
    assert recordings == [newer]


async def test_3_1_21_all_mistakes_are_told_at_once(provider: Api, clock: SettableClock) -> None:
    past = (clock.now() - timedelta(days=1)).isoformat()
    wrong = await change(
        provider, 131, title=" ", startsAt=past, endsAt=past, places=0, recordingUrl="javascript:alert(1)"
    )
    assert [(error["code"], error["path"]) for error in wrong["errors"]] == [
        ("INVALID_FORMAT", ["title"]),
        ("INVALID_FORMAT", ["startsAt"]),
        ("INVALID_FORMAT", ["endsAt"]),
        ("CONFLICT", ["places"]),
        ("INVALID_FORMAT", ["recordingUrl"]),
    ]
    begun = await change(provider, 35, places=100)
    assert begun["errors"] == [{"code": "CONFLICT", "path": ["id"]}]


async def test_3_1_21_only_its_own_events_and_only_with_the_scope(
    api: Api, doctor: Api, provider: Api, site: Site
) -> None:
    for key in (activity(110), "activity_" + "0" * 32, "x"):
        answer = (await provider.data(UPDATE, input={"id": key, "title": "Чужое"}))["updateActivity"]
        assert answer["errors"] == [{"code": "NOT_FOUND", "path": ["id"]}]
    wanted = {"id": activity(131), "title": "Своё"}
    assert (await doctor.ask(UPDATE, input=wanted)).code == "UNAUTHENTICATED"
    async with site.ports.database.reading() as session:
        await session.execute(update(ServiceToken).values(scopes=["RESULTS", "ATTENDANCE", "POLICIES"]))
    assert (await provider.ask(UPDATE, input=wanted)).code == "FORBIDDEN"
