"""The individual plan through the public API: what is lacking, of which kind, by when (3.4-20)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from models.activities import Activity, ActivityType, Enrollment, EnrollmentState
from models.clock import SettableClock
from models.education import Course
from models.plan_rules import (
    WARN_MONTHS,
    CreditKind,
    Earning,
    rule_on,
    shifted,
    standing,
    step_due,
)
from resolvers.context import Context
from resolvers.demo_catalog import demo_id
from resolvers.plan import warn_of_deadlines
from storage.database import Author
from tests.api import Api, Json, eventually
from tests.registering import codes
from tests.reporting import all_but_the_exam, exam, record, result
from web.app import Site

pytestmark = pytest.mark.anyio

PLAN = """
{ viewer { plan {
  id specialty cycleStart cycleEnd closed rule requiredHours requiredDppHours
  earned { programs iom events other total } lacking { kind hours by } deadlineWarnings
} } }
"""
SET = """
mutation ($specialty: String!, $on: Date!) { setPlanCycle(input: {specialty: $specialty, startsOn: $on}) {
  plan { id specialty cycleStart cycleEnd closed earned { total } } errors { code path }
} }
"""
REMOVE = "mutation ($id: ID!) { removePlanCycle(input: {id: $id}) { removedId errors { code path } } }"
NOTICES = "{ viewer { notifications(first: 50) { edges { node { kind title body emailedAt } } } } }"


async def plans(caller: Api) -> list[Json]:
    found: list[Json] = (await caller.data(PLAN))["viewer"]["plan"]
    return found


async def set_cycle(caller: Api, specialty: str, on: str) -> Json:
    made: Json = (await caller.data(SET, specialty=specialty, on=on))["setPlanCycle"]
    return made


async def deadlines(caller: Api) -> list[Json]:
    edges = (await caller.data(NOTICES))["viewer"]["notifications"]["edges"]
    return [edge["node"] for edge in edges if edge["node"]["kind"] == "DEADLINE"]


@pytest.mark.parametrize(
    ("ends_on", "programs"),
    [(date(2022, 12, 31), 74), (date(2023, 1, 1), 72), (date(2026, 11, 24), 72), (date(2040, 1, 1), 72)],
)
def test_3_4_20_the_rule_is_that_of_the_day_the_cycle_ends(ends_on: date, programs: float) -> None:
    assert (rule_on(ends_on).hours, rule_on(ends_on).programs) == (144, programs)


@pytest.mark.parametrize(
    ("programs", "others", "lacks"),
    [
        (0, 0, (72, 72)),
        (144, 0, (0, 0)),
        (72, 72, (0, 0)),
        (71, 200, (1, 0)),
        (72, 71.5, (0, 0.5)),
        (100, 0, (0, 44)),
        (0, 100, (72, 0)),
    ],
)
def test_3_4_20_programmes_have_a_minimum_and_the_rest_is_of_any_kind(
    programs: float, others: float, lacks: tuple[float, float]
) -> None:
    day = date(2026, 1, 1)
    earned = [Earning(CreditKind.PROGRAMS, day, programs), Earning(CreditKind.EVENTS, day, others)]
    found = standing("Терапия", date(2024, 1, 1), date(2029, 1, 1), earned)
    assert (found.programs_lacking, found.others_lacking) == lacks


def test_3_4_20_only_hours_of_the_cycle_and_of_its_speciality_count() -> None:
    start, end = date(2024, 1, 1), date(2029, 1, 1)
    earned = [
        Earning(CreditKind.IOM, start - timedelta(days=1), 1),
        Earning(CreditKind.IOM, start, 2, ("Терапия", "Хирургия")),
        Earning(CreditKind.IOM, end - timedelta(days=1), 4),
        Earning(CreditKind.IOM, end, 8),
        Earning(CreditKind.IOM, start, 16, ("Хирургия",)),
    ]
    assert standing("Терапия", start, end, earned).earned[CreditKind.IOM] == 6


def test_3_4_20_warnings_come_twelve_six_three_and_one_month_ahead() -> None:
    end = date(2027, 8, 31)
    assert [shifted(end, -months) for months in WARN_MONTHS] == [
        *(date(2026, 8, 31), date(2027, 2, 28)),
        *(date(2027, 5, 31), date(2027, 7, 31)),
    ]
    days = (end - timedelta(days=ahead) for ahead in range(400, -2, -1))
    steps = [step_due(end, day) for day in days]
    assert [step for place, step in enumerate(steps) if place == 0 or step != steps[place - 1]] == [
        *(None, 12, 6, 3, 1),
        None,
    ]


async def test_3_4_20_the_plan_says_what_is_lacking_of_which_kind_and_by_when(doctor: Api) -> None:
    (plan,) = await plans(doctor)
    assert (plan["specialty"], plan["cycleEnd"], plan["closed"]) == ("Кардиология", "2027-08-24", False)
    assert (plan["requiredHours"], plan["requiredDppHours"]) == (144, 72)
    assert "709н" in plan["rule"]
    assert plan["earned"] == {"programs": 0, "iom": 4, "events": 24, "other": 0, "total": 28}
    assert plan["lacking"] == [
        {"kind": "PROGRAMS", "hours": 72, "by": "2027-08-24"},
        {"kind": None, "hours": 44, "by": "2027-08-24"},
    ]
    assert plan["deadlineWarnings"] == [
        "До конца цикла 24.08.2027 осталось меньше года: не хватает часов — 116, из них по программам ДПП ПК — 72."
    ]


async def test_3_4_20_another_speciality_has_a_plan_of_its_own(doctor: Api) -> None:
    made = await set_cycle(doctor, "Неврология", "2026-01-01")
    assert (made["errors"], made["plan"]["cycleEnd"]) == ([], "2031-01-01")
    again = await set_cycle(doctor, " Неврология ", "2025-01-01")
    assert (again["plan"]["id"], again["plan"]["cycleStart"]) == (made["plan"]["id"], "2025-01-01")
    first, second = await plans(doctor)
    assert (first["specialty"], first["earned"]["events"], first["deadlineWarnings"]) == ("Неврология", 0, [])
    assert second["specialty"] == "Кардиология"
    assert (await doctor.data(REMOVE, id=made["plan"]["id"]))["removePlanCycle"]["errors"] == []
    assert len(await plans(doctor)) == 1


async def counts_for_any(site: Site, course: int) -> None:
    chosen = update(Course).where(col(Course.id) == demo_id("course", course))
    async with site.ports.database.reading() as session:
        await session.execute(chosen.values(specialties=[]))


async def test_3_4_20_a_course_counts_for_its_specialities_or_for_any(doctor: Api, site: Site) -> None:
    course = f"course_{demo_id('course', 0).hex}"
    said = await doctor.data(
        "query ($id: ID!) { node(id: $id) { ... on Course { specialties } } }", id=course
    )
    assert said["node"] == {"specialties": ["Кардиология"]}
    await set_cycle(doctor, "Неврология", "2026-01-01")
    assert [plan["earned"]["iom"] for plan in await plans(doctor)] == [0, 4]
    await counts_for_any(site, 0)
    assert [plan["earned"]["iom"] for plan in await plans(doctor)] == [4, 4]


async def test_3_4_20_a_closed_cycle_stays_to_be_read_and_is_never_changed(
    api: Api, doctor: Api, clock: SettableClock
) -> None:
    (before,) = await plans(doctor)
    clock.advance(datetime.fromisoformat("2027-08-24T00:00:00+03:00") - clock.now())
    doctor = await api.as_demo("demo-1")
    (closed,) = await plans(doctor)
    assert closed == before | {"closed": True, "deadlineWarnings": []}
    refused = (await doctor.data(REMOVE, id=closed["id"]))["removePlanCycle"]
    assert codes(refused) == [("CONFLICT", ["id"])]
    assert codes(await set_cycle(doctor, "Кардиология", "2027-08-23")) == [("CONFLICT", ["startsOn"])]
    fresh = await set_cycle(doctor, "Кардиология", "2027-08-24")
    assert (fresh["errors"], fresh["plan"]["earned"]["total"]) == ([], 0)
    assert [plan["closed"] for plan in await plans(doctor)] == [False, True]


@pytest.mark.parametrize(("day", "hours"), [("2027-08-23", 36), ("2027-08-24", 0)])
async def test_3_4_20_a_course_counts_on_the_day_it_was_completed_and_not_when_that_was_reported(
    api: Api, site: Site, clock: SettableClock, day: str, hours: float
) -> None:
    await counts_for_any(site, 5)
    clock.advance(datetime.fromisoformat("2027-08-26T12:00:00+03:00") - clock.now())
    doctor, provider = await api.as_demo("demo-1"), await api.as_demo("provider-6")
    passed = {"assessmentId": exam(5), "verb": "PASSED", "scaled": 0.9}
    # An attempt after the first that was passed completes nothing any more.
    again = result("again", 1, 5, **passed, happenedAt="2027-08-25T12:00:00+03:00")
    first = result("first", 1, 5, **passed, happenedAt=f"{day}T23:59:00+03:00")
    await record(provider, again, first)
    await record(provider, *all_but_the_exam())
    (closed,) = await plans(doctor)
    assert (closed["closed"], closed["earned"]["total"]) == (True, 28 + hours)


@pytest.mark.parametrize(
    ("specialty", "on", "path"),
    [
        (" ", "2026-01-01", "specialty"),
        ("я" * 201, "2026-01-01", "specialty"),
        ("Терапия", "2026-11-25", "startsOn"),
        ("Терапия", "2021-11-24", "startsOn"),
        ("Терапия", "2200-01-01", "startsOn"),
    ],
)
async def test_3_4_20_a_wrong_cycle_is_refused_with_its_place(
    doctor: Api, specialty: str, on: str, path: str
) -> None:
    assert [place for _, place in codes(await set_cycle(doctor, specialty, on))] == [[path]]
    assert len(await plans(doctor)) == 1


async def test_3_4_20_a_cycle_of_another_is_as_unknown_as_none(api: Api, doctor: Api) -> None:
    other = await api.as_demo("demo-2")
    assert await plans(other) == []
    for key in (f"cycle_{demo_id('cycle', 1).hex}", "cycle_" + "0" * 32, "x"):
        assert codes((await other.data(REMOVE, id=key))["removePlanCycle"]) == [("NOT_FOUND", ["id"])]
    assert len(await plans(doctor)) == 1


async def test_3_4_20_each_warning_is_sent_once(
    api: Api, doctor: Api, site: Site, clock: SettableClock
) -> None:
    seen: list[tuple[date, str]] = []
    for day in days(clock):
        clock.advance(day - clock.now())
        for _ in range(2):
            await warn_of_deadlines(Context(site.ports))
        doctor = await api.as_demo("demo-1")
        told = await deadlines(doctor)
        if len(told) > len(seen):
            seen.append((day.date(), told[0]["body"]))
        assert len(told) == len(seen)
    assert [day for day, _ in seen] == [date(2027, 2, 24), date(2027, 5, 24), date(2027, 7, 24)]
    assert ["6 месяцев" in seen[0][1], "3 месяцев" in seen[1][1], "меньше месяца" in seen[2][1]] == [True] * 3
    letters = await eventually(lambda: sent(api) if len(sent(api)) == 3 else None)
    assert letters == {body for _, body in seen}


def sent(api: Api) -> set[str]:
    title = "Заканчивается цикл: Кардиология"
    return {message.text for message in api.outbox().messages() if message.subject == title}


def days(clock: SettableClock) -> Iterator[datetime]:
    """The days around each warning, and the end."""
    moment = clock.now()
    for day in (date(2027, 2, 24), date(2027, 5, 24), date(2027, 7, 24), date(2027, 8, 24)):
        for near in (-1, 0, 1):
            yield moment.replace(year=day.year, month=day.month, day=day.day) + timedelta(days=near)


async def test_3_4_20_who_lacks_nothing_is_not_warned(doctor: Api, site: Site, clock: SettableClock) -> None:
    async with site.ports.database.transaction(Author("test", "")) as work:
        confirmed = select(col(Enrollment.activity_id)).where(
            col(Enrollment.state) == EnrollmentState.CONFIRMED
        )
        rich = update(Activity).where(col(Activity.id).in_(confirmed))
        await work.session.execute(rich.values(type=ActivityType.PROGRAM_DPP, credits=144))
    (plan,) = await plans(doctor)
    assert (plan["lacking"], plan["deadlineWarnings"]) == ([], [])
    clock.advance(datetime.fromisoformat("2027-08-01T12:00:00+03:00") - clock.now())
    await warn_of_deadlines(Context(site.ports))
    assert await deadlines(await doctor.as_demo("demo-1")) == []
