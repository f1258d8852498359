"""Exports too long for one request: a job, its live progress, its limits (3.1-18, 3.1-19, A23)."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from models.clock import SettableClock
from models.exports import AT_ONCE, ExportJob
from resolvers.context import Context
from resolvers.export_making import expire_exports, make_export
from tests.api import Api, Json
from tests.exporting import EXPORTS, ask, csv_rows, file_of, pdf_pages
from tests.live_site import live_site
from tests.product import Live, live
from web.app import Site
from web.settings import Settings

pytestmark = pytest.mark.anyio
EVENTS = 2_500
MANY = text("""
    INSERT INTO activity (id, organizer_id, title, title_sort, type, starts_at, ends_at, credits, taken, opens_at,
                          closes_at, specialties)
    SELECT gen_random_uuid(), organizer_id, 'Событие ' || n, 'событие ' || n, type, starts_at, ends_at, credits, 0,
           opens_at, closes_at, '[]'
    FROM generate_series(1, :count) AS n, (SELECT * FROM activity ORDER BY id LIMIT 1) AS sample
""")
FOLLOW = """
subscription ($id: ID!, $after: Cursor) { exportJob(id: $id, after: $after) {
  __typename ... on ExportEvent { cursor job { state failure rows rowsDone downloadUrl } }
} }
"""
OURS = {"search": "Событие"}


async def fill(site: Site) -> None:
    async with site.ports.database.reading() as session:
        await session.execute(MANY, {"count": EVENTS})


@pytest.fixture
async def doctor(api: Api) -> Api:
    await fill(api.site)
    return await api.as_demo("demo-1")


async def events(connection: Live, job: Json, after: str | None = None) -> list[Json]:
    """What the subscription says until it ends."""
    await connection.subscribe(FOLLOW, id=job["id"], after=after)
    told = list[Json]()
    while (message := await connection.next())["type"] == "next":
        told.append(message["payload"]["data"]["exportJob"])
    assert message["type"] == "complete", message
    return told


async def test_3_1_18_a_long_list_is_a_job_followed_to_its_end(doctor: Api, site: Site) -> None:
    job = (await ask(doctor, "ACTIVITIES", "CSV"))["job"]
    assert job["rows"] == EVENTS + 200 > AT_ONCE
    assert (job["state"], job["downloadUrl"]) == ("QUEUED", None)
    async with live_site(site) as url, live(url, doctor.token) as connection:
        told = await asyncio.wait_for(events(connection, job), 60)
        last = told[-1]
        assert [each["job"]["rowsDone"] for each in told] == sorted(each["job"]["rowsDone"] for each in told)
        assert any(0 < each["job"]["rowsDone"] < job["rows"] for each in told), "progress is seen on the way"
        assert (last["job"]["state"], last["job"]["rowsDone"]) == ("READY", job["rows"])
        assert await events(connection, job, after=last["cursor"]) == []
        assert await events(connection, job) == [last]
    _, *lines = csv_rows((await file_of(last["job"])).content)
    assert len({line[0] for line in lines if line[0].startswith("Событие ")}) == EVENTS
    assert len(lines) == job["rows"]


async def test_3_1_18_the_order_of_a_long_file_is_that_of_the_list(doctor: Api) -> None:
    question = {"activitySort": [{"field": "TITLE", "descending": True}]}
    _, *lines = csv_rows(await waited(doctor, await ask(doctor, "ACTIVITIES", "CSV", **question)))
    ours = [line[0] for line in lines if line[0].startswith("Событие ")]
    assert ours == sorted((f"Событие {n}" for n in range(1, EVENTS + 1)), reverse=True)


async def test_3_1_19_a_long_pdf_is_printed_part_by_part(doctor: Api) -> None:
    question = {"activityFilter": OURS, "activitySort": [{"field": "TITLE", "descending": True}]}
    content = await waited(doctor, await ask(doctor, "ACTIVITIES", "PDF", **question))
    pages = pdf_pages(content)
    found = re.findall(r"Событие\s+(\d+)", " ".join(pages))
    assert found == sorted(map(str, range(1, EVENTS + 1)), reverse=True)
    assert all(f"Страница {number} из {len(pages)}" in page for number, page in enumerate(pages, start=1))


async def waited(doctor: Api, payload: Json) -> bytes:
    assert payload["errors"] == []
    while True:
        newest = (await doctor.data(EXPORTS))["viewer"]["exports"][0]
        if newest["state"] == "READY":
            return (await file_of(newest)).content
        assert newest["state"] in ("QUEUED", "RUNNING")
        await asyncio.sleep(0.1)


async def test_3_1_18_another_persons_export_cannot_be_followed(doctor: Api, site: Site) -> None:
    job = (await ask(doctor, "PROGRESS", "CSV"))["job"]
    other = await doctor.as_demo("demo-2")
    async with live_site(site) as url, live(url, other.token) as connection:
        for key in (job["id"], "exportJob_" + "0" * 32):
            await connection.subscribe(FOLLOW, id=key)
            message = await connection.next()
            errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
            assert errors[0]["extensions"]["code"] == "NOT_FOUND"
            if message["type"] == "next":
                assert (await connection.next())["type"] == "complete"


@pytest.fixture
async def idle(settings: Settings, clock: SettableClock) -> AsyncIterator[Api]:
    """The product without a worker: what is asked for waits."""
    site = Site(settings, clock=clock, worker=False)
    async with site.starlette.router.lifespan_context(site.starlette), Api.open(site) as api:
        await fill(site)
        yield await api.as_demo("demo-1")


async def test_3_1_18_a_person_has_few_exports_under_way_and_an_old_one_is_given_up(
    idle: Api, clock: SettableClock
) -> None:
    for form in ("CSV", "PDF"):
        assert (await ask(idle, "ACTIVITIES", form, activityFilter=OURS))["job"]["state"] == "QUEUED"
    assert (await ask(idle, "ACTIVITIES", "CSV"))["job"]["state"] == "QUEUED"
    refused = await ask(idle, "ACTIVITIES", "PDF")
    assert (refused["job"], [error["code"] for error in refused["errors"]]) == (None, ["RATE_LIMITED"])
    clock.advance(timedelta(hours=1))
    await expire_exports(Context(idle.site.ports))
    idle = await idle.as_demo("demo-1")
    assert {job["state"] for job in (await idle.data(EXPORTS))["viewer"]["exports"]} == {"FAILED"}
    assert (await ask(idle, "ACTIVITIES", "PDF"))["errors"] == []


async def test_3_1_18_a_file_that_is_being_made_is_not_asked_for_twice(
    idle: Api, clock: SettableClock
) -> None:
    first = (await ask(idle, "ACTIVITIES", "CSV"))["job"]
    clock.advance(timedelta(seconds=29))
    assert (await ask(idle, "ACTIVITIES", "CSV"))["job"]["id"] == first["id"]
    clock.advance(timedelta(seconds=1))
    assert (await ask(idle, "ACTIVITIES", "CSV"))["job"]["id"] != first["id"]


async def test_3_1_18_a_job_done_twice_makes_one_file_and_one_entry_of_the_log(idle: Api) -> None:
    await ask(idle, "ACTIVITIES", "CSV", activityFilter=OURS)
    context = Context(idle.site.ports)
    async with context.database.reading() as session:
        key = (await session.scalars(select(col(ExportJob.id)))).one()
    await asyncio.gather(*(make_export(context, export_id=str(key)) for _ in range(2)))
    (job,) = (await idle.data(EXPORTS))["viewer"]["exports"]
    assert len(csv_rows((await file_of(job)).content)) == EVENTS + 1
    log = await idle.data(
        '{ viewer { auditLog(first: 9, actionPrefix: "exports:job:ready") { totalCount } } }'
    )
    assert log["viewer"]["auditLog"]["totalCount"] == 1


async def test_3_1_19_a_list_too_long_for_paper_is_refused_with_advice(idle: Api) -> None:
    await fill(idle.site)
    refused = await ask(idle, "ACTIVITIES", "PDF")
    assert refused["errors"][0]["path"] == ["format"]
    assert "выберите CSV" in refused["errors"][0]["message"]
