"""Attacks on the link with Gosuslugi and on entering by them (security.md A18, A51, A58-A66)."""

from datetime import timedelta

import pytest

from models.clock import SettableClock
from tests.api import PASSWORD, Api, Json
from tests.forms import SUBMIT, form, mistakes
from tests.linking import CONFIRMED, UNLINK, Gosuslugi, codes, mine
from tests.signing_in import first_step

pytest_plugins = ("tests.gosuslugi_fixtures",)
pytestmark = pytest.mark.anyio
WHO = "{ viewer { account { createdVia emailConfirmed phoneConfirmed } } }"


@pytest.fixture
async def doctor(gosuslugi: Gosuslugi) -> Api:
    return await gosuslugi.api.as_demo("demo-1")


async def test_a18_wrong_passwords_leave_the_entry_by_gosuslugi_open(gosuslugi: Gosuslugi) -> None:
    await gosuslugi.link(await gosuslugi.api.as_demo("demo-1"), "demo-1")
    for _ in range(11):
        await first_step(gosuslugi.api, password="Wrong-password-1!")
    assert (await first_step(gosuslugi.api))["challenge"] is None
    opened = await gosuslugi.login("demo-1")
    assert (opened["errors"], opened["signedIn"]) == ([], True)


async def test_2_1_3_and_a51_confirmed_fields_need_no_typing_and_take_none(
    gosuslugi: Gosuslugi, doctor: Api
) -> None:
    await gosuslugi.link(doctor, "demo-1")
    facts = {line["field"]: line["value"] for line in (await mine(doctor))["gosuslugi"]["confirmedFields"]}
    assert facts["passportSeries"] == "7010"
    assert "registrationAddress.city" in facts
    sent = (await doctor.data(SUBMIT, input=form(1, **CONFIRMED)))["submitPersonalData"]
    assert (sent["errors"], sent["changedFields"]) == ([], [])
    other = {**CONFIRMED, "lastName": "Другая"}
    refused = (await doctor.data(SUBMIT, input=form(1, **other)))["submitPersonalData"]
    assert mistakes(refused) == [("lastName", "FORBIDDEN")]


async def test_a58_a_state_that_is_missing_used_foreign_or_old_leads_nowhere(
    gosuslugi: Gosuslugi, doctor: Api, clock: SettableClock
) -> None:
    other = await gosuslugi.api.as_demo("demo-2")
    started = await gosuslugi.start_link(doctor)
    returned = await gosuslugi.visit(started["authorizationUrl"], "demo-1")
    assert codes(await gosuslugi.complete_link(doctor, {**returned, "state": "made-up"})) == ["ESIA_STATE"]
    assert codes(await gosuslugi.complete_link(other, returned)) == ["ESIA_STATE"]
    started = await gosuslugi.start_link(doctor)
    returned = await gosuslugi.visit(started["authorizationUrl"], "demo-1")
    clock.advance(timedelta(minutes=11))
    assert codes(await gosuslugi.complete_link(doctor, returned)) == ["ESIA_STATE"]
    assert (await gosuslugi.link(doctor, "demo-1"))["errors"] == []
    assert codes(await gosuslugi.complete_link(doctor, returned)) == ["ESIA_STATE"]
    assert (await mine(doctor))["gosuslugi"]["state"] == "LINKED"


async def test_a60_a_code_of_another_attempt_is_refused(gosuslugi: Gosuslugi) -> None:
    one, other = await gosuslugi.start_login(), await gosuslugi.start_login()
    stolen = await gosuslugi.visit(one["authorizationUrl"], "new")
    payload = await gosuslugi.complete_login(other["key"], {**stolen, "state": other["state"]})
    assert codes(payload) == ["ESIA_DENIED"]


async def test_a61_a_person_of_gosuslugi_belongs_to_one_account(gosuslugi: Gosuslugi, doctor: Api) -> None:
    await gosuslugi.link(doctor, "demo-1")
    numbers = {"birthDate": "12.05.1985", "snils": "", "inn": ""}
    await gosuslugi.order("person", user="demo-1", person=numbers)
    payload = await gosuslugi.link(await gosuslugi.api.as_demo("demo-2"), "demo-1")
    assert codes(payload) == ["ESIA_OTHER_ACCOUNT"]


