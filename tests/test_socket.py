"""graphql-transport-ws on a real server: tokens, limits, revocation, stuck readers."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.types import Message, Scope
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from tests.edge_server import LiveServer, serving
from tests.edge_toy import Board, toy_app
from web.limits import Limits

LIMITS = Limits(
    socket_init_seconds=0.4, stuck_seconds=1.2, socket_subscriptions=3, sockets_per_user=2, deadline_seconds=1
)
PROTOCOL = Subprotocol("graphql-transport-ws")
pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def live() -> Generator[LiveServer]:
    with serving(LIMITS) as server:
        yield server


class Talk:
    """A client that speaks in messages."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, message: object) -> None:
        await self.connection.send(json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            message: dict[str, Any] = json.loads(await self.connection.recv())
        return message

    async def subscribe(self, key: str, query: str, **more: object) -> None:
        await self.say({"id": key, "type": "subscribe", "payload": {"query": query, **more}})

    async def closed(self) -> int:
        """The code of the close, whatever comes before it."""
        async with asyncio.timeout(8):
            try:
                while True:
                    await self.connection.recv()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006


@asynccontextmanager
async def opened(live: LiveServer, **headers: str) -> AsyncGenerator[Talk]:
    origin = headers.pop("origin", None)
    async with connect(
        live.url.replace("http", "ws"),
        subprotocols=[PROTOCOL],
        origin=Origin(origin) if origin else None,
        additional_headers=headers,
        max_size=None,
    ) as connection:
        yield Talk(connection)


@asynccontextmanager
async def greeted(live: LiveServer, token: str | None = None, **headers: str) -> AsyncGenerator[Talk]:
    async with opened(live, **headers) as talk:
        await talk.say({"type": "connection_init", "payload": {"token": token} if token else None})
        assert (await talk.hear()) == {"type": "connection_ack"}
        yield talk


async def who(talk: Talk) -> object:
    await talk.subscribe("w", "{who}")
    answer = await talk.hear()
    assert await talk.hear() == {"id": "w", "type": "complete"}
    return answer["payload"]["data"]["who"]


async def test_the_token_of_connection_init_is_believed(live: LiveServer) -> None:
    async with greeted(live, "good-init") as talk:
        assert await who(talk) == "good-init"


async def test_the_cookie_counts_only_from_our_page(live: LiveServer) -> None:
    async with greeted(live, Cookie="nmo_session=good-page", origin=live.origin) as talk:
        assert await who(talk) == "good-page"
    async with greeted(live, Cookie="nmo_session=good-page") as talk:
        assert await who(talk) is None


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
async def test_a_foreign_origin_is_refused_at_the_handshake(live: LiveServer, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with opened(live, origin=origin):
            pass
    assert refused.value.response.status_code == 403


async def test_a_forged_token_closes_with_4401(live: LiveServer) -> None:
    async with opened(live) as talk:
        await talk.say({"type": "connection_init", "payload": {"token": "forged"}})
        assert await talk.closed() == 4401


async def test_silence_after_the_handshake_closes_with_4408(live: LiveServer) -> None:
    async with opened(live) as talk:
        assert await talk.closed() == 4408


async def test_pings_do_not_put_off_the_init(live: LiveServer) -> None:
    async with opened(live) as talk:
        started = time.monotonic()
        for _ in range(3):
            await talk.say({"type": "ping"})
            await asyncio.sleep(0.1)
        assert await talk.closed() == 4408
        assert time.monotonic() - started < 1


async def test_a_mutation_over_the_socket_is_an_error_of_its_operation(live: LiveServer) -> None:
    async with greeted(live) as talk:
        await talk.subscribe("m", 'mutation {enroll(id: "1") {id}}')
        answer = await talk.hear()
        assert (answer["id"], answer["type"]) == ("m", "error")
        assert answer["payload"][0]["extensions"]["code"] == "BAD_REQUEST"
        assert await who(talk) is None


@pytest.mark.parametrize(("field", "code"), [("shaky", "UNAVAILABLE"), ("shaky(broken: true)", "INTERNAL")])
async def test_an_event_that_cannot_be_shown_ends_its_operation_and_moves_no_cursor(
    live: LiveServer, field: str, code: str
) -> None:
    async with greeted(live) as talk:
        await talk.subscribe("s", f"subscription {{progress(everyMs: 20) {{cursor {field}}}}}")
        shown, ended = await talk.hear(), await talk.hear()
        assert (shown["type"], shown["payload"]["data"]["progress"]["cursor"]) == ("next", "1")
        assert (ended["type"], ended["payload"][0]["extensions"]["code"]) == ("error", code)
        assert "secret" not in json.dumps(ended)
        assert await who(talk) is None


async def test_a_failing_operation_leaves_the_others_alone(live: LiveServer) -> None:
    async with greeted(live) as talk:
        await talk.subscribe("live", "subscription {progress(everyMs: 20) {cursor}}")
        await talk.subscribe("bad", "subscription {broken}")
        heard = [await talk.hear() for _ in range(8)]
    broken = [message for message in heard if message["id"] == "bad"]
    assert [message["type"] for message in broken] == ["next", "error"]
    assert broken[1]["payload"][0]["extensions"]["code"] == "INTERNAL"
    assert "secret" not in json.dumps(heard)
    assert heard[-1]["id"] == "live"


async def test_each_event_has_fresh_loaders_and_each_operation_its_own_context(live: LiveServer) -> None:
    async with greeted(live) as talk:
        await talk.subscribe("g", "subscription {progress(count: 3, everyMs: 1) {generation}}")
        answers = [await talk.hear() for _ in range(3)]
    assert [answer["payload"]["data"]["progress"] for answer in answers] == [{"generation": 1}] * 3
    assert len(live.board.entered) >= 2


async def test_a_known_document_works_over_the_socket(live: LiveServer) -> None:
    async with greeted(live) as talk:
        await talk.say({"id": "d", "type": "subscribe", "payload": {"documentId": "a" * 64}})
        assert (await talk.hear())["payload"]["data"] == {"__typename": "Query"}


async def test_operations_of_one_socket_are_counted(live: LiveServer) -> None:
    async with greeted(live) as talk:
        for number in range(4):
            await talk.subscribe(str(number), "subscription {progress(everyMs: 60000) {cursor}}")
        answer = await talk.hear()
        assert (answer["id"], answer["type"]) == ("3", "error")
        assert answer["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        await talk.say({"id": "0", "type": "complete"})
        await talk.subscribe("4", "{who}")
        assert (await talk.hear())["type"] == "next"


async def test_sockets_of_one_person_are_counted(live: LiveServer) -> None:
    async with greeted(live, "good-many"), greeted(live, "good-many"), opened(live) as third:
        await third.say({"type": "connection_init", "payload": {"token": "good-many"}})
        assert await third.closed() == 4429
    async with greeted(live, "good-many") as again:
        assert await who(again) == "good-many"


async def test_a_message_over_64_kib_closes_with_1009(live: LiveServer) -> None:
    async with greeted(live) as talk:
        await talk.connection.send(json.dumps({"type": "ping", "payload": {"a": "x" * 65_536}}))
        assert await talk.closed() == 1009


async def test_revocation_closes_within_a_second(live: LiveServer) -> None:
    async with greeted(live, "good-revoked") as talk:
        await talk.subscribe("s", "subscription {progress(everyMs: 60000) {cursor}}")
        started = time.monotonic()
        live.revoke("good-revoked")
        assert await talk.closed() == 4401
        assert time.monotonic() - started < 1
    async with opened(live) as talk:
        await talk.say({"type": "connection_init", "payload": {"token": "good-revoked"}})
        assert await talk.closed() == 4401


@pytest.mark.parametrize(("token", "expected"), [("good-unwatched", 1013), ("good-broken-watch", 1011)])
async def test_a_watch_that_fails_closes_without_4401(live: LiveServer, token: str, expected: int) -> None:
    async with greeted(live, token) as talk:
        await talk.subscribe("s", "subscription {progress(everyMs: 60000) {cursor}}")
        live.revoke(token)
        assert await talk.closed() == expected


async def test_streams_take_the_places_of_sockets(live: LiveServer) -> None:
    body = {"query": "subscription {progress(everyMs: 20) {cursor}}"}
    headers = {"authorization": "Bearer good-mixed", "accept": "text/event-stream"}
    async with (
        httpx.AsyncClient() as client,
        greeted(live, "good-mixed"),
        client.stream("POST", live.url, json=body, headers=headers) as stream,
        opened(live) as third,
    ):
        lines = stream.aiter_lines()
        await anext(lines)
        await third.say({"type": "connection_init", "payload": {"token": "good-mixed"}})
        assert await third.closed() == 4429


async def test_a_stopped_client_stops_its_events(live: LiveServer) -> None:
    live.board.events.clear()
    async with greeted(live) as talk:
        await talk.subscribe("e", "subscription {progress(everyMs: 10) {cursor}}")
        await talk.hear()
    await asyncio.sleep(0.1)
    seen = len(live.board.events)
    await asyncio.sleep(0.2)
    assert len(live.board.events) == seen


async def test_a_client_that_stops_reading_is_closed_with_1013(live: LiveServer) -> None:
    async with connect(
        live.url.replace("http", "ws"), subprotocols=[PROTOCOL], max_size=None, max_queue=1
    ) as connection:
        talk = Talk(connection)
        await talk.say({"type": "connection_init"})
        await talk.hear()
        live.board.events.clear()
        await talk.subscribe("f", "subscription {progress(everyMs: 0, size: 50000) {cursor padding}}")
        made = await settled(live)
        await asyncio.sleep(LIMITS.stuck_seconds + 0.3)
        assert len(live.board.events) == made
        assert await talk.closed() == 1013


async def test_a_client_that_never_reads_again_is_cut_off(live: LiveServer) -> None:
    raw = socket.create_connection(("127.0.0.1", live.port))
    raw.setblocking(False)
    async with connect(
        live.url.replace("http", "ws"), subprotocols=[PROTOCOL], sock=raw, max_size=None, max_queue=1
    ) as connection:
        talk = Talk(connection)
        await talk.say({"type": "connection_init"})
        await talk.hear()
        await talk.subscribe("f", "subscription {progress(everyMs: 0, size: 50000) {cursor padding}}")
        await asyncio.sleep(2 * LIMITS.stuck_seconds + 1.5)
        assert await talk.closed() == 1006


async def test_a_source_is_released_before_its_end_is_told() -> None:
    board = Board()
    heard: asyncio.Queue[Message] = asyncio.Queue()
    said = ({"type": "connection_init"}, subscribe_to("subscription {broken}"))
    for message in (None, *said):
        kind = "websocket.connect" if message is None else "websocket.receive"
        heard.put_nowait({"type": kind, "text": json.dumps(message)})
    done = {"operation": "other", "transport": "websocket", "outcome": "INTERNAL"}
    written: list[float | None] = []

    async def send(message: Message) -> None:
        if '"type":"error"' in message.get("text", ""):
            written.append(board.registry.get_sample_value("nmo_graphql_requests_total", done))
            heard.put_nowait({"type": "websocket.disconnect", "code": 1000})

    scope: Scope = {"type": "websocket", "path": "/graphql", "headers": [], "subprotocols": [PROTOCOL]}
    async with asyncio.timeout(5):
        await toy_app([], board, LIMITS)(scope, heard.get, send)
    assert written == [1]


def subscribe_to(query: str) -> dict[str, object]:
    return {"id": "s", "type": "subscribe", "payload": {"query": query}}


async def settled(live: LiveServer) -> int:
    """How many events were made when no more are made."""
    seen = -1
    while seen != len(live.board.events):
        seen = len(live.board.events)
        await asyncio.sleep(0.25)
    return seen
