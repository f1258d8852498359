"""Suites that nobody here wrote, and protocol audits, against a running server."""

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


@pytest.fixture(scope="module")
def production_server() -> Generator[LiveServer]:
    """A server as the public sees it: no introspection."""
    with serving(LIMITS, introspection=False) as server:
        server.env = TOY
        yield server


def test_http_audits_pass_61_of_61(node: Path, live_server: LiveServer) -> None:
    verdict = node_runners.run(node, "audit-http.mjs", live_server.url, live_server.env)
    assert verdict.failing() == []
    assert verdict.last.endswith("total 61")


def test_socket_audits_pass_34_of_34(node: Path, live_server: LiveServer) -> None:
    endless = {**live_server.env, "SUB": live_server.env.get("LIVE", "subscription {progress {cursor}}")}
    verdict = node_runners.run(node, "audit-ws.mjs", live_server.url, endless, "--slow")
    assert verdict.failing() == []
    assert verdict.last.endswith("total 34")


def test_stream_audits_pass_11_of_12(node: Path, live_server: LiveServer) -> None:
    verdict = node_runners.run(node, "audit-sse.mjs", live_server.url, live_server.env, "--slow")
    assert [line.split()[1] for line in verdict.failing()] == ["S12"]
    assert verdict.last.endswith("total 12")


def test_security_audits_pass_18_of_18(node: Path, production_server: LiveServer) -> None:
    verdict = node_runners.run(node, "audit-security.mjs", production_server.url, production_server.env)
    assert (verdict.failing(), verdict.code) == ([], 0)
    assert verdict.last.endswith("total 18")


def test_real_clients_pass_14_of_15(node: Path, live_server: LiveServer) -> None:
    verdict = node_runners.run(node, "clients.mjs", live_server.url, live_server.env)
    assert [line.split(" -> ")[0] for line in verdict.failing()] == ["FAIL graphql-sse single connection"]
    assert verdict.last == "14 passed, 1 failed"
