"""The number of SQL statements of an operation does not depend on the number of rows."""

from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, update
from sqlmodel import col

from models.account import Account
from models.activities import Activity, Enrollment, EnrollmentState
from models.clock import SettableClock
from models.notifications import Notification, Preferences
from models.plan import PlanCycle
from resolvers.activity_changes import tell_participants
from resolvers.context import Context
from resolvers.demo_catalog import demo_id
from resolvers.plan import warn_of_deadlines
from storage.database import Author
from tests.api import Api, Json
from tests.reporting import lesson, record, result
from tests.test_activity_changes import change
from tests.test_attendance import mark
from tests.test_elements import course
from tests.test_thresholds import threshold, told
from web.app import Site
from web.settings import Settings

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


@pytest.fixture
async def still(settings: Settings, clock: SettableClock) -> AsyncIterator[Api]:
    """The product without a worker, whose statements would be counted too."""
    site = Site(settings, clock=clock, worker=False)
    async with site.starlette.router.lifespan_context(site.starlette), Api.open(site) as api:
        yield await api.as_demo("provider-12")


async def crowd(site: Site, number: int, size: int, state: EnrollmentState) -> list[Json]:
    """So many more people in one event, who want no letters; the marks that confirm them."""
    now, marks = site.ports.clock.now(), list[Json]()
    async with site.ports.database.transaction(Author("test", "")) as work:
        people = [demo_id("crowd", size, place) for place in range(size)]
        work.session.add_all(
            Account(id=key, created_at=now, last_name="Иванов", first_name="Иван") for key in people
        )
        await work.session.flush()
        for place, key in enumerate(people, start=1):
            part = demo_id("part", key)
            waits = place if state is EnrollmentState.WAITLISTED else None
            work.session.add(Preferences(account_id=key, notify_by_email=False))
            work.session.add(
                Enrollment(
                    id=part,
                    account_id=key,
                    activity_id=demo_id("activity", number),
                    state=state,
                    waiting_place=waits,
                    created_at=now - timedelta(days=1),
                    updated_at=now - timedelta(days=1),
                )
            )
            marks.append({"enrollmentId": f"enrollment_{part.hex}", "mark": "CONFIRMED"})
    return marks


async def notices(site: Site) -> int:
    async with site.ports.database.reading() as session:
        return (await session.execute(select(func.count()).select_from(Notification))).scalar_one()


async def test_3_1_13_few_confirmed_parts_or_many_cost_the_same(still: Api) -> None:
    site, counts = still.site, list[int]()
    for size in (2, 10, 100):
        marks, before = await crowd(site, 35, size, EnrollmentState.ENROLLED), await notices(site)
        with counting(site) as statements:
            receipt = await mark(still, *marks)
        assert (receipt["accepted"], receipt["errors"]) == (size, [])
        assert await notices(site) == before + size
        counts.append(len(statements))
    assert len(set(counts)) == 1, counts


async def test_3_1_20_few_who_move_up_or_many_cost_the_same(still: Api) -> None:
    site, counts = still.site, list[int]()
    for size in (2, 10, 100):
        await crowd(site, 131, size, EnrollmentState.WAITLISTED)
        async with site.ports.database.reading() as session:
            full = update(Activity).where(col(Activity.id) == demo_id("activity", 131))
            taken = (
                await session.scalars(full.values(places=Activity.taken).returning(col(Activity.taken)))
            ).one()
        before = await notices(site)
        with counting(site) as statements:
            assert (await change(still, 131, places=taken + size))["errors"] == []
        assert await notices(site) == before + size
        counts.append(len(statements))
    assert len(set(counts)) == 1, counts


async def test_3_1_21_few_who_are_told_of_a_change_or_many_cost_the_same(still: Api) -> None:
    site, counts = still.site, list[int]()
    for size in (2, 10, 100):
        await crowd(site, 131, size, EnrollmentState.ENROLLED)
        with counting(site) as statements:
            await tell_participants(Context(site.ports), activity_id=str(demo_id("activity", 131)))
        counts.append(len(statements))
    assert len(set(counts)) == 1, counts


async def test_3_4_20_few_who_are_warned_of_a_deadline_or_many_cost_the_same(still: Api) -> None:
    site, counts, today = still.site, list[int](), still.site.ports.clock.now().date()
    for size in (2, 10, 100):
        await crowd(site, 131, size, EnrollmentState.ENROLLED)
        async with site.ports.database.transaction(Author("test", "")) as work:
            work.session.add_all(
                PlanCycle(
                    id=demo_id("cycle", size, place),
                    account_id=demo_id("crowd", size, place),
                    specialty="Кардиология",
                    starts_on=today - timedelta(days=1700),
                    ends_on=today + timedelta(days=20),
                )
                for place in range(size)
            )
        before = await notices(site)
        with counting(site) as statements:
            assert await warn_of_deadlines(Context(site.ports)) == size
        assert await notices(site) == before + size
        counts.append(len(statements))
    assert len(set(counts)) == 1, counts
