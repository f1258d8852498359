"""Open streams of somebody who may no longer ask for them, over real sockets (security.md A56)."""

import asyncio
import json
from argparse import Namespace
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import col

from models.account import Account, Permission
from models.clock import SettableClock
from models.errors import Refusal, signed_out
from resolvers.blocking import grant, withdraw
from resolvers.context import Context
from resolvers.live_rights import while_allowed
from resolvers.sessions import caller_of
from storage.folders import StartError
from tests.api import Api, Json
from tests.exporting import ask
from tests.forms import SUBMIT, form
from tests.live_site import live_site
from tests.product import Live, live
from tests.reporting import lesson, record, result
from tests.signing_in import EMAIL
from tests.test_elements import add, course
from tests.test_exports_long import FOLLOW, fill
from tests.test_query_counts import counting
from web.app import Site
from web.commands import grant as grant_command
from web.commands import withdraw as withdraw_command
from web.settings import Settings

pytestmark = pytest.mark.anyio
FULL = ("progress", "education", "activities", "documents")
LEVEL = "subscription { account { ... on AccountDelta { account { accessLevel } } } }"
EDUCATION = """subscription { education {
    __typename ... on EducationSnapshot { elements { removable } } ... on EducationDelta { element { removable } } } }"""


def stream(name: str) -> str:
    return f"subscription {{ {name} {{ __typename }} }}"


class Told(Protocol):
    """One subscription, whatever carries it: its events, then the code that it ends with."""

    async def event(self) -> Json: ...

    async def end(self) -> Json:
        """The extensions of the error, of which nothing more comes."""
        ...


@dataclass
class BySocket(Told):
    connection: Live

    async def event(self) -> Json:
        message = await self.connection.next()
        assert message["type"] == "next", message
        return dict(message["payload"]["data"])

    async def end(self) -> Json:
        message = await self.connection.next()
        assert message["type"] == "error", message
        return dict(message["payload"][0]["extensions"])


@dataclass
class ByEvents(Told):
    lines: AsyncIterator[str]

    async def event(self) -> Json:
        return dict((await self._frame())["data"])

    async def end(self) -> Json:
        (error,) = (await self._frame())["errors"]
        assert [line async for line in self.lines if line] == ["event: complete", "data: "]
        return dict(error["extensions"])

    async def _frame(self) -> Json:
        async for line in self.lines:
            if line.startswith("data: {"):
                return dict(json.loads(line.removeprefix("data: ")))
        raise AssertionError("the stream has ended")


@asynccontextmanager
async def by_socket(url: str, token: str, query: str, **variables: object) -> AsyncGenerator[Told]:
    async with live(url, token) as connection:
        await connection.subscribe(query, **variables)
        yield BySocket(connection)


@asynccontextmanager
async def by_events(url: str, token: str, query: str, **variables: object) -> AsyncGenerator[Told]:
    headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream"}
    body = {"query": query, "variables": variables}
    async with (
        httpx.AsyncClient(timeout=20) as client,
        client.stream("POST", url, json=body, headers=headers) as answer,
    ):
        yield ByEvents(answer.aiter_lines())


Opened = Callable[..., AbstractAsyncContextManager[Told]]
either_way = pytest.mark.parametrize("opened", [by_socket, by_events])


async def owner_of(api: Api) -> tuple[Api, str]:
    owner = await api.as_demo("demo-1")
    assert owner.token is not None
    return owner, owner.token


async def fall(owner: Api) -> None:
    """Data that the register never answers for: the access is limited from now on (A4)."""
    answer = await owner.data(SUBMIT, input=form(1, passportNumber="654300"))
    assert answer["submitPersonalData"]["account"]["accessLevel"] == "LIMITED", answer


@pytest.fixture
async def idle(settings: Settings, clock: SettableClock) -> AsyncGenerator[Api]:
    """The product without a worker: an export that is asked for waits."""
    site = Site(settings, clock=clock, worker=False)
    async with site.starlette.router.lifespan_context(site.starlette), Api.open(site) as api:
        await fill(site)
        yield api


@either_way
@pytest.mark.parametrize("name", FULL)
async def test_a56_a_stream_ends_within_a_second_of_the_access_it_stood_on(
    api: Api, site: Site, opened: Opened, name: str
) -> None:
    owner, token = await owner_of(api)
    async with live_site(site) as url, opened(url, token, stream(name)) as told:
        await told.event()
        await fall(owner)
        async with asyncio.timeout(1):
            ended = await told.end()
        assert (ended["code"], ended["missing"]) == ("STEP_REQUIRED", ["PASS_REGISTRY_CHECK"])


async def test_a56_the_socket_and_its_other_streams_outlive_the_one_that_ended(api: Api, site: Site) -> None:
    owner, token = await owner_of(api)
    async with live_site(site) as url, live(url, token) as connection:
        lost, kept = await connection.subscribe(stream("progress")), await connection.subscribe(LEVEL)
        assert {(await connection.next())["id"] for _ in range(2)} == {lost, kept}
        await fall(owner)
        async with asyncio.timeout(1):
            said = {message["id"]: message for message in [await connection.next() for _ in range(2)]}
        assert said[kept]["payload"]["data"]["account"]["account"] == {"accessLevel": "LIMITED"}
        assert said[lost]["payload"][0]["extensions"]["code"] == "STEP_REQUIRED"
        again = await connection.subscribe(stream("progress"))
        message = await connection.next()
        assert message["id"] == again
        assert message["payload"]["errors"][0]["extensions"]["code"] == "STEP_REQUIRED"


