"""Applications through the public API: the list and its filter, cancelling (1.1-15, 1.1-16, 1.1.2-9)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models.clock import SettableClock
from storage.database import Author
from tests.api import Api, Json
from tests.recovering import ADDRESS, Forgetful
from tests.registering import FORM, Newcomer, codes, wrong
from web.app import Site

pytestmark = pytest.mark.anyio
LIST = """query ($filter: ApplicationFilter) { viewer { applications(filter: $filter) { totalCount edges { node {
    id kind status statusLabel cancellable reasons history { status comment } } } } } }"""
CANCEL = """mutation ($id: ID!) { cancelApplication(id: $id) {
    application { status cancellable history { status comment } } errors { code path } } }"""
ASK = """mutation { contactSupport(input: {contact: "79161234501", message: "Не вижу курс"}) {
    number errors { code } } }"""


async def listed(caller: Api, **wanted: Any) -> list[Json]:
    found = (await caller.data(LIST, filter=wanted or None))["viewer"]["applications"]
    nodes = [edge["node"] for edge in found["edges"]]
    assert found["totalCount"] == len(nodes)
    return nodes


async def cancel(caller: Api, key: str) -> Json:
    answer: Json = (await caller.data(CANCEL, id=key))["cancelApplication"]
    return answer


async def test_1_1_15_a_request_to_support_can_be_taken_back(api: Api, clock: SettableClock) -> None:
    doctor, stranger = await api.as_demo("demo-1"), await api.as_demo("demo-2")
    assert (await doctor.data(ASK))["contactSupport"]["errors"] == []
    (mine,) = await listed(doctor, kinds=["SUPPORT"])
    assert (mine["status"], mine["cancellable"]) == ("NEW", True)
    assert codes(await cancel(stranger, mine["id"])) == [("NOT_FOUND", ["id"])]
    clock.advance(timedelta(minutes=1))
    done = await cancel(doctor, mine["id"])
    assert done["application"] == {
        "status": "CANCELLED",
        "cancellable": False,
        "history": [
            {"status": "NEW", "comment": None},
            {"status": "CANCELLED", "comment": "Отменена заявителем"},
        ],
    }
    assert codes(await cancel(doctor, mine["id"])) == [("CONFLICT", ["id"])]


async def test_1_1_15_a_recovery_that_is_taken_back_leads_nowhere(api: Api) -> None:
    doctor, person = await api.as_demo("demo-1"), Forgetful(api)
    flow = await person.begin()
    code = await api.code(ADDRESS)
    (mine,) = await listed(doctor, kinds=["PASSWORD_RECOVERY"])
    assert mine["id"] == flow.replace("flow_", "application_")
    assert (await cancel(doctor, mine["id"]))["errors"] == []
    assert codes(await person.confirm(flow, code)) == [("CODE_EXPIRED", ["code"])]


async def test_1_1_15_a_recovery_taken_back_while_its_last_try_is_looked_at_waits_for_it(
    api: Api, site: Site
) -> None:
    """No two may wait for each other."""
    doctor, person = await api.as_demo("demo-1"), Forgetful(api)
    flow = await person.begin()
    code = wrong(await api.code(ADDRESS))
    for _ in range(4):
        await person.confirm(flow, code)
    async with site.ports.database.transaction(Author("test", "")) as work:
        # the try has its flow, and can go no further
        await work.session.execute(text("SELECT FROM proof FOR UPDATE"))
        tried = asyncio.ensure_future(person.confirm(flow, code))
        await asyncio.sleep(0.5)
        taken_back = asyncio.ensure_future(cancel(doctor, flow.replace("flow_", "application_")))
        await asyncio.sleep(0.5)
    assert codes(await tried) == [("CODE_WRONG", ["code"])]
    assert codes(await taken_back) == [("CONFLICT", ["id"])]


async def test_1_1_16_the_filter_narrows_by_kind_and_by_status(api: Api) -> None:
    doctor = await api.as_demo("demo-1")
    await doctor.data(ASK)
    await doctor.data(ASK)
    await Forgetful(api).begin()
    first, second = await listed(doctor, kinds=["SUPPORT"])
    await cancel(doctor, first["id"])
    everything = await listed(doctor)
    assert [each["id"] for each in await listed(doctor, statuses=["CANCELLED"])] == [first["id"]]
    assert [each["id"] for each in await listed(doctor, kinds=["SUPPORT"], statuses=["NEW"])] == [
        second["id"]
    ]
    assert await listed(doctor, kinds=[]) == []
    kinds = {each["kind"] for each in everything}
    assert {"SUPPORT", "PASSWORD_RECOVERY"} <= kinds


async def test_1_1_2_9_applications_are_looked_at_once_a_contact_is_confirmed(api: Api) -> None:
    person = Newcomer(api)
    flow = await person.begin()
    assert (await api.ask(LIST)).code == "UNAUTHENTICATED"
    await person.by_token(await person.token())
    caller = await person.signed_in(FORM["email"])
    (mine,) = await listed(caller)
    assert mine["id"] == flow.replace("flow_", "application_")
