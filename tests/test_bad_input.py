"""Bad pages, cursors, dates and ids: every list and every stream of the schema is asked, new ones by themselves."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from graphql import build_schema
from sqlalchemy import select, update
from sqlmodel import col

from models.activities import Enrollment
from models.notifications import Notification, NotificationKind
from models.progress import Certificate, Grade
from models.tables import Row
from resolvers.context import Context
from resolvers.demo_catalog import demo_id
from resolvers.notices import Notice, notify
from schema.api import FINDERS, schema
from storage.database import Author
from tests.api import Api, Json
from tests.live_site import live_site
from tests.product import live
from tests.test_activities import CANCEL, ENROLL, nodes
from tests.test_activities_waiting import EVENT, doctors
from web.app import Site

__all__ = ["doctors"]

pytestmark = pytest.mark.anyio
SDL: Any = build_schema(schema.as_str())
PLACES = {"Query": "%s", "Viewer": "viewer { %s }", "Progress": "viewer { progress { %s } }"} | {
    "Portfolio": "viewer { portfolio { %s } }"
}
FILTERS = {"ActivityFilter": "viewer { activities(filter: %s) { totalCount } }"} | {
    "ProgressFilter": "viewer { progress { courses(filter: %s) { totalCount } } }"
}
SPOILED: dict[type, tuple[object, ...]] = {
    int: (2**31, -(2**31) - 1, 2**63),
    datetime: ("2026-01-01T00:00:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"),
}
FORGED = ("", "x", "zzz", "WzFd", "WzEsMiwzXQ", "e30", "bnVsbA", "Я", "0" * 3000)
MATERIALS = """
query ($id: ID!) { activity(id: $id) { materials { kind url } myEnrollment { state } } node(id: $id) {
  ... on Activity { materials { url } } } }
