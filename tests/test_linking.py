"""Linking with Gosuslugi through the public API and the sandbox that checks real signatures (2.1)."""

from datetime import timedelta

import pytest

from models.clock import SettableClock
from resolvers.context import Context
from resolvers.linking_sync import sync_due
from tests.api import PASSWORD, Api, Json
from tests.linking import CONSENT, MINE, SYNC, UNLINK, Gosuslugi, codes, mine

pytest_plugins = ("tests.gosuslugi_fixtures",)
pytestmark = pytest.mark.anyio

APPLICATIONS = """{ viewer { applications(filter: {kinds: [GOSUSLUGI_LINK, STATE_SERVICE]}) { edges { node {
  number kind status reasons } } } } }"""
NOTICES = "{ viewer { notifications(first: 20) { edges { node { kind title } } } } }"
SERVICE = """mutation ($code: String!) { requestGovService(code: $code) {
  application { number kind status } url errors { __typename code } } }"""
LOG = '{ viewer { auditLog(first: 20, actionPrefix: "linking:") { edges { node { action title } } } } }'


@pytest.fixture
async def doctor(gosuslugi: Gosuslugi) -> Api:
    return await gosuslugi.api.as_demo("demo-1")


async def applications(person: Api) -> list[Json]:
    edges: list[Json] = (await person.data(APPLICATIONS))["viewer"]["applications"]["edges"]
    return [edge["node"] for edge in edges]


async def titles(person: Api) -> list[str]:
    edges: list[Json] = (await person.data(NOTICES))["viewer"]["notifications"]["edges"]
    return [edge["node"]["title"] for edge in edges]


async def test_2_1_2_and_2_1_9_linking_takes_the_confirmed_data_over(
    gosuslugi: Gosuslugi, doctor: Api
) -> None:
    before = (await mine(doctor))["gosuslugi"]
    assert (before["state"], before["label"]) == ("NOT_LINKED", "Не связано")
    await gosuslugi.order("person", user="demo-1", person={"lastName": "Иванова-Петрова"})
    payload = await gosuslugi.link(doctor, "demo-1")
    assert (payload["errors"], payload["changedFields"]) == ([], ["lastName"])
    assert (payload["link"]["state"], payload["link"]["label"]) == ("LINKED", "Связано")
    after = await mine(doctor)
    assert after["profile"]["lastName"] == "Иванова-Петрова"
    sources = {line["field"]: line["source"] for line in after["profile"]["fieldSources"]}
    assert sources["lastName"] == sources["passportNumber"] == sources["snils"] == "GOSUSLUGI"
    assert sources["phone"] == "SITE"
    assert (await applications(doctor))[0]["status"] == "APPROVED"
    assert "Учётная запись связана с Госуслугами" in await titles(doctor)
    lines = (await doctor.data(LOG))["viewer"]["auditLog"]["edges"]
    assert all(line["node"]["title"] != line["node"]["action"] for line in lines)


async def test_2_1_4_linking_demands_a_session_of_the_cabinets_own_login(
    gosuslugi: Gosuslugi, doctor: Api
) -> None:
    assert (await gosuslugi.api.ask(MINE)).code == "UNAUTHENTICATED"
    await gosuslugi.link(doctor, "demo-1")
    opened = await gosuslugi.login("demo-1")
    by_portal = gosuslugi.person(opened["accessToken"])
    assert (await by_portal.data(UNLINK, password=PASSWORD))["unlinkGosuslugi"]["errors"] == []
    assert codes(await gosuslugi.start_link(by_portal)) == ["UNAUTHENTICATED"]


async def test_2_1_8_and_2_1_14_and_2_1_15_and_2_1_17_a_refusal_links_nothing_advises_and_can_be_repeated(
    gosuslugi: Gosuslugi, doctor: Api
) -> None:
    payload = await gosuslugi.link(doctor, "demo-1", sandbox_answer="refuse")
    (error,) = payload["errors"]
    assert (error["__typename"], error["code"], error["esiaCode"]) == (
        "EsiaError",
        "ESIA_DENIED",
        "ESIA-007004",
    )
    assert any("логин и пароль" in line for line in error["advice"])
    assert any("согласие на передачу данных" in line for line in error["advice"])
    link = (await mine(doctor))["gosuslugi"]
    assert (link["state"], link["lastError"]["code"]) == ("ERROR", "ESIA_DENIED")
    (application,) = await applications(doctor)
    assert application["status"] == "REJECTED"
    assert (await gosuslugi.link(doctor, "demo-1"))["link"]["state"] == "LINKED"
    (again,) = await applications(doctor)
    assert (again["number"], again["status"]) == (application["number"], "APPROVED")


