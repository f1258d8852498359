"""How a person's learning stands, and its live stream (requirements 3.4)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlmodel import col

from models.activities import ActivityType
from models.education import Assessment, Course, Difficulty, Element, Module
from models.journal import account_stream
from models.progress import Certificate, CourseProgress, Grade, ModuleProgress
from resolvers.context import Context
from resolvers.days import Days, within
from resolvers.elements import ELEMENT_PROGRESS
from resolvers.live import Step, follow
from resolvers.loading import Relation
from resolvers.paging import By, Page, page
from resolvers.rights import everyone, owned
from resolvers.totals import Totals, totals

COURSE_OF_PROGRESS = Relation(Course, "course_id", col(Course.id), everyone)
CERTIFICATE = Relation(
    Certificate, "element_id", col(Certificate.element_id), owned(col(Certificate.account_id))
)
MODULE_RESULTS = Relation(
    ModuleProgress,
    "element_id",
    col(ModuleProgress.element_id),
    # Reached only from a course progress, which is the viewer's own.
    everyone,
    many=True,
    order=(
        select(col(Module.position)).where(col(Module.id) == col(ModuleProgress.module_id)).scalar_subquery(),
    ),
)
MODULE = Relation(Module, "module_id", col(Module.id), everyone)
ASSESSMENT = Relation(Assessment, "assessment_id", col(Assessment.id), everyone)
COURSE_OF_GRADE = Relation(
    Course,
    "element_id",
    col(Element.id),
    # Reached only from a grade, which is the viewer's own.
    everyone,
    also=col(Course.id) == col(Element.course_id),
)


@dataclass(frozen=True, slots=True)
class ProgressQuery:
    """What the list of courses is narrowed to; all conditions hold at once (3.4-11 .. 3.4-13)."""

    days: Days | None = None
    course_types: tuple[ActivityType, ...] = ()
    difficulties: tuple[Difficulty, ...] = ()


async def list_courses(
    context: Context, query: ProgressQuery, first: int, after: str | None
) -> Page[CourseProgress]:
    """The viewer's courses, the latest change first."""
    wanted, order = chosen(context.person.account.id, query)
    return await page(context, wanted, order, first, after)


def chosen(account_id: UUID, query: ProgressQuery) -> tuple[Select[CourseProgress], list[By]]:
    """The courses a list or an export of it shows to an account, and their order; the last key is the id."""
    wanted = (
        select(CourseProgress)
        .join(Course, col(Course.id) == col(CourseProgress.course_id))
        .where(col(CourseProgress.account_id) == account_id)
    )
    if query.days is not None:
        wanted = wanted.where(*within(col(CourseProgress.updated_at), query.days))
    if query.course_types:
        wanted = wanted.where(col(Course.course_type).in_(query.course_types))
    if query.difficulties:
        wanted = wanted.where(col(Course.difficulty).in_(query.difficulties))
    order = [
        By("UPDATED_AT", col(CourseProgress.updated_at), descending=True),
        By("ID", col(CourseProgress.element_id)),
    ]
    return wanted, order


async def all_courses(context: Context) -> list[CourseProgress]:
    """Every course of the viewer, for the snapshot of a live stream."""
    query = (
        select(CourseProgress)
        .where(col(CourseProgress.account_id) == context.person.account.id)
        .order_by(col(CourseProgress.updated_at).desc(), col(CourseProgress.element_id))
    )
    async with context.database.reading() as session:
        return list((await session.scalars(query)).all())


async def list_grades(context: Context, first: int, after: str | None) -> Page[Grade]:
    """One row for each test, practical task or exam taken, the newest first (3.4-7)."""
    query = (
        select(Grade)
        .join(Element, col(Element.id) == col(Grade.element_id))
        .where(col(Element.account_id) == context.person.account.id)
    )
    order = [By("GRADED_AT", col(Grade.graded_at), descending=True), By("ID", col(Grade.id))]
    return await page(context, query, order, first, after)


async def summary(context: Context) -> Totals:
    """Totals over all courses of the viewer."""
    me = context.person.account.id
    async with context.database.reading() as session:
        return (await totals(session, [me])).get(me, Totals())


async def course_progress(context: Context, element_id: UUID | None) -> CourseProgress | None:
    """The progress of one course of the viewer."""
    return await ELEMENT_PROGRESS.now(context, element_id)


async def grade(context: Context, grade_id: UUID) -> Grade | None:
    """One grade of the viewer."""
    query = (
        select(Grade)
        .join(Element, col(Element.id) == col(Grade.element_id))
        .where(col(Grade.id) == grade_id, col(Element.account_id) == context.person.account.id)
    )
    async with context.database.reading() as session:
        return (await session.scalars(query)).one_or_none()


def follow_progress(context: Context, after: int | None) -> AsyncIterator[Step]:
    """The live stream of the viewer's results; courses taken up and removed are a part of them."""
    actions = ("progress:", "education:element:")
    return follow(context, account_stream(context.person.account.id), after, actions)
