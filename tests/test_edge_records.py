"""What the edge writes down: one line an operation, few series, no variables; and its draft profile."""

import json
import logging
from collections.abc import Generator

import pytest
from prometheus_client import generate_latest

from tests.edge_server import LiveServer, serving
from web.limits import Limits

GRAPHQL_JSON = "application/graphql-response+json"


@pytest.fixture(scope="module")
def live() -> Generator[LiveServer]:
    with serving(Limits(), profile="draft-2026-08") as server:
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
