"""An export that cannot be made says so at once; who asks again gets it when the reason is gone (3.1-18, A23)."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from functools import partial
from hashlib import sha256

import pytest

from models.clock import SettableClock
from models.objects import ObjectMissing
from resolvers.context import Context
from resolvers.data_export import expire_exports
from tests.api import Api, Json, once
from tests.exporting import ask, csv_rows, file_of
from tests.live_site import live_site
from tests.product import live
from tests.test_data_export import EXPORTS, REQUEST, ready
from tests.test_exports_long import events, fill
from web.app import Site
from web.settings import Settings

pytestmark = [pytest.mark.anyio, pytest.mark.own_bucket]
MADE = "{ viewer { exports(first: 1) { state failure downloadUrl } } }"
NOTICES = "{ viewer { notifications(first: 1) { edges { node { title } } } } }"
FAILED_COPY = "Копию данных собрать не удалось"


async def lose_the_bucket(site: Site) -> None:
    """As an operator who cleans up in the wrong place."""
    client = vars(site.ports.objects)["_client"]
    await asyncio.to_thread(client.delete_bucket, Bucket=site.settings.s3_bucket)


async def bring_the_bucket_back(site: Site) -> None:
    """An object server may remember for a moment that there was none."""
    await site.ports.objects.ensure_bucket()
    await once(partial(takes, site), bool)


async def takes(site: Site) -> bool:
    with suppress(ObjectMissing):
        await site.ports.objects.put("here", b"1", "text/plain", sha256(b"1").hexdigest())
        return True
    return False


async def last(doctor: Api) -> Json:
    job: Json = (await doctor.data(MADE))["viewer"]["exports"][0]
    return job


async def test_3_1_18_a_long_export_that_fails_is_seen_to_fail_live(doctor: Api, site: Site) -> None:
    await fill(site)
    await lose_the_bucket(site)
    job = (await ask(doctor, "ACTIVITIES", "CSV"))["job"]
    async with live_site(site) as url, live(url, doctor.token) as connection:
        told = await asyncio.wait_for(events(connection, job), 20)
    end = told[-1]["job"]
    assert (end["state"], end["failure"], end["downloadUrl"]) == ("FAILED", "NOT_MADE", None)
    await bring_the_bucket_back(site)
    again = (await ask(doctor, "ACTIVITIES", "CSV"))["job"]
    assert again["id"] != job["id"]
    async with live_site(site) as url, live(url, doctor.token) as connection:
        end = (await asyncio.wait_for(events(connection, again), 30))[-1]["job"]
    assert (end["state"], end["failure"]) == ("READY", None)


async def test_3_1_18_a_short_export_that_fails_is_answered_as_failed(doctor: Api, site: Site) -> None:
    await lose_the_bucket(site)
    payload = await ask(doctor, "PROGRESS", "CSV")
    assert (payload["errors"], payload["job"]["state"]) == ([], "FAILED")
    assert await last(doctor) == {"state": "FAILED", "failure": "NOT_MADE", "downloadUrl": None}
    await bring_the_bucket_back(site)
    assert csv_rows((await file_of((await ask(doctor, "PROGRESS", "CSV"))["job"])).content)


async def copy_state(doctor: Api) -> str:
    state: str = (await doctor.data(EXPORTS))["viewer"]["dataExports"][0]["state"]
    return state


async def test_p05_a_copy_that_cannot_be_made_is_told_of_and_can_be_asked_for_again(
    doctor: Api, site: Site
) -> None:
    await lose_the_bucket(site)
    await doctor.data(REQUEST)
    await once(lambda: copy_state(doctor), lambda state: state == "FAILED")
    (edge,) = (await doctor.data(NOTICES))["viewer"]["notifications"]["edges"]
    assert edge["node"]["title"] == FAILED_COPY
    await bring_the_bucket_back(site)
    await ready(doctor)


async def test_p05_a_copy_that_nobody_could_make_for_an_hour_is_given_up(
    settings: Settings, clock: SettableClock
) -> None:
    idle = Site(settings, clock=clock, worker=False)
    async with idle.starlette.router.lifespan_context(idle.starlette), Api.open(idle) as api:
        doctor = await api.as_demo("demo-1")
        await doctor.data(REQUEST)
        clock.advance(timedelta(minutes=59))
        await expire_exports(Context(idle.ports))
        doctor = await api.as_demo("demo-1")
        assert await copy_state(doctor) == "QUEUED"
        clock.advance(timedelta(minutes=2))
        await expire_exports(Context(idle.ports))
        doctor = await api.as_demo("demo-1")
        assert await copy_state(doctor) == "FAILED"
