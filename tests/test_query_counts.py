"""The number of SQL statements of an operation does not depend on the number of rows."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from models.notifications import Preferences
from resolvers.demo_catalog import demo_id
from storage.database import Author
from tests.api import Api, Json
from tests.test_elements import course
from tests.test_progress import lesson, record, result
from tests.test_thresholds import threshold, told
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
} } } grades(first: $first) { edges { node { course { title } assessmentTitle kind maxScore score } } } } } }
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


@pytest.mark.parametrize(("query", "expected"), [(LIST, 5), (PROGRESS, 11)])
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


def batch(name: str, size: int, verbs: Sequence[str] = ("COMPLETED",)) -> list[Json]:
    """Results of two people in course 3, over the twelve lessons that they have not done."""
    return [
        result(
            f"{name}-{n}",
            1 + n % 2,
            3,
            lessonId=lesson(3, 1 + n // 12 % 2, n // 6 % 2, n // 2 % 3),
            verb=verbs[n % len(verbs)],
        )
        for n in range(size)
    ]


@pytest.mark.parametrize(
    ("verbs", "sizes", "expected"),
    [(("COMPLETED",), (1, 10, 100), 18), (("COMPLETED", "PASSED", "FAILED"), (3, 10, 100), 19)],
)
async def test_3_4_16_a_batch_of_few_results_or_many_costs_the_same(
    api: Api, site: Site, verbs: Sequence[str], sizes: Sequence[int], expected: int
) -> None:
    provider = await api.as_demo("provider-4")
    counts: list[int] = []
    for size in sizes:
        with counting(site) as statements:
            receipt = await record(provider, *batch(f"count-{size}", size, verbs))
        assert (receipt["accepted"], receipt["errors"]) == (size, [])
        counts.append(len(statements))
    assert counts == [expected] * 3


async def test_3_4_18_a_batch_that_reaches_one_threshold_or_many_costs_the_same(api: Api, site: Site) -> None:
    provider, doctors = await api.as_demo("provider-4"), [await api.as_demo(f"demo-{n}") for n in (1, 2)]
    # Letters are written by the worker, whose statements would be counted with those of the batch.
    async with site.ports.database.transaction(Author("test", "")) as work:
        for person in (1, 2):
            quiet = Preferences(account_id=demo_id("account", person), notify_by_email=False)
            await work.session.merge(quiet)
    counts: list[int] = []
    for done, many in ((1, 1), (4, 10)):  # lessons done by then; how many thresholds lie just below
        percent = 100 * (7 + done) / 22
        for doctor in doctors:
            for number in range(many):
                await threshold(doctor, "COURSE_PERCENT", percent - 0.1 - number / 10, courseId=course(3))
        with counting(site) as statements:
            await record(provider, *batch(f"cross-{done}", 2 * done))
        counts.append(len(statements))
        assert [len(await told(doctor)) for doctor in doctors] == [1 if many == 1 else 11] * 2
    assert counts[0] == counts[1]
