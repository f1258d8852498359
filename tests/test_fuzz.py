"""The short form of the wire fuzzer: `python -m tests.fuzz.wire` is the long one."""

import asyncio
import logging

import pytest

from tests.edge_server import serving
from tests.fuzz.wire import fuzz
from web.limits import Limits


def test_1000_bodies_and_100_sockets_find_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), serving(Limits(), introspection=False) as live:
        findings = asyncio.run(fuzz(live.url, 1_000, 100, seed=20_261_124))
    assert findings.faults == []
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
    assert {200, 400, 415} <= set(findings.statuses)
    assert {4400, 1005} & set(findings.closes)
