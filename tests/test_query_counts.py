"""The number of SQL statements of an operation does not depend on the number of rows."""

from collections.abc import Generator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.api import Api
from web.app import Site

pytestmark = pytest.mark.anyio

LIST = """
query ($first: Int!) { viewer { activities(first: $first) { edges { node {
  title status statusLabel organizer { name } materials { title } myEnrollment { state }
} } } } }
"""
PROGRESS = """
query ($first: Int!) { viewer { progress { courses(first: $first) { edges { node {
  percent course { title provider { name } modules { title } } modules { title completed } certificate { status }
} } } grades(first: $first) { edges { node { assessmentTitle kind maxScore score } } } } } }
"""


@contextmanager
def counting(site: Site) -> Generator[list[str]]:
    """Every statement sent to the database inside the block."""
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    engine = site.ports.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(("query", "expected"), [(LIST, 5), (PROGRESS, 10)])
async def test_3_1_1_one_ten_and_a_hundred_rows_cost_the_same(
    api: Api, site: Site, query: str, expected: int
) -> None:
    doctor = await api.as_demo("demo-1")
    counts: list[int] = []
    for first in (1, 10, 100):
        with counting(site) as statements:
            await doctor.data(query, first=first)
        counts.append(len(statements))
    assert counts == [expected] * 3
