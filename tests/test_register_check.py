"""The check against the state register through the public API, with the worker and the sandbox register (A6)."""

import asyncio

import pytest

from gateways.register import Match, Mismatch
from gateways.register_sandbox import SandboxRegister
from models.personal_data import PersonalData
from tests.api import Api, Json, once
from tests.forms import SUBMIT, form, send
from tests.product import Product, live
from tests.registering import FORM, Newcomer
from web.app import Site

pytestmark = pytest.mark.anyio

STATE = """
{ viewer { account { state accessLevel } nextSteps profile {
  lastName passport { number } verifiedAt mismatches { code field path message applicationNumber }
  fieldSources { field source updatedAt }
} } }
"""
ACCOUNT = """
subscription ($after: Cursor) { account(after: $after) {
  __typename
  ... on AccountSnapshot { cursor account { state } nextSteps profile { lastName } }
  ... on AccountDelta { cursor action changedFields account { state accessLevel } nextSteps
    profile { mismatches { field } } }
  ... on Resync { cursor reason }
} }
"""
APPLICATIONS = """{ viewer { applications(filter: {kinds: [REGISTRATION, DATA_CHANGE]}) { edges { node {
    number kind status reasons history { status comment } } } } } }"""
LOG = '{ viewer { auditLog(first: 20, actionPrefix: "personal_data:") { edges { node { action title } } } } }'


@pytest.fixture
async def doctor(api: Api) -> Api:
    return await api.as_demo("demo-4")


async def viewer(doctor: Api) -> Json:
    found: Json = (await doctor.data(STATE))["viewer"]
    return found


async def settled(doctor: Api, state: str) -> Json:
    """The viewer once the account has come to a state."""
    return await once(lambda: viewer(doctor), lambda found: found["account"]["state"] == state)


async def newest(doctor: Api) -> Json:
    """The newest application about the data of a person."""
    found: Json = (await doctor.data(APPLICATIONS))["viewer"]["applications"]["edges"][0]["node"]
    return found


async def actions(doctor: Api) -> list[str]:
    edges = (await doctor.data(LOG))["viewer"]["auditLog"]["edges"]
    return [edge["node"]["action"].removeprefix("personal_data:") for edge in reversed(edges)]


async def test_1_1_1_26_and_1_1_1_27_saved_data_are_checked_and_a_match_opens_the_cabinet(
    doctor: Api,
) -> None:
    payload = await send(doctor)
    assert payload["account"] == {"state": "DATA_SUBMITTED", "accessLevel": "LIMITED"}
    assert payload["nextSteps"] == ["PASS_REGISTRY_CHECK"]
    found = await settled(doctor, "VERIFIED")
    assert found["account"]["accessLevel"] == "FULL"
    assert found["nextSteps"] == ["BUILD_PORTFOLIO"]
    assert found["profile"]["verifiedAt"]
    assert await actions(doctor) == ["form:submitted", "check:matched"]


async def test_1_1_1_17_and_1_1_1_28_and_1_1_1_30_a_mismatch_is_named_by_field_and_the_rest_is_kept(
    doctor: Api,
) -> None:
    await send(doctor, passportNumber="123437")
    found = await settled(doctor, "DATA_REJECTED")
    assert found["nextSteps"] == ["FILL_PERSONAL_DATA", "PASS_REGISTRY_CHECK"]
    wrong = [(error["code"], error["field"], error["path"]) for error in found["profile"]["mismatches"]]
    assert wrong == [
        ("REGISTRY_MISMATCH", "lastName", ["lastName"]),
        ("REGISTRY_MISMATCH", "birthDate", ["birthDate"]),
    ]
    assert found["profile"]["passport"]["number"] == "123437"
    application = await newest(doctor)
    assert (application["kind"], application["status"]) == ("REGISTRATION", "REJECTED")
    assert application["reasons"] == [error["message"] for error in found["profile"]["mismatches"]]
    assert {error["applicationNumber"] for error in found["profile"]["mismatches"]} == {application["number"]}
    again = await send(doctor, passportNumber="123456")
    assert again["changedFields"] == ["passportNumber"]
    assert (await settled(doctor, "VERIFIED"))["profile"]["mismatches"] == []
    approved = await newest(doctor)
    assert (approved["number"], approved["status"]) == (application["number"], "APPROVED")
    assert (approved["reasons"], len(approved["history"])) == ([], 7)