async def test_a62_nobody_is_found_by_an_address_alone(gosuslugi: Gosuslugi) -> None:
    contacts = [
        {"id": 1, "type": "EML", "value": "demo-2@nmo.example", "vrfStu": "VERIFIED"},
        {"id": 2, "type": "MBT", "value": "+7(916)1239901", "vrfStu": "VERIFIED"},
    ]
    await gosuslugi.order("person", user="new", contacts=contacts)
    opened = await gosuslugi.login("new")
    found = (await gosuslugi.person(opened["accessToken"]).data(WHO))["viewer"]
    assert (found["account"]["emailConfirmed"], found["account"]["phoneConfirmed"]) == (False, True)
    assert found["account"]["createdVia"] == "GOSUSLUGI"


async def test_a62_without_a_free_contact_no_account_is_made(gosuslugi: Gosuslugi) -> None:
    await gosuslugi.order("person", user="new", contacts=[])
    payload = await gosuslugi.login("new")
    assert (codes(payload), payload["signedIn"]) == (["CONTACT_UNKNOWN"], False)


async def test_a63_an_account_that_is_not_confirmed_is_not_linked(gosuslugi: Gosuslugi, doctor: Api) -> None:
    payload = await gosuslugi.link(doctor, "standard")
    assert codes(payload) == ["ESIA_UNTRUSTED"]
    assert (await mine(doctor))["gosuslugi"]["state"] == "ERROR"


async def test_a63_only_confirmed_accounts_enter(gosuslugi: Gosuslugi) -> None:
    for user in ("standard", "simplified", "child"):
        assert codes(await gosuslugi.login(user)) == ["ESIA_UNTRUSTED"]


async def test_a64_a_way_back_opened_in_another_browser_is_refused(gosuslugi: Gosuslugi) -> None:
    started = await gosuslugi.start_login()
    returned = await gosuslugi.visit(started["authorizationUrl"], "new")
    victim = await gosuslugi.start_login()
    assert codes(await gosuslugi.complete_login(victim["key"], returned)) == ["ESIA_STATE"]
    assert codes(await gosuslugi.complete_login(started["key"], returned)) == ["ESIA_STATE"]


async def test_a65_unlinking_asks_for_the_password_and_keeps_the_data(
    gosuslugi: Gosuslugi, doctor: Api
) -> None:
    await gosuslugi.link(doctor, "demo-1")
    wrong = (await doctor.data(UNLINK, password="Wrong-password-1!"))["unlinkGosuslugi"]
    assert codes(wrong) == ["CREDENTIALS_WRONG"]
    taken_apart = (await doctor.data(UNLINK, password=PASSWORD))["unlinkGosuslugi"]
    assert (taken_apart["errors"], taken_apart["link"]["state"]) == ([], "NOT_LINKED")
    sources = {line["source"] for line in (await mine(doctor))["profile"]["fieldSources"]}
    assert sources == {"SITE"}
    assert codes(await gosuslugi.login("demo-1")) == ["CONFLICT"]


async def test_a66_another_persons_data_change_nothing(gosuslugi: Gosuslugi, doctor: Api) -> None:
    before = (await mine(doctor))["profile"]
    payload = await gosuslugi.link(doctor, "demo-2")
    assert set(codes(payload)) == {"PROFILE_MISMATCH"}
    assert "snils" in {error["path"][0] for error in payload["errors"]}
    after = await mine(doctor)
    assert after["profile"] == before
    assert after["gosuslugi"]["state"] == "ERROR"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"status": 500}, "ESIA_UNAVAILABLE"),
        ({"error": "ESIA-007007"}, "ESIA_UNAVAILABLE"),
        ({"token": "sig"}, "ESIA_STATE"),
        ({"error": "ESIA-007011"}, "ESIA_DENIED"),
    ],
    ids=["fault", "overload", "forged", "refused"],
)
async def test_a66_and_a59_a_portal_that_fails_or_lies_links_nothing(
    gosuslugi: Gosuslugi, doctor: Api, fault: Json, code: str
) -> None:
    await gosuslugi.order("fault", at="te", **fault)
    assert codes(await gosuslugi.link(doctor, "demo-1")) == [code]
    link = (await mine(doctor))["gosuslugi"]
    assert (link["state"], link["lastError"]["code"]) == ("ERROR", code)
