"""The access table holds operation by operation over HTTP and over the socket (2.2-10, A25)."""

from typing import Any, cast

import pytest
from graphql import build_schema
from sqlalchemy import update
from sqlmodel import col

from models.account import Account
from schema.api import schema
from tests.access_table import TABLE, Verdict
from tests.api import Api, Json
from tests.live_site import live_site
from tests.product import Live, live
from web.app import Site

pytestmark = pytest.mark.anyio
SDL: Any = build_schema(schema.as_str())
STOPPED = {"UNAUTHENTICATED", "STEP_REQUIRED", "FORBIDDEN"}
LETS_IN = {
    "nobody": {Verdict.ANYBODY},
    "unconfirmed": {Verdict.ANYBODY},
    "locked": {Verdict.ANYBODY},
    "limited": {Verdict.ANYBODY, Verdict.LIMITED},
    "full": {Verdict.ANYBODY, Verdict.LIMITED, Verdict.FULL},
    "provider": {Verdict.ANYBODY, Verdict.PROVIDER},
}


def fields(kind: str) -> dict[str, Any]:
    return {name: field for name, field in SDL.type_map[kind].fields.items() if name != "id"}


def literal(kind: str) -> str:
    """Some value of an input type, with no more in it than it must hold."""
    bare = kind.rstrip("!")
    if bare.startswith("["):
        return "[]"
    found: Any = SDL.type_map[bare]
    if hasattr(found, "values"):
        return str([*found.values][-1])  # the keeping of a session that a program may choose
    if hasattr(found, "fields"):
        needed = {name: str(part.type) for name, part in found.fields.items() if is_needed(part)}
        return f"{{{', '.join(f'{name}: {literal(part)}' for name, part in needed.items())}}}"
    return {"Int": "1", "Float": "1", "Boolean": "false", "Date": '"2026-01-01"'}.get(bare, '"0"')


def is_needed(part: Any) -> bool:
    return str(part.type).endswith("!") and str(part.default_value) == "Undefined"


def is_leaf(kind: Any) -> bool:
    found: Any = SDL.type_map[str(kind).strip("[]!")]
    return not (hasattr(found, "fields") or hasattr(found, "types"))


def operation(kind: str, name: str) -> str:
    """A document that calls one field and asks for as little as it can."""
    field = fields(kind)[name]
    given = ", ".join(
        f"{argument}: {literal(str(part.type))}" for argument, part in field.args.items() if is_needed(part)
    )
    call = f"{name}({given})" if given else name
    call += "" if is_leaf(field.type) else f" {{ {asked(kind)} }}"
    return f"query {{ viewer {{ {call} }} }}" if kind == "Viewer" else f"{kind.lower()} {{ {call} }}"


def asked(kind: str) -> str:
    return "__typename errors { code }" if kind == "Mutation" else "__typename"


def stopped(answer: Json) -> bool:
    """Whether the caller was turned away at the door of the field."""
    errors: list[Json] = answer.get("errors") or []
    data: Json = answer.get("data") or {}
    payloads = [cast(Json, part) for part in data.values() if isinstance(part, dict)]
    mistakes: list[Json] = [error for payload in payloads for error in payload.get("errors", [])]
    top: set[str] = {error["extensions"]["code"] for error in errors}
    inner: set[str] = {error["code"] for error in mistakes}
    assert not {"GRAPHQL_VALIDATION_FAILED", "INTERNAL"} & top, answer
    return bool(STOPPED & (top | inner))


async def caller(api: Api, site: Site, name: str) -> Api:
    """A fresh caller for every operation, since some of them end sessions."""
    steps: dict[str, dict[str, str | None]] = {
        "unconfirmed": {"email_confirmed_at": None, "phone_confirmed_at": None},
        "locked": {"state": "LOCKED"},
        "limited": {"terms_version": "0"},
    }
    if name == "nobody":
        return Api(site, api.http)
    if name in steps:
        async with site.ports.database.reading() as session:
            changed = update(Account).where(col(Account.slug) == "demo-1").values(**steps[name])
            await session.execute(changed)
    return await api.as_demo("provider-1" if name == "provider" else "demo-1")


def test_2_2_10_every_field_has_a_verdict_and_every_verdict_a_field() -> None:
    assert {kind: set(fields(kind)) for kind in TABLE} == {kind: set(rows) for kind, rows in TABLE.items()}


@pytest.mark.parametrize("name", LETS_IN)
async def test_2_2_10_the_table_holds_over_http(api: Api, site: Site, name: str) -> None:
    wrong: list[str] = []
    for kind in ("Query", "Mutation", "Viewer"):
        for field, verdict in TABLE[kind].items():
            who = await caller(api, site, name)
            answer = await who.ask(operation(kind, field))
            if stopped(answer.body) is (verdict in LETS_IN[name]):
                wrong.append(f"{kind}.{field}")
    assert wrong == []


async def first_word(connection: Live, document: str) -> Json:
    """The first answer to an operation over the socket, in the shape that HTTP gives; the operation is ended."""
    key = await connection.subscribe(document)
    while (message := await connection.next()).get("id") != key or message["type"] == "complete":
        pass
    await connection.send({"id": key, "type": "complete"})
    answer: Json = message["payload"] if message["type"] == "next" else {"errors": message["payload"]}
    return answer


@pytest.mark.parametrize("name", LETS_IN)
async def test_2_2_10_the_table_holds_over_the_socket(api: Api, site: Site, name: str) -> None:
    who = await caller(api, site, name)
    wrong: list[str] = []
    async with live_site(site) as url, live(url, who.token) as connection:
        for kind in ("Query", "Viewer", "Subscription"):
            for field, verdict in TABLE[kind].items():
                answer = await first_word(connection, operation(kind, field))
                if stopped(answer) is (verdict in LETS_IN[name]):
                    wrong.append(f"{kind}.{field}")
    assert wrong == []


async def test_2_2_10_nobody_changes_anything_over_the_socket(api: Api, site: Site) -> None:
    who = await caller(api, site, "full")
    async with live_site(site) as url, live(url, who.token) as connection:
        answers = [await first_word(connection, operation("Mutation", field)) for field in TABLE["Mutation"]]
    assert {error["extensions"]["code"] for answer in answers for error in answer["errors"]} == {
        "BAD_REQUEST"
    }