async def test_2_2_1_the_first_login_ends_with_the_identity_confirmed(api: Api) -> None:
    person = Newcomer(api)
    flow = await person.registered()
    await person.by_token(await person.token())
    newcomer = await person.signed_in(FORM["email"])
    expected = ["IDENTIFY_INN_OR_SNILS", "FILL_PERSONAL_DATA", "PASS_REGISTRY_CHECK"]
    assert (await viewer(newcomer))["nextSteps"] == expected
    await newcomer.data(f'mutation {{ identify(inn: "{FORM["inn"]}") {{ errors {{ code }} }} }}')
    own = {name: FORM[name] for name in ("lastName", "firstName", "middleName", "phone", "email")}
    payload = (await newcomer.data(SUBMIT, input=form(4, **own)))["submitPersonalData"]
    assert (payload["errors"], payload["nextSteps"]) == ([], ["PASS_REGISTRY_CHECK"])
    found = await settled(newcomer, "VERIFIED")
    assert (found["account"]["accessLevel"], found["nextSteps"]) == ("FULL", ["BUILD_PORTFOLIO"])
    application = await newest(newcomer)
    assert (application["kind"], application["status"]) == ("REGISTRATION", "APPROVED")
    done = await api.data("query ($id: ID!) { registration(id: $id) { state } }", id=flow)
    assert done["registration"]["state"] == "DONE"


async def test_1_1_1_17_one_letter_is_a_mismatch(doctor: Api) -> None:
    await send(doctor, passportDepartmentCode="770-001", passportIssuedBy="ГУ МВД России по городу Масква")
    found = await settled(doctor, "DATA_REJECTED")
    assert [error["field"] for error in found["profile"]["mismatches"]] == ["passportIssuedBy"]


async def test_1_1_1_26_a_silent_register_is_asked_again_and_rejects_nobody(doctor: Api) -> None:
    await send(doctor, passportNumber="123410")
    await settled(doctor, "VERIFIED")
    assert await actions(doctor) == ["form:submitted", "check:postponed", "check:postponed", "check:matched"]
    told = [line["comment"] for line in (await newest(doctor))["history"]]
    assert len([comment for comment in told if comment and "Реестр пока не отвечает" in comment]) == 1


async def test_1_1_1_1_access_stays_limited_while_the_register_is_silent(doctor: Api) -> None:
    await send(doctor, passportNumber="123400")
    await once(lambda: actions(doctor), lambda found: "check:postponed" in found)
    assert (await viewer(doctor))["account"] == {"state": "DATA_SUBMITTED", "accessLevel": "LIMITED"}
    refused = await doctor.ask("{ viewer { progress { summary { modulesTotal } } } }")
    assert refused.code == "STEP_REQUIRED"


async def test_1_1_1_30_a_late_answer_about_older_data_changes_nothing(doctor: Api, site: Site) -> None:
    asked, second = asyncio.Event(), asyncio.Event()

    class Held(SandboxRegister):
        """Answers about the first form only after the second has come."""

        async def check(self, person: PersonalData) -> Match | Mismatch:
            if person.passport.number == "123431":
                asked.set()
                await second.wait()
            return await super().check(person)

    object.__setattr__(site.ports, "register", Held())
    await send(doctor, passportNumber="123431")
    await asyncio.wait_for(asked.wait(), 10)
    await send(doctor, passportNumber="123456")
    second.set()
    found = await settled(doctor, "VERIFIED")
    assert found["profile"]["mismatches"] == []
    assert await actions(doctor) == ["form:submitted", "form:submitted", "check:matched"]


async def test_1_1_1_26_the_same_form_twice_is_one_submission(doctor: Api) -> None:
    await send(doctor)
    assert (await send(doctor))["changedFields"] == []
    await settled(doctor, "VERIFIED")
    assert (await send(doctor))["changedFields"] == []
    assert (await viewer(doctor))["account"]["accessLevel"] == "FULL"
    assert await actions(doctor) == ["form:submitted", "check:matched"]


async def test_1_1_1_27_the_answer_of_the_register_arrives_live(product: Product) -> None:
    token = product.token("demo-4")
    async with live(product.url, token) as connection:
        await connection.subscribe(ACCOUNT)
        first = await connection.event("account")
        assert (first["__typename"], first["account"]["state"]) == ("AccountSnapshot", "DATA_REJECTED")
        await asyncio.to_thread(product.ask, SUBMIT, token, input=form())
        async with asyncio.timeout(10):
            sent = await connection.event("account")
            done = await connection.event("account")
    assert (sent["action"], sent["account"]["state"]) == ("personal_data:form:submitted", "DATA_SUBMITTED")
    assert "passportNumber" in sent["changedFields"]
    assert done["action"] == "personal_data:check:matched"
    assert done["account"] == {"state": "VERIFIED", "accessLevel": "FULL"}
    assert done["nextSteps"] == ["BUILD_PORTFOLIO"]