"""
NODE = "query ($id: ID!) { node(id: $id) { id } }"


def lists(argument: str) -> Iterator[tuple[str, str]]:
    """Every field that is read by pages and takes an argument, with the type it belongs to."""
    for kind, found in SDL.type_map.items():
        for name, field in getattr(found, "fields", {}).items():
            if {"first", argument} <= set(getattr(field, "args", {})):
                yield kind, name


def asked(kind: str, name: str, page: str) -> str:
    return f"query {{ {PLACES[kind] % f'{name}({page}) {{ __typename }}'} }}"


@pytest.fixture
async def callers(api: Api, site: Site) -> list[Api]:
    """A doctor and an organiser; between them they may read every list."""
    return [await api.as_demo("demo-1"), await api.as_demo("provider-6")]


async def answered(callers: list[Api], document: str) -> str | None:
    """The code of the answer to whoever may ask; None when there is an answer without an error."""
    for caller in callers:
        answer = await caller.ask(document)
        errors = answer.body.get("errors")
        code = None if not errors else str(errors[0]["extensions"]["code"])
        if code not in {"FORBIDDEN", "UNAUTHENTICATED"}:
            return code
    raise AssertionError(f"nobody may ask {document}")


async def test_3_1_1_and_3_4_7_every_list_has_pages_from_one_to_a_hundred(callers: list[Api]) -> None:
    wrong = [
        (kind, name, first)
        for kind, name in lists("first")
        for first in (0, -1, 101, 2_147_483_647)
        if await answered(callers, asked(kind, name, f"first: {first}"))
        not in {"BAD_PAGE_SIZE", "QUERY_REJECTED"}
    ]
    assert wrong == []
    good = [
        await answered(callers, asked(kind, name, f"first: {n}"))
        for kind, name in lists("first")
        for n in (1, 100)
    ]
    assert good == [None] * len(good)
    assert len(good) > 20


async def test_3_1_1_and_3_4_7_every_list_refuses_a_forged_cursor(callers: list[Api]) -> None:
    wrong = [
        (kind, name, cursor)
        for kind, name in lists("after")
        for cursor in FORGED
        if await answered(callers, asked(kind, name, f'after: "{cursor}"')) != "BAD_CURSOR"
    ]
    assert wrong == []


async def test_3_1_1_and_3_4_7_every_list_refuses_a_cursor_with_a_number_or_an_hour_that_no_row_has(
    callers: list[Api],
) -> None:
    spoiled = [
        (kind, name, held, cursor)
        for kind, name in lists("after")
        for held, cursor in spoilt(await last_cursor(callers, kind, name))
    ]
    wrong = [
        (kind, name, cursor)
        for kind, name, _, cursor in spoiled
        if await answered(callers, asked(kind, name, f'after: "{cursor}"')) != "BAD_CURSOR"
    ]
    assert wrong == []
    tried = {held: {name for _, name, found, _ in spoiled if found is held} for held in SPOILED}
    assert {"activities", "auditLog"} <= tried[int]
    assert {"courses", "grades"} <= tried[datetime]


async def last_cursor(callers: list[Api], kind: str, name: str) -> str | None:
    """A cursor as the list gives it out; None when nobody has a row in it."""
    document = f"query {{ {PLACES[kind] % f'{name}(first: 1) {{ pageInfo {{ endCursor }} }}'} }}"
    for caller in callers:
        if found := re.search(r'"endCursor": "(.+?)"', json.dumps((await caller.ask(document)).body)):
            return found[1]
    return None


def spoilt(cursor: str | None) -> Iterator[tuple[type, str]]:
    """The cursor with one of its values changed, and what that value was; its signature stays."""
    parts: list[Any] = [] if cursor is None else json.loads(urlsafe_b64decode(cursor + "=="))
    for place, value in list(enumerate(parts))[1:]:
        held = kind_of(value)
        for other in SPOILED.get(held, ()):
            changed = json.dumps([*parts[:place], other, *parts[place + 1 :]])
            yield held, urlsafe_b64encode(changed.encode()).decode()


def kind_of(value: Any) -> type:
    with suppress(TypeError, ValueError):
        datetime.fromisoformat(value)
        return datetime
    return int if isinstance(value, int) else object


async def test_3_4_17_every_stream_refuses_a_forged_cursor(api: Api, site: Site) -> None:
    doctor = await api.as_demo("demo-1")
    streams = [
        name
        for name, field in SDL.type_map["Subscription"].fields.items()
        if "after" in field.args and not any(str(part.type).endswith("!") for part in field.args.values())
    ]
    assert len(streams) >= 6
    async with live_site(site) as url, live(url, doctor.token) as connection:
        for name in streams:
            for cursor in ("x", "-1", "1,5", "1.5.5", "9" * 30, "١"):
                key = await connection.subscribe(
                    f'subscription {{ {name}(after: "{cursor}") {{ __typename }} }}'
                )
                while (message := await connection.next()).get("id") != key or message["type"] == "complete":
                    pass
                payload: Any = message["payload"]
                errors: list[Json] = payload if message["type"] == "error" else payload["errors"]
                assert errors[0]["extensions"]["code"] == "BAD_CURSOR", (name, cursor)


@pytest.mark.parametrize("kind", FILTERS)
async def test_3_1_8_and_3_4_11_reversed_dates_name_their_place_in_every_filter(
    callers: list[Api], kind: str
) -> None:
    dated = {
        name
        for name, found in SDL.type_map.items()
        for part in getattr(found, "fields", {}).values()
        if name.endswith("Filter") and str(part.type) == "DateRange"
    }
    assert dated == set(FILTERS)
    given = '{date: {from: "2026-11-26", to: "2026-11-24"}}'
    answer = await callers[0].ask(f"{{ {FILTERS[kind] % given} }}")
    assert answer.code == "INVALID_FORMAT"
    assert answer.body["errors"][0]["extensions"]["input"] == ["filter", "date", "from"]


async def test_3_2_1_and_3_4_1_what_is_anothers_looks_like_what_is_not_there(api: Api, site: Site) -> None:
    owner, other = demo_id("account", 1), await api.as_demo("demo-2")
    async with site.ports.database.transaction(Author("test", "")) as work:
        due = Notice(NotificationKind.DEADLINE, "Срок", "Срок")
        await notify(Context(site.ports), work, owner, due)
        mine: dict[str, object] = {"viewer": owner}
        mine["notification"] = await work.session.scalar(
            select(col(Notification.id)).where(col(Notification.title) == due.title)
        )
        mine["enrollment"] = await first(work.session, Enrollment, owner)
        mine["certificate"] = await first(work.session, Certificate, owner)
        element = demo_id("element", owner, 0)
        mine["grade"] = await work.session.scalar(
            select(col(Grade.id)).where(col(Grade.element_id) == element).limit(1)
        )
        mine |= {"element": element, "education": element, "document": demo_id("document", "DIPLOMA")}
    open_to_all = {"organizer", "course", "activity"}
    assert set(FINDERS) - open_to_all - set(mine) == {"application", "exportJob"}
    doctor = await api.as_demo("demo-1")
    for prefix, key in mine.items():
        held = f"{prefix}_{str(key).replace('-', '')}"
        assert (await doctor.data(NODE, id=held))["node"]["id"] == held
        foreign = await other.ask(NODE, id=held)
        absent = await other.ask(NODE, id=f"{prefix}_{'0' * 32}")
        assert foreign.code == absent.code == "NOT_FOUND"
        assert told(foreign.body) == told(absent.body)


async def first(session: Any, table: type[Row], owner: object) -> object:
    account_id, identity = (getattr(table, name) for name in ("account_id", "id"))
    return await session.scalar(select(identity).where(account_id == owner).limit(1))


def told(body: Json) -> Json:
    """An error without the number of its request."""
    (error,) = body["errors"]
    extensions = {name: value for name, value in error["extensions"].items() if name != "requestId"}
    return {**error, "extensions": extensions}


async def test_3_1_15_and_3_1_16_materials_are_open_to_those_who_take_part_and_to_nobody_else(
    doctors: list[Api],
) -> None:
    taking_part, waiting, stranger = doctors
    for doctor in (taking_part, waiting):
        await doctor.data(ENROLL, id=EVENT)
    assert [await seen(doctor) for doctor in doctors] == [
        *((1, 1, "ENROLLED"), (0, 0, "WAITLISTED")),
        (0, 0, None),
    ]
    await taking_part.data(CANCEL, id=EVENT)
    assert [await seen(doctor) for doctor in doctors] == [
        *((0, 0, "CANCELLED"), (1, 1, "ENROLLED")),
        (0, 0, None),
    ]
    assert all(not node["materials"] for node in await nodes(stranger, filter={"types": ["EVENT_WEBINAR"]}))


async def seen(doctor: Api) -> tuple[int, int, str | None]:
    found = await doctor.data(MATERIALS, id=EVENT)
    state = found["activity"]["myEnrollment"]
    counts = len(found["activity"]["materials"]), len(found["node"]["materials"])
    return *counts, state["state"] if state else None


async def test_3_1_16_a_recording_is_open_to_those_who_took_part_alone(api: Api, site: Site) -> None:
    doctor, other = await api.as_demo("demo-1"), await api.as_demo("demo-2")
    for state, count in (
        *(("ENROLLED", 1), ("ATTENDED", 1), ("CONFIRMED", 1)),
        *(("REQUESTED", 0), ("WAITLISTED", 0), ("CANCELLED", 0), ("REJECTED", 0)),
    ):
        async with site.ports.database.transaction(Author("test", "")) as work:
            held = update(Enrollment).where(col(Enrollment.account_id) == demo_id("account", 1))
            await work.session.execute(held.values(state=state))
        webinar = f"activity_{demo_id('activity', 25).hex}"
        found = (await doctor.data(MATERIALS, id=webinar))["activity"]["materials"]
        assert [material["kind"] for material in found].count("RECORDING") == count, state
        assert (await other.data(MATERIALS, id=webinar))["activity"]["materials"] == []
