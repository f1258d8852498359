"""The consent to hand data over: without it the link opens the door and nothing more (2.1-8, 2.1-12, 2.1-16, A2)."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from gateways.errors import GatewayUnavailable
from models.clock import SettableClock
from models.linking import GosuslugiLink, LinkState
from models.privacy import Consent
from models.terms import TermsKind, current_terms
from resolvers.context import Context
from resolvers.linking_sync import sync_due
from tests.api import PASSWORD, Api, Json
from tests.forms import SUBMIT, form, mistakes
from tests.linking import CONFIRMED, CONSENT, SYNC, UNLINK, Gosuslugi, codes, mine
from tests.test_first_login import ACCEPT
from tests.test_linking import LOG
from tests.test_privacy import GIVE, WITHDRAW

pytest_plugins = ("tests.gosuslugi_fixtures",)
pytestmark = pytest.mark.anyio


@pytest.fixture
async def born(gosuslugi: Gosuslugi) -> Api:
    """The owner of an account that Gosuslugi has made, with the rules accepted."""
    person = gosuslugi.person((await gosuslugi.login("new"))["accessToken"])
    assert (await person.data(ACCEPT, version="1", accepted=True))["acceptTerms"]["errors"] == []
    return person


async def decide(person: Api, *, granted: bool) -> Json:
    payload: Json = (await person.data(CONSENT, granted=granted))["setDataTransferConsent"]
    assert payload["errors"] == []
    return payload


async def logged(person: Api) -> list[str]:
    return [edge["node"]["action"] for edge in (await person.data(LOG))["viewer"]["auditLog"]["edges"]]


@dataclass
class Silent:
    """A portal that does not answer before the consent is withdrawn."""

    person: Api

    async def renew(self, refresh_token: str) -> None:
        await decide(self.person, granted=False)
        raise GatewayUnavailable("esia")


async def again(gosuslugi: Gosuslugi) -> Api:
    return gosuslugi.person((await gosuslugi.login("new"))["accessToken"])


async def test_2_1_16_an_account_made_by_gosuslugi_takes_nothing_more_until_its_owner_agrees(
    gosuslugi: Gosuslugi, born: Api, clock: SettableClock
) -> None:
    found = await mine(born)
    assert found["dataTransferConsent"] is None
    assert (found["gosuslugi"]["state"], found["gosuslugi"]["label"]) == (
        "CONSENT_MISSING",
        "Нет согласия на передачу данных",
    )
    assert {service["available"] for service in found["gosuslugi"]["services"]} == {False}
    assert codes((await born.data(SYNC))["syncGosuslugi"]) == ["ESIA_CONSENT_MISSING"]
    before = found["profile"]["lastName"]
    await gosuslugi.order("person", user="new", person={"lastName": "Новикова"})
    clock.advance(timedelta(hours=25))
    await sync_due(Context(gosuslugi.api.site.ports))
    assert (await mine(await again(gosuslugi)))["profile"]["lastName"] == before


async def test_2_1_12_and_2_1_16_the_consent_starts_the_transfer_at_the_next_entry_and_ends_it_at_once(
    gosuslugi: Gosuslugi, born: Api, clock: SettableClock
) -> None:
    given = await decide(born, granted=True)
    assert (given["consent"]["kind"], given["link"]["state"]) == ("DATA_TRANSFER", "PENDING")
    born = await again(gosuslugi)
    assert (await mine(born))["gosuslugi"]["state"] == "LINKED"
    await gosuslugi.order("person", user="new", person={"lastName": "Новикова"})
    clock.advance(timedelta(hours=24))
    await sync_due(Context(gosuslugi.api.site.ports))
    born = await again(gosuslugi)
    assert (await mine(born))["profile"]["lastName"] == "Новикова"
    ended = await decide(born, granted=False)
    assert (ended["consent"], ended["link"]["state"]) == (None, "CONSENT_WITHDRAWN")
    await gosuslugi.order("person", user="new", person={"lastName": "Орлова"})
    born = await again(gosuslugi)
    assert (await mine(born))["profile"]["lastName"] == "Новикова"


async def test_p10_without_the_consent_to_keep_data_none_come_from_gosuslugi_until_both_are_given_again(
    gosuslugi: Gosuslugi, born: Api, clock: SettableClock
) -> None:
    keep = {"kind": "PERSONAL_DATA", "version": current_terms(TermsKind.PERSONAL_DATA).version}
    await born.data(GIVE, **keep)
    await decide(born, granted=True)
    born = await again(gosuslugi)
    before = (await mine(born))["profile"]["lastName"]
    assert (await born.data(WITHDRAW, kind="PERSONAL_DATA"))["withdrawConsent"]["withdrawn"] == 2
    found = await mine(born)
    assert (found["dataTransferConsent"], found["gosuslugi"]["state"]) == (None, "CONSENT_WITHDRAWN")
    assert codes((await born.data(SYNC))["syncGosuslugi"]) == ["ESIA_CONSENT_MISSING"]
    assert codes((await born.data(CONSENT, granted=True))["setDataTransferConsent"]) == ["TERMS_NOT_ACCEPTED"]
    assert codes(await gosuslugi.start_link(born)) == ["TERMS_NOT_ACCEPTED"]
    await gosuslugi.order("person", user="new", person={"lastName": "Новикова"})
    clock.advance(timedelta(hours=25))
    await sync_due(Context(gosuslugi.api.site.ports))
    born = await again(gosuslugi)
    assert (await mine(born))["profile"]["lastName"] == before
    await born.data(GIVE, **keep)
    await decide(born, granted=True)
    assert (await mine(await again(gosuslugi)))["profile"]["lastName"] == "Новикова"


async def test_p10_a_transfer_that_outlived_the_consent_to_keep_data_ends_with_the_next_try(
    gosuslugi: Gosuslugi, born: Api, clock: SettableClock
) -> None:
    """A withdrawal did not use to end it."""
    await born.data(GIVE, kind="PERSONAL_DATA", version=current_terms(TermsKind.PERSONAL_DATA).version)
    await decide(born, granted=True)
    born = await again(gosuslugi)
    async with gosuslugi.api.site.ports.database.reading() as session:
        kept = update(Consent).where(col(Consent.kind) == TermsKind.PERSONAL_DATA)
        await session.execute(kept.values(withdrawn_at=clock.now()))
    before = (await mine(born))["profile"]["lastName"]
    await gosuslugi.order("person", user="new", person={"lastName": "Новикова"})
    born = await again(gosuslugi)
    clock.advance(timedelta(hours=25))
    await sync_due(Context(gosuslugi.api.site.ports))
    found = await mine(await again(gosuslugi))
    assert (found["profile"]["lastName"], found["gosuslugi"]["state"]) == (before, "CONSENT_WITHDRAWN")


async def test_2_1_16_a_consent_that_nobody_gave_is_not_withdrawn_by_the_switch(
    gosuslugi: Gosuslugi, born: Api
) -> None:
    ended = await decide(born, granted=False)
    assert (ended["link"]["state"], ended["link"]["lastError"]) == ("CONSENT_MISSING", None)
    assert await logged(born) == []


async def test_2_1_16_a_consent_withdrawn_while_the_portal_is_silent_leaves_no_try_to_be_repeated(
    gosuslugi: Gosuslugi, born: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    await decide(born, granted=True)
    born = await again(gosuslugi)
    silent = Silent(born)

    def portal(_: Context) -> Silent:
        return silent

    monkeypatch.setattr("resolvers.linking_sync.portal", portal)
    assert codes((await born.data(SYNC))["syncGosuslugi"]) == ["ESIA_UNAVAILABLE"]
    link = (await mine(born))["gosuslugi"]
    assert (link["state"], link["lastError"]["code"]) == ("CONSENT_WITHDRAWN", "ESIA_CONSENT_MISSING")
    assert await logged(born) == ["linking:consent:withdrawn"]


async def test_2_1_17_whoever_only_comes_by_gosuslugi_repeats_the_link_there(
    gosuslugi: Gosuslugi, born: Api
) -> None:
    assert (await gosuslugi.link(born, "new"))["link"]["state"] == "LINKED"
    await decide(born, granted=False)
    assert (await gosuslugi.link(born, "new"))["link"]["state"] == "LINKED"


async def test_a61_a_repeated_link_is_of_the_same_person_of_gosuslugi(
    gosuslugi: Gosuslugi, born: Api
) -> None:
    nobodys = {"snils": "", "inn": "", "birthDate": ""}
    await gosuslugi.order("person", user="demo-1", person=nobodys)
    assert codes(await gosuslugi.link(born, "demo-1")) == ["ESIA_OTHER_ACCOUNT"]
    assert (await gosuslugi.login("new"))["errors"] == []


async def test_a_consent_that_is_given_and_taken_back_before_the_portal_confirms_it(
    gosuslugi: Gosuslugi, born: Api
) -> None:
    await decide(born, granted=True)
    assert (await decide(born, granted=False))["link"]["state"] == "CONSENT_WITHDRAWN"
    assert (await mine(await again(gosuslugi)))["gosuslugi"]["state"] == "CONSENT_WITHDRAWN"


async def test_a_link_without_a_consent_is_not_synchronised_however_it_came_to_be(
    gosuslugi: Gosuslugi, born: Api, clock: SettableClock
) -> None:
    """Such links were made before the consent was asked for."""
    await gosuslugi.link(born, "new")
    await decide(born, granted=False)
    database = gosuslugi.api.site.ports.database
    was = {"state": LinkState.LINKED, "refresh_sealed": b"unread", "next_sync_at": clock.now()}
    async with database.reading() as session:
        await session.execute(update(GosuslugiLink).values(was))
    await sync_due(Context(gosuslugi.api.site.ports))
    assert (await mine(born))["gosuslugi"]["state"] == "CONSENT_WITHDRAWN"
    async with database.reading() as session:
        await session.execute(update(GosuslugiLink).values(was))
    assert (await decide(born, granted=False))["link"]["state"] == "CONSENT_WITHDRAWN"
    async with database.reading() as session:
        link = (await session.scalars(select(GosuslugiLink))).one()
    assert (link.refresh_sealed, link.next_sync_at) == (None, None)


async def test_2_1_8_a_consent_taken_back_on_the_way_links_nothing(gosuslugi: Gosuslugi) -> None:
    doctor = await gosuslugi.api.as_demo("demo-1")
    before = await mine(doctor)
    started = await gosuslugi.start_link(doctor)
    returned = await gosuslugi.visit(started["authorizationUrl"], "demo-1")
    await decide(doctor, granted=False)
    payload = await gosuslugi.complete_link(doctor, returned)
    assert [(e["__typename"], e["code"]) for e in payload["errors"]] == [
        ("EsiaError", "ESIA_CONSENT_MISSING")
    ]
    after = await mine(doctor)
    assert after["profile"] == before["profile"]
    link = after["gosuslugi"]
    assert (link["state"], link["linkedAt"], link["confirmedFields"]) == ("ERROR", None, [])
    assert codes(await gosuslugi.login("demo-1")) == ["CONFLICT"]
    await decide(doctor, granted=True)
    assert codes(await gosuslugi.complete_link(doctor, returned)) == ["ESIA_STATE"]
    assert (await gosuslugi.link(doctor, "demo-1"))["link"]["state"] == "LINKED"


async def test_a_link_taken_apart_on_the_way_is_not_made_again(gosuslugi: Gosuslugi) -> None:
    doctor = await gosuslugi.api.as_demo("demo-1")
    await gosuslugi.link(doctor, "demo-1")
    await decide(doctor, granted=False)
    started = await gosuslugi.start_link(doctor)
    returned = await gosuslugi.visit(started["authorizationUrl"], "demo-1")
    assert (await doctor.data(UNLINK, password=PASSWORD))["unlinkGosuslugi"]["errors"] == []
    assert codes(await gosuslugi.complete_link(doctor, returned)) == ["ESIA_STATE"]
    assert (await mine(doctor))["gosuslugi"]["state"] == "NOT_LINKED"


async def test_2_1_3_without_the_transfer_a_person_may_type_over_what_gosuslugi_said(
    gosuslugi: Gosuslugi,
) -> None:
    doctor = await gosuslugi.api.as_demo("demo-1")
    await gosuslugi.link(doctor, "demo-1")
    other = {**CONFIRMED, "lastName": "Другая"}
    refused = (await doctor.data(SUBMIT, input=form(1, **other)))["submitPersonalData"]
    assert mistakes(refused) == [("lastName", "FORBIDDEN")]
    await decide(doctor, granted=False)
    assert (await doctor.data(SUBMIT, input=form(1, **CONFIRMED)))["submitPersonalData"]["errors"] == []
    in_part = (await doctor.data(SUBMIT, input=form(1, **other)))["submitPersonalData"]
    assert ("passportNumber", "REQUIRED") in mistakes(in_part)
    sent = (await doctor.data(SUBMIT, input=form(1, lastName="Другая")))["submitPersonalData"]
    assert sent["errors"] == []
    assert "lastName" in sent["changedFields"]
