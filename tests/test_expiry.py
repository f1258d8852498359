"""What nobody finished is forgotten with the personal data in it (1.1-14)."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from models.applications import Application, ApplicationKind
from models.clock import SettableClock
from models.contact_changes import ContactChange
from models.flows import Flow, Proof
from models.signin import Challenge
from resolvers.context import Context
from resolvers.expiry import KEPT_FOR, forget_codes, forget_flows
from tests.api import Api, eventually
from tests.recovering import ADDRESS, Forgetful
from tests.registering import FORM, Newcomer, codes
from tests.signing_in import first_step, sign_in
from web.app import Site

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)
REQUEST = 'mutation { changeEmail(newEmail: "new@nmo.example") { change { id } errors { code } } }'
HISTORY = """{ viewer { applications(filter: {kinds: [PASSWORD_RECOVERY]}) { edges { node { status
    history { comment } } } } } }"""


async def test_1_1_14_a_form_that_nobody_confirmed_is_forgotten_a_day_after_its_time(
    api: Api, site: Site, clock: SettableClock
) -> None:
    person = Newcomer(api)
    flow, token = await person.begin(), await person.token()
    clock.advance(DAY + KEPT_FOR - timedelta(minutes=1))
    await forget_flows(Context(site.ports))
    assert codes(await person.by_code(flow, "000000")) == [("CODE_EXPIRED", ["code"])]
    clock.advance(timedelta(minutes=2))
    await forget_flows(Context(site.ports))
    async with site.ports.database.reading() as session:
        for table in (Flow, Proof):
            assert (await session.scalars(select(table))).all() == []
        begun = select(Application).where(col(Application.account_id).is_(None))
        assert (await session.scalars(begun)).all() == []
    assert codes(await person.by_code(flow, "000000")) == [("NOT_FOUND", ["flowId"])]
    assert codes(await person.by_token(token)) == [("LINK_EXPIRED", ["token"])]


async def test_1_1_14_a_registration_with_an_account_stays_and_its_letter_can_be_sent_again(
    api: Api, site: Site, clock: SettableClock
) -> None:
    person = Newcomer(api)
    flow = await person.registered()
    clock.advance(3 * DAY)
    await forget_flows(Context(site.ports))
    assert (await person.resend("EMAIL", flow))["errors"] == []
    await eventually(lambda: len(person.messages(FORM["email"])) == 2)
    assert (await person.by_token(await person.token(FORM["email"])))["errors"] == []


async def test_1_2_23_the_number_of_a_recovery_outlives_its_contact(
    api: Api, site: Site, clock: SettableClock
) -> None:
    for contact in (ADDRESS, "nobody@nmo.example"):
        await Forgetful(api).begin(contact)
    clock.advance(DAY + KEPT_FOR + timedelta(minutes=1))
    await forget_flows(Context(site.ports))
    doctor = await api.as_demo("demo-1")
    (edge,) = (await doctor.data(HISTORY))["viewer"]["applications"]["edges"]
    assert edge["node"]["status"] == "CANCELLED"
    assert edge["node"]["history"][-1] == {"comment": "Срок заявки истёк"}
    async with site.ports.database.reading() as session:
        assert (await session.scalars(select(Proof))).all() == []
        left = select(Application).where(col(Application.kind) == ApplicationKind.PASSWORD_RECOVERY)
        assert len((await session.scalars(left)).all()) == 1


async def test_2_2_6_half_done_logins_and_changes_are_forgotten(
    api: Api, site: Site, clock: SettableClock
) -> None:
    owner = await sign_in(api)
    await first_step(api)
    assert (await owner.data(REQUEST))["changeEmail"]["errors"] == []
    for left, later in ((2, KEPT_FOR), (0, timedelta(minutes=11))):
        clock.advance(later)
        await forget_codes(Context(site.ports))
        async with site.ports.database.reading() as session:
            assert len((await session.scalars(select(Challenge))).all()) == left
            assert len((await session.scalars(select(ContactChange))).all()) == bool(left)
