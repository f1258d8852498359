"""Removing an element through the public API: the dialogue, the loss, and what stays known (requirements 3.2)."""

import asyncio
from datetime import timedelta

import pytest

from models.clock import SettableClock
from resolvers.demo_catalog import demo_id
from tests.api import Api, Json
from tests.reporting import record, result
from tests.test_elements import ADD, course, elements, fetched

pytestmark = pytest.mark.anyio

PREVIEW = """
query ($id: ID!) { viewer { removalPreview(id: $id) {
  gradesCount certificatesCount warning confirmationToken expiresAt
} } }
"""
REMOVE = """
mutation ($id: ID!, $token: String!) { removeEducationElement(input: {id: $id, confirmationToken: $token}) {
  removedId deletedGrades deletedCertificates errors { code path }
} }
"""
LOG = """
{ viewer { auditLog(first: 5) { edges { node { action title } } } auditChainValid
  progress { grades(first: 100) { totalCount } courses(first: 50) { totalCount } } } }
"""


def education(person: int, number: int) -> str:
    return f"education_{demo_id('element', demo_id('account', person), number).hex}"


async def preview(api: Api, element: str) -> Json:
    found: Json = (await api.data(PREVIEW, id=element))["viewer"]["removalPreview"]
    return found


async def remove(api: Api, element: str, token: str) -> Json:
    removed: Json = (await api.data(REMOVE, id=element, token=token))["removeEducationElement"]
    return removed


async def test_3_2_14_the_dialogue_tells_what_will_be_lost(doctor: Api) -> None:
    asked = await preview(doctor, education(1, 0))
    assert (asked["gradesCount"], asked["certificatesCount"]) == (4, 1)
    assert "оценки (4) и удостоверения (1)" in asked["warning"]
    begun = await preview(doctor, education(1, 3))
    assert (begun["gradesCount"], begun["certificatesCount"]) == (1, 0)


async def test_3_2_9_and_3_2_10_and_3_2_12_and_3_2_13_after_confirmation_everything_of_it_is_gone(
    doctor: Api,
) -> None:
    target = education(1, 0)
    (held,) = [item for item in await elements(doctor) if item["id"] == target]
    url = held["materials"][0]["url"]
    assert (await fetched(doctor, url)).status_code == 200
    before = (await doctor.data(LOG))["viewer"]["progress"]["grades"]["totalCount"]
    removed = await remove(doctor, target, (await preview(doctor, target))["confirmationToken"])
    assert removed == {"removedId": target, "deletedGrades": 4, "deletedCertificates": 1, "errors": []}
    assert target not in [item["id"] for item in await elements(doctor)]
    assert (await fetched(doctor, url)).status_code == 404
    now = (await doctor.data(LOG))["viewer"]
    assert now["progress"] == {"grades": {"totalCount": before - 4}, "courses": {"totalCount": 5}}
    newest = now["auditLog"]["edges"][0]["node"]
    assert newest["action"] == "education:element:removed"
    assert now["auditChainValid"]
    assert (await doctor.ask("query ($id: ID!) { node(id: $id) { id } }", id=target)).code == "NOT_FOUND"
    assert (await doctor.ask(PREVIEW, id=target)).code == "NOT_FOUND"
    assert [error["code"] for error in (await remove(doctor, target, "x"))["errors"]] == ["NOT_FOUND"]


async def test_3_2_10_and_3_2_11_taken_up_again_it_is_new_and_old_links_stay_dead(doctor: Api) -> None:
    target = education(1, 0)
    (held,) = [item for item in await elements(doctor) if item["id"] == target]
    await remove(doctor, target, (await preview(doctor, target))["confirmationToken"])
    (again,) = (await doctor.data(ADD, ids=[course(0)]))["addEducationElements"]["elements"]
    assert again["id"] != target
    assert again["progress"]["percent"] == 0.0
    assert (await fetched(doctor, held["materials"][0]["url"])).status_code == 404
    assert (await fetched(doctor, again["materials"][0]["url"])).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "0.", "1795600000.00", "9" * 400, "٣.ab"])
async def test_3_2_9_without_the_confirmation_it_is_refused(doctor: Api, token: str) -> None:
    refused = await remove(doctor, education(1, 0), token)
    assert refused["errors"] == [{"code": "CONFIRMATION_REQUIRED", "path": ["confirmationToken"]}]
    assert len(await elements(doctor)) == 6


