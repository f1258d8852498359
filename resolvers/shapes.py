"""The shape of courses, read set-wise: four statements for any number of courses."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.education import Assessment, Lesson, Module, MoveOn, Topic
from models.progress_rules import CourseShape, ModuleShape


async def load_shapes(session: AsyncSession, course_ids: set[UUID]) -> dict[UUID, CourseShape]:
    """What progress depends on, for each course."""
    modules = (
        await session.scalars(
            select(Module)
            .where(col(Module.course_id).in_(course_ids))
            .order_by(col(Module.position), col(Module.id))
        )
    ).all()
    topics = (
        await session.scalars(
            select(Topic)
            .where(col(Topic.module_id).in_([module.id for module in modules]))
            .order_by(col(Topic.position), col(Topic.id))
        )
    ).all()
    lessons = await session.scalars(
        select(Lesson)
        .where(col(Lesson.topic_id).in_([topic.id for topic in topics]))
        .order_by(col(Lesson.position), col(Lesson.id))
    )
    assessments = (
        await session.scalars(select(Assessment).where(col(Assessment.course_id).in_(course_ids)))
    ).all()
    of_topic: defaultdict[UUID, list[tuple[UUID, MoveOn]]] = defaultdict(list)
    for lesson in lessons:
        of_topic[lesson.topic_id].append((lesson.id, lesson.move_on))
    of_module: defaultdict[UUID, list[tuple[tuple[UUID, MoveOn], ...]]] = defaultdict(list)
    for topic in topics:
        of_module[topic.module_id].append(tuple(of_topic[topic.id]))
    return {
        course_id: CourseShape(
            course_id,
            tuple(
                ModuleShape(
                    module.id,
                    tuple(of_module[module.id]),
                    tuple(item.id for item in assessments if item.module_id == module.id),
                )
                for module in modules
                if module.course_id == course_id
            ),
            {item.id: item for item in assessments if item.course_id == course_id},
        )
        for course_id in course_ids
    }
