"""Entering by Gosuslugi alone, and the account of who had none (2.1-11, 1.1-2, A2, A60, A62, A64)."""

import re
from datetime import timedelta

import pytest

from models.clock import SettableClock
from tests.api import Api, eventually
from tests.linking import COMPLETE_LOGIN, UNLINK, Gosuslugi, codes, mine
from tests.signing_in import CHANGE_PASSWORD, first_step, own_page, second_step
from tests.test_first_login import ACCEPT

pytest_plugins = ("tests.gosuslugi_fixtures",)
pytestmark = pytest.mark.anyio

WHO = """{ viewer { account { createdVia state accessLevel emailConfirmed phoneConfirmed } nextSteps
  name { lastName } profile { passport { number } verifiedAt registrationAddress { city } }
  applications { edges { node { kind status } } } } }"""
TEMPORARY = re.compile(r"[A-Z][a-z]{3}-\d{4}-[a-z]{4}")
SESSIONS = "{ viewer { sessions { via current } } }"


async def sms(api: Api, phone: str) -> str:
    """The newest message to a phone."""
    text: str = await eventually(
        lambda: next((m.text for m in api.outbox().messages() if m.to == phone), None)
    )
    return text


async def test_2_1_11_and_2_1_1_gosuslugi_alone_open_the_cabinet_of_a_linked_account(
    gosuslugi: Gosuslugi,
) -> None:
    doctor = await gosuslugi.api.as_demo("demo-1")
    assert codes(await gosuslugi.login("demo-1")) == ["CONFLICT"]
    await gosuslugi.link(doctor, "demo-1")
    await gosuslugi.order("person", user="demo-1", person={"lastName": "Новикова"})
    opened = await gosuslugi.login("demo-1")
    assert (opened["errors"], opened["signedIn"]) == ([], True)
    person = gosuslugi.person(opened["accessToken"])
    found = (await person.data(WHO))["viewer"]
    assert (found["account"]["accessLevel"], found["name"]["lastName"]) == ("FULL", "Новикова")
    assert (await mine(doctor))["profile"]["lastName"] == "Новикова"


async def test_1_1_2_an_account_is_made_through_gosuslugi_with_all_its_data(gosuslugi: Gosuslugi) -> None:
    opened = await gosuslugi.login("new")
    assert opened["errors"] == []
    person = gosuslugi.person(opened["accessToken"])
    found = (await person.data(WHO))["viewer"]
    assert found["account"] == {
        "createdVia": "GOSUSLUGI",
        "state": "VERIFIED",
        "accessLevel": "LIMITED",
        "emailConfirmed": True,
        "phoneConfirmed": True,
    }
    assert found["nextSteps"] == ["ACCEPT_TERMS"]
    assert found["profile"]["passport"]["number"] == "654321"
    assert found["profile"]["verifiedAt"]
    assert found["applications"]["edges"][0]["node"] == {"kind": "REGISTRATION", "status": "APPROVED"}
    again = await gosuslugi.login("new")
    assert again["errors"] == []
    assert (await gosuslugi.person(again["accessToken"]).data(WHO))["viewer"]["name"] == found["name"]


async def test_a2_the_new_account_gets_a_temporary_password_for_the_other_entry(gosuslugi: Gosuslugi) -> None:
    await gosuslugi.login("new")
    text = await sms(gosuslugi.api, "+79161239901")
    password = TEMPORARY.search(text)
    assert password
    challenge = (await first_step(gosuslugi.api, "79161239901", password.group()))["challenge"]
    code = await gosuslugi.api.code("+79161239901")
    opened = (await second_step(gosuslugi.api, challenge["id"], code))["accessToken"]
    found = (await gosuslugi.person(opened).data(WHO))["viewer"]
    assert found["nextSteps"][0] == "CHANGE_TEMPORARY_PASSWORD"


async def test_a2_and_a65_who_comes_by_gosuslugi_alone_has_no_password_to_replace(
    gosuslugi: Gosuslugi, clock: SettableClock
) -> None:
    person = gosuslugi.person((await gosuslugi.login("new"))["accessToken"])
    assert (await person.data(ACCEPT, version="1", accepted=True))["acceptTerms"]["errors"] == []
    found = (await person.data(WHO))["viewer"]
    assert (found["account"]["accessLevel"], found["nextSteps"]) == ("FULL", ["BUILD_PORTFOLIO"])
    text = await sms(gosuslugi.api, "+79161239901")
    temporary = TEMPORARY.search(text)
    assert temporary
    assert codes((await person.data(UNLINK, password=temporary.group()))["unlinkGosuslugi"]) == ["CONFLICT"]
    clock.advance(timedelta(hours=80))
    person = gosuslugi.person((await gosuslugi.login("new"))["accessToken"])
    own = {"old": temporary.group(), "new": "Sosna-8241-zima!"}
    assert (await person.data(CHANGE_PASSWORD, **own))["changePassword"]["errors"] == []
    assert codes((await person.data(UNLINK, password=own["new"]))["unlinkGosuslugi"]) == []


async def test_2_1_3_what_gosuslugi_do_not_know_is_left_to_the_person(gosuslugi: Gosuslugi) -> None:
    await gosuslugi.order("person", user="new", documents=[])
    opened = await gosuslugi.login("new")
    person = gosuslugi.person(opened["accessToken"])
    found = (await person.data(WHO))["viewer"]
    assert found["account"]["state"] == "CONTACT_CONFIRMED"
    assert "FILL_PERSONAL_DATA" in found["nextSteps"]
    known = {line["field"] for line in (await mine(person))["gosuslugi"]["confirmedFields"]}
    assert {"lastName", "birthDate", "snils"} <= known
    assert "passportNumber" not in known


async def test_1_2_19_the_session_says_that_it_came_from_gosuslugi(gosuslugi: Gosuslugi) -> None:
    opened = await gosuslugi.login("new")
    (session,) = (await gosuslugi.person(opened["accessToken"]).data(SESSIONS))["viewer"]["sessions"]
    assert session == {"via": "GOSUSLUGI", "current": True}


async def test_a64_a_foreign_page_gets_no_cookie_from_gosuslugi_and_spends_nothing(
    gosuslugi: Gosuslugi,
) -> None:
    started = await gosuslugi.start_login()
    returned = await gosuslugi.visit(started["authorizationUrl"], "new")
    said = {"state": returned["state"], "key": started["key"], "code": returned["code"]}
    gosuslugi.api.headers = {"origin": "https://evil.example", "graphql-require-preflight": "1"}
    refused = await gosuslugi.api.ask(COMPLETE_LOGIN, input={**said, "keep": "COOKIE"})
    assert (refused.status, refused.code, refused.headers.get("set-cookie")) == (403, "FORBIDDEN", None)
    gosuslugi.api.headers = own_page(gosuslugi.api)
    answer = await gosuslugi.api.ask(COMPLETE_LOGIN, input={**said, "keep": "COOKIE"})
    assert answer.data["completeGosuslugiLogin"]["signedIn"]
    assert answer.headers["set-cookie"].startswith("nmo_session=")
