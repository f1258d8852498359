"""The shape of courses, read set-wise: two statements for any number of courses."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.education import Assessment, Lesson, Module, MoveOn, Topic
from models.progress_rules import CourseShape, ModuleShape

Topics = dict[UUID | None, list[tuple[UUID, MoveOn]]]


async def load_shapes(session: AsyncSession, course_ids: Collection[UUID]) -> dict[UUID, CourseShape]:
    """What progress depends on, for each course."""
    modules = await _modules(session, course_ids)
    found = (await session.scalars(select(Assessment).where(col(Assessment.course_id).in_(course_ids)))).all()
    assessments = defaultdict[UUID, dict[UUID, Assessment]](dict)
    of_module = defaultdict[UUID | None, list[UUID]](list)
    for item in found:
        assessments[item.course_id][item.id] = item
        of_module[item.module_id].append(item.id)
    return {
        key: CourseShape(
            key,
            tuple(
                ModuleShape(module, _parts(topics), tuple(of_module[module]))
                for module, topics in modules[key].items()
            ),
            assessments[key],
        )
        for key in course_ids
    }


async def _modules(session: AsyncSession, course_ids: Collection[UUID]) -> dict[UUID, dict[UUID, Topics]]:
    """Modules, topics and lessons in their order; a module without topics and a topic without lessons count too."""
    query = (
        select(col(Module.course_id), col(Module.id), col(Topic.id), col(Lesson.id), col(Lesson.move_on))
        .outerjoin(Topic, col(Topic.module_id) == col(Module.id))
        .outerjoin(Lesson, col(Lesson.topic_id) == col(Topic.id))
        .where(col(Module.course_id).in_(course_ids))
        .order_by(
            *(col(Module.position), col(Module.id)),
            *(col(Topic.position), col(Topic.id)),
            *(col(Lesson.position), col(Lesson.id)),
        )
    )
    modules = defaultdict[UUID, dict[UUID, Topics]](dict)
    found: Any = await session.execute(query)
    for course, module, topic, lesson, move_on in found:
        lessons = modules[course].setdefault(module, {}).setdefault(topic, [])
        if lesson is not None:
            lessons.append((lesson, move_on))
    return modules


def _parts(topics: Topics) -> tuple[tuple[tuple[UUID, MoveOn], ...], ...]:
    return tuple(tuple(lessons) for topic, lessons in topics.items() if topic is not None)
