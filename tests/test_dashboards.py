"""Tokens of wall screens: they read what they name, change nothing, and end when told to (2.2-10, 3.4-17)."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from models.clock import SettableClock
from tests.access_table import TABLE
from tests.api import PASSWORD, Api, Json
from tests.live_site import live_site
from tests.product import live
from tests.reporting import lesson, record, result
from tests.signing_in import reauthenticate
from tests.test_access import first_word, operation
from web.app import Site

pytestmark = pytest.mark.anyio

CREATE = """
mutation ($input: DashboardTokenInput!) { createDashboardToken(input: $input) {
  token dashboardToken { id name fields expiresAt revokedAt } errors { code path }
} }
"""
REVOKE = """
mutation ($id: ID!) { revokeDashboardToken(id: $id) { dashboardToken { revokedAt } errors { code path } } }
"""
TOKENS = "{ viewer { dashboardTokens { id name fields revokedAt } } }"
PROGRESS = """
{ viewer { progress { summary { modulesTotal } courses { totalCount } grades { edges { node { score } } } } } }
"""
LIVE = "subscription { progress { __typename ... on ProgressDelta { course { version } } } }"
OPEN = {
    "PROGRESS": {"Viewer.progress", "Subscription.progress"},
    "ACTIVITIES": {"Viewer.activities", "Subscription.activities"},
    "EDUCATION": {"Viewer.education", "Subscription.education"},
    "NOTIFICATIONS": {
        *("Viewer.notifications", "Viewer.unreadNotifications", "Subscription.notifications"),
    },
}


@pytest.fixture
async def doctor(api: Api) -> Api:
    """A doctor who has just proved who they are."""
    doctor = await api.as_demo("demo-1")
    assert (await reauthenticate(doctor, PASSWORD))["errors"] == []
    return doctor


async def create(doctor: Api, *fields: str, **given: Any) -> Json:
    asked = {"name": "Экран в холле", "fields": list(fields), **given}
    payload: Json = (await doctor.data(CREATE, input=asked))["createDashboardToken"]
    return payload


async def screen(doctor: Api, *fields: str) -> Api:
    """A caller with a token of these parts."""
    payload = await create(doctor, *fields)
    assert payload["errors"] == []
    return Api(doctor.site, doctor.http, payload["token"])


async def revoke(doctor: Api, payload: Json) -> Json:
    answer = await doctor.data(REVOKE, id=payload["dashboardToken"]["id"])
    found: Json = answer["revokeDashboardToken"]
    return found


def forbidden(answer: Json) -> bool:
    errors: list[Json] = answer.get("errors") or []
    return "FORBIDDEN" in [error["extensions"]["code"] for error in errors]


@pytest.mark.parametrize("part", OPEN)
async def test_2_2_10_a_screen_sees_what_its_token_names_and_every_other_field_is_forbidden(
    doctor: Api, part: str
) -> None:
    wall = await screen(doctor, part)
    opened = {
        f"{kind}.{field}"
        for kind in ("Query", "Mutation", "Viewer")
        for field in TABLE[kind]
        if not forbidden((await wall.ask(operation(kind, field))).body)
    }
    async with live_site(doctor.site) as url, live(url, wall.token) as connection:
        for field in TABLE["Subscription"]:
            if not forbidden(await first_word(connection, operation("Subscription", field))):
                opened.add(f"Subscription.{field}")
    assert opened == {"Query.viewer", *OPEN[part]}


async def test_2_2_10_aliases_fragments_and_node_open_nothing_more(doctor: Api) -> None:
    wall = await screen(doctor, "PROGRESS")
    assert (await wall.data(PROGRESS))["viewer"]["progress"]["courses"]["totalCount"] > 0
    for query in (
        "{ viewer { progress: profile { __typename } } }",
        "{ viewer { ...Part } } fragment Part on Viewer { progress: auditLog { totalCount } }",
        '{ node(id: "course_00000000000000000000000000000000") { id } }',
        TOKENS,
    ):
        assert forbidden((await wall.ask(query)).body), query


async def test_2_2_10_files_of_courses_stay_closed_to_a_screen(doctor: Api, site: Site) -> None:
    wall = await screen(doctor, "EDUCATION")
    link = "/materials/00000000-0000-0000-0000-000000000000/00000000-0000-0000-0000-000000000000"
    headers = {"authorization": f"Bearer {wall.token}"}
    answers: list[httpx.Response] = [await wall.http.get(link, headers=headers)]
    assert [answer.status_code for answer in answers] == [403]


async def test_3_4_17_a_screen_shows_a_result_live_and_goes_dark_when_its_token_is_revoked(
    doctor: Api, site: Site
) -> None:
    payload = await create(doctor, "PROGRESS")
    provider = await doctor.as_demo("provider-6")
    async with live_site(site) as url, live(url, payload["token"]) as connection:
        await connection.subscribe(LIVE)
        assert (await connection.event("progress"))["__typename"] == "ProgressSnapshot"
        await record(provider, result("on-the-wall", 1, 5, lessonId=lesson(5, 0, 0, 0)))
        assert (await asyncio.wait_for(connection.event("progress"), 5))["__typename"] == "ProgressDelta"
        assert (await revoke(doctor, payload))["dashboardToken"]["revokedAt"]
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(_to_the_end(connection), 5)
    dark = Api(site, doctor.http, payload["token"])
    assert (await dark.ask(PROGRESS)).code == "UNAUTHENTICATED"
    assert (await revoke(doctor, payload))["errors"] == []


async def _to_the_end(connection: Any) -> None:
    while True:
        await connection.next()


async def test_2_2_10_a_token_ends_by_its_date_and_with_all_sessions(
    doctor: Api, clock: SettableClock
) -> None:
    short = Api(doctor.site, doctor.http, (await create(doctor, "PROGRESS", days=1))["token"])
    long = await screen(doctor, "PROGRESS")
    clock.advance(timedelta(days=1))
    assert (await short.ask(PROGRESS)).code == "UNAUTHENTICATED"
    assert await long.data(PROGRESS)
    again = await doctor.as_demo("demo-1")
    await again.data("mutation { logout(allSessions: true) { errors { code } } }")
    assert (await long.ask(PROGRESS)).code == "UNAUTHENTICATED"


async def test_2_2_10_mistakes_are_told_all_at_once_and_nobody_ends_the_token_of_another(doctor: Api) -> None:
    wrong = await create(doctor, name=" ", days=0)
    assert [(e["code"], e["path"]) for e in wrong["errors"]] == [
        ("REQUIRED", ["name"]),
        ("REQUIRED", ["fields"]),
        ("INVALID_FORMAT", ["days"]),
    ]
    made = await create(doctor, "PROGRESS", "PROGRESS", "ACTIVITIES")
    assert made["dashboardToken"]["fields"] == ["PROGRESS", "ACTIVITIES"]
    other = await doctor.as_demo("demo-2")
    assert (await revoke(other, made))["errors"][0]["code"] == "NOT_FOUND"
    assert (await create(other, "PROGRESS"))["errors"][0]["code"] == "REAUTH_REQUIRED"
    for _ in range(9):
        await create(doctor, "PROGRESS")
    assert (await create(doctor, "PROGRESS"))["errors"][0]["code"] == "RATE_LIMITED"
    assert len((await doctor.data(TOKENS))["viewer"]["dashboardTokens"]) == 10
