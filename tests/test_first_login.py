"""The first login through the public API (2.2)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from models.account import Account
from models.clock import SettableClock
from tests.api import Api, Json
from tests.registering import FORM, Newcomer
from web.app import Site

pytestmark = pytest.mark.anyio
IDENTIFY = """mutation ($inn: String, $snils: String) { identify(inn: $inn, snils: $snils) {
    nextSteps errors { code path } } }"""
ACCEPT = """mutation ($version: String!, $accepted: Boolean!) { acceptTerms(version: $version, accepted: $accepted) {
    account { termsAcceptedVersion accessLevel } nextSteps errors { code path } } }"""
CONSENTS = "{ viewer { consents { kind version sha256 givenAt withdrawnAt } } }"
TERMS = "{ terms { version title text sha256 since } }"


async def newcomer(api: Api, site: Site, **values: Any) -> Api:
    """A doctor before some of the steps."""
    async with site.ports.database.reading() as session:
        await session.execute(update(Account).where(col(Account.slug) == "demo-1").values(**values))
    return await api.as_demo("demo-1")


async def identify(caller: Api, **numbers: str) -> Json:
    answer: Json = (await caller.data(IDENTIFY, **numbers))["identify"]
    return answer


@pytest.mark.parametrize("number", [{"inn": "500100732259"}, {"snils": "112-233-445 95"}])
async def test_2_2_5_inn_or_snils_is_compared_with_the_profile(
    api: Api, site: Site, number: dict[str, str]
) -> None:
    caller = await newcomer(api, site, identified_at=None)
    assert (await caller.data("{ viewer { nextSteps } }"))["viewer"]["nextSteps"] == ["IDENTIFY_INN_OR_SNILS"]
    assert await identify(caller, **number) == {"nextSteps": ["BUILD_PORTFOLIO"], "errors": []}


async def test_2_2_5_another_persons_number_does_not_fit_and_guesses_are_counted(
    api: Api, site: Site, clock: SettableClock
) -> None:
    caller = await newcomer(api, site, identified_at=None)
    for _ in range(5):
        (error,) = (await identify(caller, inn="526317984689"))["errors"]
        assert error == {"code": "PROFILE_MISMATCH", "path": ["inn"]}
    assert (await identify(caller, inn="500100732259"))["errors"][0]["code"] == "RATE_LIMITED"
    clock.advance(timedelta(minutes=15))
    assert (await identify(caller, inn="500100732259"))["errors"] == []


async def test_a1_a_number_that_the_profile_does_not_have_is_told_and_costs_no_try(
    api: Api, site: Site
) -> None:
    caller = await newcomer(api, site, identified_at=None, snils_index=None, snils_sealed=None)
    ask = 'mutation { identify(snils: "112-233-445 95") { errors { code message path } } }'
    for _ in range(6):
        (error,) = (await caller.data(ask))["identify"]["errors"]
        assert (error["code"], error["path"]) == ("PROFILE_MISMATCH", ["snils"])
        assert error["message"] == "СНИЛС в профиле ещё нет. Укажите ИНН."
    assert (await identify(caller, inn="500100732259"))["errors"] == []


async def test_2_2_5_malformed_numbers_are_named_both_at_once(api: Api, site: Site) -> None:
    caller = await newcomer(api, site, identified_at=None)
    wrong = await identify(caller, inn="500100732250", snils="11223344500")
    assert [error["path"] for error in wrong["errors"]] == [["inn"], ["snils"]]
    assert (await identify(caller))["errors"] == [{"code": "REQUIRED", "path": ["inn"]}]


async def test_2_2_8_consent_is_a_tick_under_a_text_whose_digest_is_kept(
    api: Api, site: Site, clock: SettableClock
) -> None:
    caller = await newcomer(api, site, terms_version=None, terms_accepted_at=None)
    terms = (await api.data(TERMS))["terms"]
    no = (await caller.data(ACCEPT, version=terms["version"], accepted=False))["acceptTerms"]
    assert no["errors"] == [{"code": "TERMS_NOT_ACCEPTED", "path": ["accepted"]}]
    old = (await caller.data(ACCEPT, version="0", accepted=True))["acceptTerms"]
    assert old["errors"] == [{"code": "CONFLICT", "path": ["version"]}]
    yes = (await caller.data(ACCEPT, version=terms["version"], accepted=True))["acceptTerms"]
    assert yes["account"] == {"termsAcceptedVersion": terms["version"], "accessLevel": "FULL"}
    async with site.ports.database.reading() as session:
        account = (await session.scalars(select(Account).where(col(Account.slug) == "demo-1"))).one()
    assert (account.terms_sha256, account.terms_accepted_at) == (terms["sha256"], clock.now())


@pytest.mark.parametrize(
    ("ticked", "kinds"), [(True, {"TERMS_OF_USE", "PERSONAL_DATA"}), (False, {"TERMS_OF_USE"})]
)
async def test_p15_the_consent_to_personal_data_is_given_at_registration_apart_from_the_rules(
    api: Api, ticked: bool, kinds: set[str]
) -> None:
    person = Newcomer(api)
    flow = await person.begin(acceptPersonalData=ticked)
    assert (await person.by_code(flow, await api.code(f"+{FORM['phone']}")))["errors"] == []
    caller = await person.signed_in(f"+{FORM['phone']}")
    given = (await caller.data(CONSENTS))["viewer"]["consents"]
    assert {each["kind"] for each in given} == kinds


async def test_2_2_10_steps_come_in_their_order_and_block_on_the_server(api: Api, site: Site) -> None:
    caller = await newcomer(
        api, site, email_confirmed_at=None, identified_at=None, terms_version=None, verified_at=None
    )
    expected = ["CONFIRM_EMAIL", "IDENTIFY_INN_OR_SNILS", "ACCEPT_TERMS", "PASS_REGISTRY_CHECK"]
    assert (await caller.data("{ viewer { nextSteps } }"))["viewer"]["nextSteps"] == expected
    enroll = """mutation { enroll(input: {activityId: "activity_00000000000000000000000000000000"}) { errors {
        __typename code ... on StepRequiredError { missing } } } }"""
    (error,) = (await caller.data(enroll))["enroll"]["errors"]
    assert error == {"__typename": "StepRequiredError", "code": "STEP_REQUIRED", "missing": expected}