async def test_3_2_9_a_confirmation_is_for_one_element_and_ten_minutes(
    doctor: Api, clock: SettableClock
) -> None:
    token = (await preview(doctor, education(1, 0)))["confirmationToken"]
    refused = await remove(doctor, education(1, 1), token)
    assert [error["code"] for error in refused["errors"]] == ["CONFIRMATION_REQUIRED"]
    later = f"{int(token.partition('.')[0]) + 600}.{token.partition('.')[2]}"
    refused = await remove(doctor, education(1, 0), later)
    assert [error["code"] for error in refused["errors"]] == ["CONFIRMATION_REQUIRED"]
    clock.advance(timedelta(minutes=10, seconds=1))
    refused = await remove(doctor, education(1, 0), token)
    assert [error["code"] for error in refused["errors"]] == ["CONFIRMATION_REQUIRED"]


async def test_3_2_9_a_confirmation_dies_when_the_counts_change(doctor: Api, api: Api) -> None:
    token = (await preview(doctor, education(1, 5)))["confirmationToken"]
    await record(await api.as_demo("provider-6"), graded("late"))
    refused = await remove(doctor, education(1, 5), token)
    assert [error["code"] for error in refused["errors"]] == ["CONFIRMATION_REQUIRED"]
    fresh = await preview(doctor, education(1, 5))
    assert fresh["gradesCount"] == 1
    removed = await remove(doctor, education(1, 5), fresh["confirmationToken"])
    assert removed["deletedGrades"] == 1


async def test_3_2_1_a_foreign_element_is_not_found(api: Api, doctor: Api) -> None:
    other = await api.as_demo("demo-2")
    token = (await preview(other, education(2, 0)))["confirmationToken"]
    assert (await doctor.ask(PREVIEW, id=education(2, 0))).code == "NOT_FOUND"
    assert [error["code"] for error in (await remove(doctor, education(2, 0), token))["errors"]] == [
        "NOT_FOUND"
    ]
    assert len(await elements(other)) == 4


async def test_3_2_12_later_results_are_refused_by_row(doctor: Api, api: Api) -> None:
    provider = await api.as_demo("provider-6")
    token = (await preview(doctor, education(1, 5)))["confirmationToken"]
    await remove(doctor, education(1, 5), token)
    receipt = await record(provider, graded("gone"))
    assert receipt["accepted"] == 0
    assert [error["code"] for error in receipt["errors"]] == ["NOT_FOUND"]


def graded(statement: str) -> Json:
    return result(
        statement,
        1,
        5,
        assessmentId=f"assessment_{demo_id('assessment', 5, 0).hex}",
        scaled=0.9,
        verb="PASSED",
    )


async def test_3_2_12_a_grade_and_a_removal_at_once_end_as_if_one_after_the_other(
    doctor: Api, api: Api
) -> None:
    provider = await api.as_demo("provider-6")
    outcomes: set[str] = set()
    for turn in range(25):
        (element,) = (await doctor.data(ADD, ids=[course(5)]))["addEducationElements"]["elements"]
        token = (await preview(doctor, element["id"]))["confirmationToken"]
        one = graded(f"race-{turn}") | {"elementId": element["id"].replace("education", "element")}

        async def grade(one: Json = one, wait: int = turn % 5) -> Json:
            await asyncio.sleep(wait / 500)
            return await record(provider, one)

        receipt, removed = await asyncio.gather(grade(), remove(doctor, element["id"], token))
        if removed["removedId"]:
            # Removed first: the grade found nothing to belong to.
            assert removed["deletedGrades"] == 0
            assert (receipt["accepted"], len(receipt["errors"])) == (0, 1)
            outcomes.add("removed first")
        else:
            # Graded first: the confirmation was for another loss.
            assert receipt["accepted"] == 1
            assert [error["code"] for error in removed["errors"]] == ["CONFIRMATION_REQUIRED"]
            fresh = await preview(doctor, element["id"])
            assert fresh["gradesCount"] == 1
            await remove(doctor, element["id"], fresh["confirmationToken"])
            outcomes.add("graded first")
    assert outcomes
    assert len(await elements(doctor)) == 5
