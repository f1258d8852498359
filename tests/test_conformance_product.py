"""The same suites against the product itself, as operators run it; `make conformance` adds the slow audits."""

import json
import os
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from tests import node_runners
from tests.product import Product, serving
from tests.reporting import RECORD, lesson, result
from web.settings import Settings

SLOW = ["--slow"] if os.environ.get("TEST_LONG") else []
ENV = {
    "QUERY": "{passwordPolicy {minLength}}",
    "MUTATION": 'mutation {login(input: {login: "nobody@example.ru", password: "no"}) {errors {code}}}',
    "SUB": "subscription {liveProbe(count:3,everyMs:30) {cursor at}}",
    "LIVE": "subscription {liveProbe(count:100,everyMs:50) {cursor}}",
    "LONG": "subscription {liveProbe(count: 2, everyMs: 20000) {cursor}}",
    "FIELD": "passwordPolicy {minLength}",
    "TYPO": "{passwordPolic {minLength}}",
    "BOOM": '{node(id: "activity_00") {id}}',
    "DOC": "subscription P($after: Cursor) {progress(after: $after) {__typename ...on ProgressSnapshot {cursor} "
    "...on ProgressDelta {cursor} ...on Resync {cursor} ...on Heartbeat {cursor}}}",
}


@pytest.fixture(scope="module")
def node() -> Path:
    return node_runners.installed_node()


@pytest.fixture(scope="module")
def closed_product(shared_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Generator[Product]:
    """As the public sees it: no introspection."""
    quiet = shared_settings.model_copy(update={"introspection": False})
    with serving(quiet, tmp_path_factory.mktemp("log") / "server.log") as running:
        yield running


def test_http_audits_pass_61_of_61(node: Path, product: Product) -> None:
    verdict = node_runners.run(node, "audit-http.mjs", product.url, ENV)
    assert verdict.failing() == []
    assert verdict.last.endswith("total 61")


def test_socket_audits_pass_34_of_34(node: Path, product: Product) -> None:
    verdict = node_runners.run(node, "audit-ws.mjs", product.url, {**ENV, "SUB": ENV["LIVE"]}, *SLOW)
    # W33 and W34 wait for the heartbeat and the greeting's time-out of real operation.
    assert [line.split()[1] for line in verdict.failing()] == ([] if SLOW else ["W33", "W34"])
    assert verdict.last.endswith("total 34")


def test_stream_audits_pass_11_of_12(node: Path, product: Product) -> None:
    verdict = node_runners.run(node, "audit-sse.mjs", product.url, ENV, *SLOW)
    # S11 waits for a heartbeat of real operation.
    assert [line.split()[1] for line in verdict.failing()] == (["S12"] if SLOW else ["S11", "S12"])
    assert verdict.last.endswith("total 12")


def test_security_audits_pass_18_of_18(node: Path, closed_product: Product) -> None:
    verdict = node_runners.run(node, "audit-security.mjs", closed_product.url, ENV)
    assert (verdict.failing(), verdict.code) == ([], 0)
    assert verdict.last.endswith("total 18")


def test_real_clients_pass_14_of_15(node: Path, product: Product) -> None:
    verdict = node_runners.run(node, "clients.mjs", product.url, ENV)
    assert [line.split(" -> ")[0] for line in verdict.failing()] == ["FAIL graphql-sse single connection"]
    assert verdict.last == "14 passed, 1 failed"


def test_3_4_17_fifty_cuts_lose_and_double_no_result(node: Path, product: Product) -> None:
    doctor, provider = product.token("demo-1"), product.token("provider-6")
    receipts: list[object] = []
    with repeating(lambda number: receipts.append(report(product, provider, number))):
        env = {**ENV, "INIT": json.dumps({"token": doctor})}
        verdict = node_runners.run(node, "resume.mjs", product.url, env)
    counted = json.loads(verdict.last)
    assert (counted["cuts"], counted["lost"], counted["doubled"], counted["ordered"]) == (50, 0, 0, True)
    assert 20 < counted["events"] <= len(receipts)
    assert all(receipt == {"accepted": 1, "repeated": 0, "errors": []} for receipt in receipts)


def report(product: Product, provider: str, number: int) -> object:
    place = number % 12
    one = result(f"cut-{number}", 1, 5, lessonId=lesson(5, place // 6, place % 6 // 3, place % 3))
    return product.ask(RECORD, provider, results=[one])["data"]["recordResults"]


@contextmanager
def repeating(work: Callable[[int], None]) -> Generator[None]:
    """Work that goes on in a thread of its own until the block ends."""
    stop = threading.Event()

    def run() -> None:
        for number in count():
            if stop.wait(0.02):
                return
            work(number)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
