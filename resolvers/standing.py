"""How learners stand while results are worked in: read set-wise under a lock, written back set-wise (3.4-16)."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.education import Course, Element
from models.progress import Certificate, CourseProgress, ExamStatus, Grade, LessonProgress, ModuleProgress
from models.progress_rules import CourseShape, LessonState, Results
from resolvers.crossings import Reading
from resolvers.shapes import load_shapes
from storage.rows import insertion, put, replacement

LESSONS, MODULES = replacement(LessonProgress), replacement(ModuleProgress)
COURSES, CERTIFICATES = replacement(CourseProgress), replacement(Certificate)
GRADES = insertion(Grade)


@dataclass(slots=True)
class Standing:
    """All that is known of one person in one course while a batch is worked into it."""

    element: Element
    shape: CourseShape
    course: CourseProgress
    before: Reading
    results: Results
    modules: dict[UUID, ModuleProgress] = field(default_factory=dict[UUID, ModuleProgress])
    certificate: Certificate = field(default_factory=Certificate.model_construct)
    new_lessons: dict[UUID, LessonState] = field(default_factory=dict[UUID, LessonState])
    new_grades: list[Grade] = field(default_factory=list[Grade])
    ready: bool = False  # whether the certificate has just become so

    @classmethod
    def of(cls, element: Element, shape: CourseShape, course: CourseProgress) -> "Standing":
        # An exam once begun stays begun: the course is what remembers it.
        begun = Results(exam_begun=course.exam is not ExamStatus.NOT_STARTED)
        return cls(element, shape, course, Reading.of(course), begun)

    def grow(self) -> None:
        """A course may have gained modules since it was taken up."""
        for module in self.shape.modules:
            fresh = ModuleProgress(element_id=self.element.id, module_id=module.id)
            self.modules.setdefault(module.id, fresh)


async def standings(session: AsyncSession, organizer_id: UUID, ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Of the provider's own elements, locked in the order of their ids; the session forgets the rows it has read."""
    rows: Any = await session.execute(
        select(Element, CourseProgress)
        .join(CourseProgress, col(CourseProgress.element_id) == col(Element.id))
        .join(Course, col(Course.id) == col(Element.course_id))
        .where(col(Element.id).in_(ids), col(Course.organizer_id) == organizer_id)
        .order_by(col(Element.id))
        .with_for_update(of=[CourseProgress, Element])
    )
    own = [(element, course) for element, course in rows]
    shapes = await load_shapes(session, {element.course_id for element, _ in own})
    found = {element.id: Standing.of(element, shapes[element.course_id], course) for element, course in own}
    place = (col(LessonProgress.element_id), col(LessonProgress.lesson_id))
    state = (col(LessonProgress.updated_at), col(LessonProgress.completed), col(LessonProgress.passed))
    lessons: Any = await session.execute(select(*place, *state).where(place[0].in_(found)))
    for element_id, lesson_id, *known in lessons:
        found[element_id].results.lessons[lesson_id] = LessonState(*known)
    for grade in await session.scalars(select(Grade).where(col(Grade.element_id).in_(found))):
        found[grade.element_id].results.grades.append(grade)
    for module in await session.scalars(
        select(ModuleProgress).where(col(ModuleProgress.element_id).in_(found))
    ):
        found[module.element_id].modules[module.module_id] = module
    for certificate in await session.scalars(
        select(Certificate).where(col(Certificate.element_id).in_(found))
    ):
        found[certificate.element_id].certificate = certificate
    session.expunge_all()
    for standing in found.values():
        standing.grow()
    return found


async def save(session: AsyncSession, touched: Collection[Standing]) -> None:
    """What the batch has changed, one statement for each table."""
    lessons = (
        {"element_id": each.element.id, "lesson_id": key, **asdict(lesson)}
        for each in touched
        for key, lesson in each.new_lessons.items()
    )
    await put(session, LESSONS, lessons)
    await put(session, GRADES, (vars(grade) for each in touched for grade in each.new_grades))
    await put(session, MODULES, (vars(module) for each in touched for module in each.modules.values()))
    await put(session, COURSES, (vars(each.course) for each in touched))
    await put(session, CERTIFICATES, (vars(each.certificate) for each in touched if each.ready))
