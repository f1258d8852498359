"""What the edge writes down: one line an operation, few series, no variables; and its draft profile."""

import json
import logging
import socket
import time
from collections.abc import Callable, Generator
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import generate_latest

from tests.api import Api
from tests.edge_server import LiveServer, serving
from web.limits import Limits

GRAPHQL_JSON = "application/graphql-response+json"


@pytest.fixture(scope="module")
def live() -> Generator[LiveServer]:
    with serving(Limits(), profile="draft-2026-08") as server:
        yield server


@pytest.fixture(scope="module")
def hasty() -> Generator[LiveServer]:
    with serving(Limits(header_seconds=0.5, body_seconds=0.5, header_bytes=8_192)) as server:
        yield server


def test_one_line_an_operation_without_variables(live: LiveServer, caplog: pytest.LogCaptureFixture) -> None:
    body = {"query": "query Known($t: String) {echo(text: $t)}", "variables": {"t": "canary-of-a-person"}}
    with caplog.at_level(logging.INFO, "nmo.access"):
        answer = live.post(body, x_request_id="caller-number-0042")
    assert "canary-of-a-person" in answer.text
    [line] = [json.loads(record.getMessage()) for record in caplog.records if record.name == "nmo.access"]
    assert line.pop("ms") >= 0
    assert line == {
        "requestId": "caller-number-0042",
        "transport": "post",
        "operation": "Known",
        "kind": "query",
        "outcome": "ok",
        "events": 1,
    }
    assert "canary-of-a-person" not in caplog.text


Lines = list[dict[str, Any]]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Generator[Callable[[], Lines]]:
    """What the access log says: of one request, when it is over."""

    def said() -> Lines:
        deadline = time.monotonic() + 5
        while not (found := _said(caplog)) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.1)  # for a second line, which there must not be
        return found if len(found) > 1 else _said(caplog)

    with caplog.at_level(logging.INFO, "nmo.access"):
        yield said


def _said(caplog: pytest.LogCaptureFixture) -> Lines:
    return [json.loads(record.getMessage()) for record in caplog.records if record.name == "nmo.access"]


ASKS = b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
OPENS = (
    b"GET /graphql HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
    b"sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


@pytest.mark.parametrize(
    ("sent", "transport", "outcome"),
    [
        pytest.param(ASKS + b"content-length: 99999\r\n\r\n", "http", "413", id="too large"),
        pytest.param(ASKS + b"content-length: 50\r\n\r\n{", "http", "408", id="a body without end"),
        pytest.param(ASKS, "http", "408", id="a head without end"),
        pytest.param(ASKS + b"x: " + b"y" * 9_000, "http", "431", id="a large head"),
        pytest.param(ASKS + b"x: " + b"y" * 9_000 + b"\r\n\r\n", "http", "431", id="a large head, at once"),
        pytest.param(b"NONSENSE\r\n\r\n", "http", "400", id="no HTTP"),
        pytest.param(ASKS.replace(b"POST", b"FOO") + b"\r\n", "http", "400", id="no method of HTTP"),
        pytest.param(ASKS + b"transfer-encoding: chunked\r\n\r\nNO", "http", "400", id="no body of HTTP"),
        pytest.param(OPENS.replace(b"-key", b"-kee") + b"\r\n", "http", "400", id="no key of a socket"),
        pytest.param(b"GET /nowhere HTTP/1.1\r\nhost: a\r\n\r\n", "http", "404", id="nowhere"),
        pytest.param(b"PUT /graphql HTTP/1.1\r\nhost: a\r\n\r\n", "http", "BAD_REQUEST", id="a Fault"),
        pytest.param(
            OPENS + b"origin: https://evil.example\r\n\r\n", "websocket", "403", id="a foreign page"
        ),
        pytest.param(OPENS + b"\r\n", "websocket", "4406", id="no subprotocol"),
    ],
)
def test_a_request_that_reaches_no_operation_has_its_one_line(
    hasty: LiveServer,
    lines: Callable[[], Lines],
    caplog: pytest.LogCaptureFixture,
    sent: bytes,
    transport: str,
    outcome: str,
) -> None:
    with socket.create_connection(("127.0.0.1", hasty.port), timeout=5) as connection:
        connection.sendall(sent)
        answer = connection.recv(65_536)
        [line] = lines()
    assert line["requestId"].startswith("request-0")
    assert transport == "websocket" or b"x-request-id: " + line["requestId"].encode() in answer
    assert caplog.records == [record for record in caplog.records if record.name == "nmo.access"]
    told = (line["transport"], line["operation"], line["kind"], line["outcome"], line["events"])
    assert told == (transport, None, None, outcome, 0)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "path", "operation", "outcome"),
    [
        ("POST", "/xapi/statements", "statements", "400"),
        ("GET", f"/materials/{UUID(int=1)}/{UUID(int=2)}", "course_file", "401"),
        ("GET", "/verify/canary-of-a-person", "certificate_check", "404"),
        ("GET", "/livez", "livez", "200"),
    ],
)
async def test_other_resources_have_their_one_line(
    api: Api, lines: Callable[[], Lines], method: str, path: str, operation: str, outcome: str
) -> None:
    await api.http.request(method, path, headers={"x-request-id": "caller-number-0043"})
    [line] = lines()
    assert (line["requestId"], line["operation"], line["outcome"]) == (
        "caller-number-0043",
        operation,
        outcome,
    )
    assert "canary-of-a-person" not in json.dumps(line)


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(b"transfer-encoding: chunked\r\n\r\n2d\r\n%b\r\n", id="chunks without an end"),
        pytest.param(b"content-length: 60\r\n\r\n%b", id="fewer bytes than declared"),
    ],
)
def test_a_body_that_was_cut_off_is_not_executed(
    live: LiveServer, lines: Callable[[], Lines], caplog: pytest.LogCaptureFixture, begun: bytes
) -> None:
    entered = len(live.board.entered)
    with socket.create_connection(("127.0.0.1", live.port), timeout=5) as connection:
        connection.sendall(ASKS + begun % b'{"query": "mutation {enroll(id: 1) {id}}"}   ')
    [line] = lines()
    assert (line["outcome"], len(live.board.entered)) == ("cancelled", entered)
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


def test_a_stranger_cannot_add_a_series(live: LiveServer) -> None:
    live.query("query Known {who}")
    for number in range(20):
        live.query(f"query Random{number} {{who}}")
    text = generate_latest(live.board.registry).decode()
    assert "Random" not in text
    counted = live.board.registry.get_sample_value(
        "nmo_graphql_requests_total", {"operation": "other", "transport": "post", "outcome": "ok"}
    )
    assert counted == 20


def test_refusals_are_counted_by_reason(live: LiveServer) -> None:
    live.query("{" + "who " * 9 + "}")
    refused = {"reason": "equal_keys"}
    assert live.board.registry.get_sample_value("nmo_graphql_refusals_total", refused) == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [("{", 400), ("{nope}", 422), ("{hidden}", 294), ("{who}", 200), ("query ($a: Int!) {who}", 422)],
)
def test_the_draft_profile_of_statuses(live: LiveServer, query: str, status: int) -> None:
    assert live.query(query, accept=GRAPHQL_JSON).status_code == status
    assert live.query(query, accept="application/json").status_code == 200
