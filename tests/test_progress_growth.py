"""Courses that gain parts after they were taken up (3.4-2, 3.4-9, 3.4-16)."""

import pytest
from sqlalchemy import delete, select, update
from sqlmodel import col

from models.education import Assessment, AssessmentKind, Lesson, Module, MoveOn, Topic
from resolvers.demo_catalog import demo_id
from storage.database import Author
from tests.api import Api
from tests.reporting import all_but_the_exam, course, exam, lesson, progress, record, result
from tests.test_elements import add
from web.app import Site

pytestmark = pytest.mark.anyio


async def grow(site: Site) -> None:
    """A fourth module of one lesson in course 5."""
    module, topic = demo_id("module", 5, 3), demo_id("topic", 5, 3, 0)
    async with site.ports.database.transaction(Author("test", "")) as work:
        work.session.add(Module(id=module, course_id=demo_id("course", 5), position=4, title="Новый"))
        await work.session.flush()
        work.session.add(Topic(id=topic, module_id=module, position=1, title="Новая тема"))
        await work.session.flush()
        work.session.add(Lesson(id=demo_id("lesson", 5, 3, 0, 0), topic_id=topic, position=1, title="Новое"))


async def test_3_4_2_a_module_added_later_counts_from_the_next_result_on(api: Api, site: Site) -> None:
    doctor, provider = await api.as_demo("demo-1"), await api.as_demo("provider-6")
    await grow(site)
    receipt = await record(provider, result("old-module", 1, 5, lessonId=lesson(5, 0, 0, 0)))
    assert receipt == {"accepted": 1, "repeated": 0, "errors": []}
    begun = await course(doctor, 1, 5)
    assert (begun["modulesCompleted"], begun["modulesTotal"], begun["topicsTotal"]) == (0, 4, 7)
    assert [module["title"] for module in begun["modules"]][3] == "Новый"
    await record(provider, result("new-module", 1, 5, lessonId=lesson(5, 3, 0, 0)))
    assert [module["completed"] for module in (await course(doctor, 1, 5))["modules"]] == [
        *(False, False, False),
        True,
    ]


async def add_task(site: Site) -> str:
    """A practical task of the whole of course 5, in none of its modules."""
    task = Assessment(
        id=demo_id("task", 5),
        course_id=demo_id("course", 5),
        position=2,
        kind=AssessmentKind.PRACTICAL_TASK,
        title="Разбор случая",
        max_score=10,
        passing_score=7,
    )
    async with site.ports.database.transaction(Author("test", "")) as work:
        work.session.add(task)
    return f"assessment_{demo_id('task', 5).hex}"


async def test_3_4_9_a_task_of_the_whole_course_must_be_passed_too(api: Api, site: Site) -> None:
    doctor, provider, task = (
        await api.as_demo("demo-1"),
        await api.as_demo("provider-6"),
        await add_task(site),
    )
    await record(
        provider,
        *all_but_the_exam(),
        result("exam", 1, 5, assessmentId=exam(5), verb="PASSED", scaled=0.9),
        result("tried", 1, 5, assessmentId=task, verb="FAILED", scaled=0.2),
    )
    almost = await course(doctor, 1, 5)
    assert (almost["exam"], almost["modulesCompleted"]) == ("PASSED", 3)
    assert (almost["certificate"]["status"], almost["percent"]) == ("IN_PROGRESS", 95.65)
    await record(provider, result("done", 1, 5, assessmentId=task, verb="PASSED", scaled=0.8))
    assert (await course(doctor, 1, 5))["certificate"]["status"] == "READY_TO_DOWNLOAD"


async def test_3_4_9_a_course_that_asks_for_nothing_is_done_when_it_is_taken_up(api: Api, site: Site) -> None:
    doctor, key = await api.as_demo("demo-1"), demo_id("course", 20)
    async with site.ports.database.transaction(Author("test", "")) as work:
        modules = select(col(Module.id)).where(col(Module.course_id) == key)
        topics = select(col(Topic.id)).where(col(Topic.module_id).in_(modules))
        await work.session.execute(delete(Assessment).where(col(Assessment.course_id) == key))
        rule = update(Lesson).where(col(Lesson.topic_id).in_(topics)).values(move_on=MoveOn.NOT_APPLICABLE)
        await work.session.execute(rule)
    await add(doctor, f"course_{key.hex}")
    edges = (await progress(doctor))["courses"]["edges"]
    (begun,) = (edge["node"] for edge in edges if edge["node"]["version"] == 0 and edge["node"]["percent"])
    assert (begun["percent"], begun["lessonsLeft"], begun["modulesCompleted"]) == (100.0, 0, 3)
    assert begun["certificate"]["status"] == "READY_TO_DOWNLOAD"
    assert begun["certificate"]["number"].startswith("НМО-2026-")
