"""The slow audits of heartbeats and time-outs against the edge alone, whose silences are short; the product has the rest
(test_conformance_product)."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests import node_runners
from tests.edge_server import LiveServer, serving
from web.limits import Limits

# Short silences, so that the audits of heartbeats and time-outs do not wait.
LIMITS = Limits(heartbeat_seconds=2.0, socket_init_seconds=2.0, credential_mutations=frozenset({"login"}))
TOY = {
    "QUERY": "{activities(first: 2) {id title}}",
    "MUTATION": 'mutation {enroll(id: "1") {id enrolled}}',
    "SUB": "subscription {progress(count:3,everyMs:30) {cursor percent}}",
    "LONG": "subscription {progress(count: 1, everyMs: 3000) {cursor}}",
    "FIELD": "who",
    "TYPO": "{activites {id}}",
    "BOOM": "{boom}",
}


@pytest.fixture(scope="module")
def node() -> Path:
    return node_runners.installed_node()


@pytest.fixture(scope="module")
def live_server() -> Generator[LiveServer]:
    """A server as developers run it."""
    with serving(LIMITS) as server:
        server.env = TOY
        yield server


def test_socket_audits_pass_34_of_34(node: Path, live_server: LiveServer) -> None:
    endless = {**live_server.env, "SUB": live_server.env.get("LIVE", "subscription {progress {cursor}}")}
    verdict = node_runners.run(node, "audit-ws.mjs", live_server.url, endless, "--slow")
    assert verdict.failing() == []
    assert verdict.last.endswith("total 34")


def test_stream_audits_pass_11_of_12(node: Path, live_server: LiveServer) -> None:
    verdict = node_runners.run(node, "audit-sse.mjs", live_server.url, live_server.env, "--slow")
    assert [line.split()[1] for line in verdict.failing()] == ["S12"]
    assert verdict.last.endswith("total 12")
