"""Thresholds over all courses: each crossing is told once, whoever brings it about (3.4-18, A20)."""

import asyncio

import pytest

from resolvers.demo_catalog import demo_id
from tests.api import Api
from tests.reporting import lesson, record, result
from tests.test_removal import education, preview, remove
from tests.test_thresholds import threshold, told

pytestmark = pytest.mark.anyio


async def finish(organizer: Api, number: int, module: int) -> None:
    """A module of a course, whole, for the first doctor."""
    test = f"assessment_{demo_id('assessment', number, module).hex}"
    rows = [
        result(f"b{number}-{module}-{n}", 1, number, lessonId=lesson(number, module, n // 3, n % 3))
        for n in range(6)
    ]
    rows += [result(f"b{number}-{module}-t", 1, number, assessmentId=test, scaled=1.0, verb="PASSED")]
    assert (await record(organizer, *rows))["errors"] == []


async def test_3_4_18_batches_of_two_providers_at_once_cross_a_total_exactly_once(
    api: Api, doctor: Api
) -> None:
    organizers = {number: await api.as_demo(f"provider-{number + 1}") for number in (3, 4)}
    await threshold(doctor, "MODULES_COMPLETED", 9)
    await asyncio.gather(finish(organizers[3], 3, 1), finish(organizers[4], 4, 1))
    assert len(await told(doctor)) == 1


async def test_a20_a_total_that_fell_with_a_removed_course_tells_again_once_when_two_providers_bring_it_back(
    api: Api, doctor: Api
) -> None:
    await threshold(doctor, "MODULES_COMPLETED", 8)
    organizers = {number: await api.as_demo(f"provider-{number + 1}") for number in (2, 3, 4)}
    await finish(organizers[3], 3, 1)
    assert len(await told(doctor)) == 1
    await remove(doctor, education(1, 0), (await preview(doctor, education(1, 0)))["confirmationToken"])
    await finish(organizers[2], 2, 1)
    assert len(await told(doctor)) == 1
    await asyncio.gather(finish(organizers[3], 3, 2), finish(organizers[4], 4, 1))
    assert len(await told(doctor)) == 2
