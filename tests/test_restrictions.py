"""Restrictions of institutions through the public API (3.2-16)."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from models.account import Account
from models.clock import SettableClock
from resolvers.demo_catalog import demo_id
from storage.database import Author
from tests.api import Api, Json
from tests.test_elements import add, catalog, course, elements
from tests.test_removal import education, preview, remove
from web.app import Site

pytestmark = pytest.mark.anyio

SET = """
mutation ($input: SetRestrictionInput!) { setRestriction(input: $input) {
  restriction { id action kind reason startsAt endsAt organizer { name } course { id } } errors { code path }
} }
"""
LIFT = """
mutation ($id: ID!) { liftRestriction(input: {id: $id}) { restriction { liftedAt } errors { code path } } }
"""
LIST = "{ restrictions(first: 10) { edges { node { id reason liftedAt } } } }"


def organizer(number: int) -> str:
    return f"organizer_{demo_id('organizer', number).hex}"


@pytest.fixture
async def institution(api: Api) -> Api:
    """The organiser of courses 0, 12 and 24."""
    return await api.as_demo("provider-1")


async def restrict(api: Api, **given: object) -> Json:
    made: Json = (await api.data(SET, input={"reason": "Набор закрыт", **given}))["setRestriction"]
    return made


async def test_3_2_16_adding_is_restricted_with_the_reason_and_lifted(doctor: Api, institution: Api) -> None:
    made = await restrict(institution, action="ADD", courseId=course(24))
    assert made["errors"] == []
    assert made["restriction"]["organizer"]["name"] == "Академия непрерывного медицинского образования"
    shown = {item["id"]: item for item in await catalog(doctor)}
    assert (shown[course(24)]["addable"], shown[course(24)]["restriction"]) == (False, "Набор закрыт")
    assert (shown[course(12)]["addable"], shown[course(12)]["restriction"]) == (True, None)
    assert course(24) not in [item["id"] for item in await catalog(doctor, filter={"onlyAddable": True})]
    refused = await add(doctor, course(12), course(24))
    assert refused["elements"] == []
    (error,) = refused["errors"]
    assert (error["code"], error["path"]) == ("POLICY_RESTRICTED", ["courseIds", "1"])
    assert "Набор закрыт" in error["message"]
    for _ in range(2):
        lifted = (await institution.data(LIFT, id=made["restriction"]["id"]))["liftRestriction"]
        assert lifted["restriction"]["liftedAt"]
    assert (await add(doctor, course(12), course(24)))["errors"] == []


async def test_3_2_16_removal_is_restricted_with_the_reason(doctor: Api, institution: Api) -> None:
    token = (await preview(doctor, education(1, 0)))["confirmationToken"]
    await restrict(institution, action="REMOVE", reason="Идёт аттестация")
    held = {item["id"]: item for item in await elements(doctor)}
    assert (held[education(1, 0)]["removable"], held[education(1, 0)]["restriction"]) == (
        False,
        "Идёт аттестация",
    )
    assert held[education(1, 1)]["removable"]
    refused = await remove(doctor, education(1, 0), token)
    assert [error["code"] for error in refused["errors"]] == ["POLICY_RESTRICTED"]
    assert education(1, 0) in [item["id"] for item in await elements(doctor)]


async def test_3_2_16_what_is_held_already_is_not_refused_again(doctor: Api, institution: Api) -> None:
    await restrict(institution, action="ADD")
    again = await add(doctor, course(0))
    assert again["errors"] == []


async def test_3_2_16_a_kind_and_a_period(doctor: Api, institution: Api, clock: SettableClock) -> None:
    kinds = {item["id"]: item["kind"] for item in await catalog(doctor)}
    start, end = clock.now() + timedelta(minutes=1), clock.now() + timedelta(minutes=2)
    made = await restrict(
        institution,
        action="ADD",
        kind=kinds[course(12)],
        startsAt=start.isoformat(),
        endsAt=end.isoformat(),
    )
    assert made["errors"] == []

    async def restricted() -> set[str]:
        return {item["id"] for item in await catalog(doctor) if item["restriction"]}

    assert await restricted() == set()
    clock.advance(timedelta(minutes=1))
    own = {course(0), course(12), course(24)}
    assert await restricted() == {name for name in own if kinds[name] == kinds[course(12)]}
    clock.advance(timedelta(minutes=1))
    assert await restricted() == set()


async def test_3_2_16_an_institution_governs_only_its_own(api: Api, institution: Api) -> None:
    foreign = await restrict(institution, action="ADD", courseId=course(1))
    assert foreign["errors"] == [{"code": "NOT_FOUND", "path": ["courseId"]}]
    other = await restrict(institution, action="ADD", organizerId=organizer(2))
    assert other["errors"] == [{"code": "NOT_FOUND", "path": ["organizerId"]}]
    made = (await restrict(institution, action="ADD"))["restriction"]
    neighbour = await api.as_demo("provider-2")
    lifted = (await neighbour.data(LIFT, id=made["id"]))["liftRestriction"]
    assert lifted["errors"] == [{"code": "NOT_FOUND", "path": ["id"]}]
    assert (await neighbour.data(LIST))["restrictions"]["edges"] == []
    (listed,) = (await institution.data(LIST))["restrictions"]["edges"]
    assert listed["node"] == {"id": made["id"], "reason": "Набор закрыт", "liftedAt": None}


async def test_3_2_16_all_mistakes_are_told_at_once(institution: Api, clock: SettableClock) -> None:
    refused = await restrict(
        institution, action="ADD", reason=" ", endsAt=clock.now().isoformat(), courseId=course(1)
    )
    assert refused["errors"] == [
        {"code": "REQUIRED", "path": ["reason"]},
        {"code": "INVALID_FORMAT", "path": ["endsAt"]},
        {"code": "NOT_FOUND", "path": ["courseId"]},
    ]
    long = await restrict(institution, action="ADD", reason="а" * 501)
    assert long["errors"] == [{"code": "INVALID_FORMAT", "path": ["reason"]}]


async def test_3_2_16_a_person_needs_the_right_and_names_the_institution(
    api: Api, doctor: Api, site: Site
) -> None:
    asked = {"action": "ADD", "reason": "Набор закрыт", "organizerId": organizer(3)}
    assert (await api.ask(SET, input=asked)).code == "UNAUTHENTICATED"
    assert (await doctor.ask(SET, input=asked)).code == "FORBIDDEN"
    assert (await doctor.ask(LIST)).code == "FORBIDDEN"
    async with site.ports.database.transaction(Author("test", "")) as work:
        await work.session.execute(
            update(Account)
            .where(col(Account.id) == demo_id("account", 1))
            .values(permissions=["MANAGE_POLICIES"])
        )
    assert (await restrict(doctor, action="ADD", organizerId=organizer(3)))["errors"] == []
    assert (await restrict(doctor, action="ADD"))["errors"] == [{"code": "REQUIRED", "path": ["organizerId"]}]
    unknown = await restrict(doctor, action="ADD", organizerId="organizer_" + "0" * 32)
    assert unknown["errors"] == [{"code": "NOT_FOUND", "path": ["organizerId"]}]
    assert len((await doctor.data(LIST))["restrictions"]["edges"]) == 1