@either_way
async def test_a56_a_stream_ends_within_a_second_of_the_right_it_stood_on(idle: Api, opened: Opened) -> None:
    owner, token = await owner_of(idle)
    context = Context(idle.site.ports)
    job = (await ask(owner, "ACTIVITIES", "CSV"))["job"]
    async with live_site(idle.site) as url:
        async with opened(url, token, FOLLOW, id=job["id"]) as told:
            await told.event()
            await withdraw(
                context, EMAIL, Permission.ACTIVITY_ENROLL
            )  # another right is none of its business
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await told.event()
        async with opened(url, token, FOLLOW, id=job["id"]) as told:
            await told.event()
            await withdraw(context, EMAIL, Permission.EXPORT)
            async with asyncio.timeout(1):
                assert (await told.end())["code"] == "FORBIDDEN"
        await grant(context, EMAIL, Permission.EXPORT)
        async with opened(url, token, FOLLOW, id=job["id"]) as told:
            assert (await told.event())["exportJob"]["job"]["state"] == "QUEUED"


@either_way
async def test_a56_a_right_that_went_without_a_word_ends_the_stream_at_the_next_look(
    api: Api, site: Site, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by an operator's command beside a server that shares no bus with it."""
    monkeypatch.setattr("web.doorkeeper.CHECK_SECONDS", 0.2)
    _, token = await owner_of(api)
    async with live_site(site) as url, opened(url, token, stream("documents")) as told:
        await told.event()
        async with site.ports.database.reading() as session:
            chosen = update(Account).where(col(Account.slug) == "demo-1")
            await session.execute(chosen.values(terms_version="0"))
        async with asyncio.timeout(1):
            ended = await told.end()
        assert (ended["code"], ended["missing"]) == ("STEP_REQUIRED", ["ACCEPT_TERMS"])


@either_way
async def test_a56_what_a_stream_shows_follows_the_rights_of_the_moment(
    api: Api, site: Site, opened: Opened
) -> None:
    owner, token = await owner_of(api)
    assert (await add(owner, course(24)))["errors"] == []
    async with live_site(site) as url, opened(url, token, EDUCATION) as told:
        assert any(element["removable"] for element in (await told.event())["education"]["elements"])
        await withdraw(Context(site.ports), EMAIL, Permission.PROFILE_EDIT)
        await restrict_elsewhere(api)
        shown = (await told.event())["education"]
        assert shown["__typename"] == "EducationSnapshot"
        assert not any(element["removable"] for element in shown["elements"])


async def test_a56_a_stream_begins_with_the_rights_of_the_moment(api: Api, site: Site) -> None:
    """Not with those that its caller had when the socket was opened."""
    _, token = await owner_of(api)
    caller = await caller_of(site.ports, token)
    await withdraw(Context(site.ports), EMAIL, Permission.PROFILE_EDIT)
    context, asked = Context(site.ports, caller, live=True), list[bool]()

    async def events() -> AsyncGenerator[str]:
        asked.append(Permission.PROFILE_EDIT in context.person.permissions)
        yield "shown"

    def refuse() -> None:
        raise signed_out()

    with pytest.raises(Refusal):
        await anext(while_allowed(context, events(), refuse))
    assert asked == []
    assert [event async for event in while_allowed(context, events(), lambda: None)] == ["shown"]
    assert asked == [False]


async def test_a56_an_event_costs_no_look_at_the_rights_of_who_sees_it(api: Api, site: Site) -> None:
    _, token = await owner_of(api)
    provider = await api.as_demo("provider-6")
    async with live_site(site) as url, by_socket(url, token, stream("progress")) as told:
        await told.event()
        with counting(site) as statements:
            for number in range(3):
                one = result(f"r{number}", 1, 5, lessonId=lesson(5, 0, 0, number))
                assert (await record(provider, one))["errors"] == []
                await told.event()
        assert [one for one in statements if "FROM course_progress" in one]
        assert [one for one in statements if "FROM account" in one and "WHERE account.id IN" in one] == []


async def restrict_elsewhere(api: Api) -> None:
    """A restriction of course 24 on adding: it is shown, and takes nothing that may be removed."""
    institution = await api.as_demo("provider-1")
    set_one = (
        """mutation ($input: SetRestrictionInput!) { setRestriction(input: $input) { errors { code } } }"""
    )
    asked = {"action": "ADD", "reason": "Набор закрыт", "courseId": course(24)}
    assert (await institution.data(set_one, input=asked))["setRestriction"]["errors"] == []


def test_a56_an_operator_gives_a_right_and_takes_it_away(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    grant_command(settings, Namespace(login=EMAIL, right="MANAGE_POLICIES"))
    withdraw_command(settings, Namespace(login=EMAIL, right="MANAGE_POLICIES"))
    assert capsys.readouterr().out == "Право дано.\nПраво снято.\n"
    with pytest.raises(StartError, match=r"Нет права ADMIN, есть .*EXPORT"):
        withdraw_command(settings, Namespace(login=EMAIL, right="ADMIN"))
