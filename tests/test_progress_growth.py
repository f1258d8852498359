"""Courses that gain parts after they were taken up (3.4-2, 3.4-9, 3.4-16)."""

import pytest

from models.education import Assessment, AssessmentKind, Lesson, Module, Topic
from resolvers.demo_catalog import demo_id
from storage.database import Author
from tests.api import Api
from tests.test_progress import all_but_the_exam, course, exam, lesson, record, result
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