async def test_2_1_15_and_2_1_16_without_the_consent_nothing_begins(
    gosuslugi: Gosuslugi, doctor: Api
) -> None:
    refused = await gosuslugi.start_link(doctor, consent=False)
    assert codes(refused) == ["ESIA_CONSENT_MISSING"]
    assert any("согласие на передачу данных" in line for line in refused["errors"][0]["advice"])
    given = (await doctor.data(CONSENT, granted=True))["setDataTransferConsent"]
    assert given["consent"]["kind"] == "DATA_TRANSFER"
    assert (await gosuslugi.start_link(doctor, consent=False))["errors"] == []


async def test_2_1_12_a_change_at_gosuslugi_comes_by_itself(
    gosuslugi: Gosuslugi, doctor: Api, clock: SettableClock
) -> None:
    await gosuslugi.link(doctor, "demo-1")
    await gosuslugi.order("person", user="demo-1", person={"lastName": "Новикова"})
    context = Context(gosuslugi.api.site.ports)
    await sync_due(context)
    assert (await mine(doctor))["profile"]["lastName"] != "Новикова"
    clock.advance(timedelta(hours=24))
    doctor = await gosuslugi.api.as_demo("demo-1")
    await sync_due(context)
    assert (await mine(doctor))["profile"]["lastName"] == "Новикова"
    assert "Данные обновлены с Госуслуг" in await titles(doctor)
    await gosuslugi.order("person", user="demo-1", person={"lastName": "Орлова"})
    synced = (await doctor.data(SYNC))["syncGosuslugi"]
    assert (synced["errors"], synced["changedFields"]) == ([], ["lastName"])


@pytest.mark.parametrize("where", ["here", "there"])
async def test_2_1_16_a_withdrawn_consent_ends_the_transfer(
    gosuslugi: Gosuslugi, doctor: Api, where: str
) -> None:
    await gosuslugi.link(doctor, "demo-1")
    if where == "here":
        payload = (await doctor.data(CONSENT, granted=False))["setDataTransferConsent"]
        assert payload["consent"] is None
    else:
        await gosuslugi.order("withdraw", user="demo-1")
        assert (await doctor.data(SYNC))["syncGosuslugi"]["errors"][0]["code"] == "ESIA_DENIED"
    link = (await mine(doctor))["gosuslugi"]
    assert link["state"] == "CONSENT_WITHDRAWN"
    assert {service["available"] for service in link["services"]} == {False}
    assert codes((await doctor.data(SYNC))["syncGosuslugi"]) == ["ESIA_CONSENT_MISSING"]
    assert (await gosuslugi.link(doctor, "demo-1"))["link"]["state"] == "LINKED"


async def test_2_1_10_and_2_1_13_and_1_1_2_11_services_of_the_state_open_with_the_link(
    gosuslugi: Gosuslugi, doctor: Api
) -> None:
    closed = (await mine(doctor))["gosuslugi"]["services"]
    assert {service["available"] for service in closed} == {False}
    code = closed[0]["code"]
    refused = (await doctor.data(SERVICE, code=code))["requestGovService"]
    assert codes(refused) == ["ESIA_CONSENT_MISSING"]
    await gosuslugi.link(doctor, "demo-1")
    opened = (await mine(doctor))["gosuslugi"]["services"]
    assert {service["available"] for service in opened} == {True}
    asked = (await doctor.data(SERVICE, code=code))["requestGovService"]
    assert asked["application"]["kind"] == "STATE_SERVICE"
    assert asked["url"].startswith("https://www.gosuslugi.ru/")
    assert codes((await doctor.data(SERVICE, code="NONE"))["requestGovService"]) == ["NOT_FOUND"]


async def test_the_way_back_leads_to_the_cabinet_alone(gosuslugi: Gosuslugi) -> None:
    for address in (
        "https://evil.example/gosuslugi",
        f"{gosuslugi.home}.evil.example/",
        "//",
        "javascript:1",
    ):
        started = await gosuslugi.api.data(
            "mutation ($to: String!) { startGosuslugiLogin(redirectUri: $to) { errors { code path } } }",
            to=address,
        )
        assert started["startGosuslugiLogin"]["errors"] == [
            {"code": "INVALID_FORMAT", "path": ["redirectUri"]}
        ]
