"""The catalogue: what can be added to one's education, and what it is made of (requirements 3.2)."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlmodel import col

from models.account import Permission
from models.activities import ActivityType
from models.education import Assessment, Course, Difficulty, Element, ElementKind, Lesson, Module, Topic
from models.organizers import Organizer
from models.restrictions import RestrictedAction, Restriction
from resolvers.context import Context
from resolvers.loading import Relation
from resolvers.paging import By, Page, page
from resolvers.restrictions import restricting
from resolvers.rights import everyone, owned
from resolvers.searching import alphabetical, matches

COURSE = Relation(Course, "course_id", col(Course.id), everyone)
COURSE_ORGANIZER = Relation(Organizer, "organizer_id", col(Organizer.id), everyone)
MODULES = Relation(
    Module, "id", col(Module.course_id), everyone, many=True, order=(col(Module.position), col(Module.id))
)
TOPICS = Relation(
    Topic, "id", col(Topic.module_id), everyone, many=True, order=(col(Topic.position), col(Topic.id))
)
LESSONS = Relation(
    Lesson, "id", col(Lesson.topic_id), everyone, many=True, order=(col(Lesson.position), col(Lesson.id))
)
ASSESSMENT_ORDER = (col(Assessment.position), col(Assessment.id))
ASSESSMENTS_OF_MODULE = Relation(
    Assessment, "id", col(Assessment.module_id), everyone, many=True, order=ASSESSMENT_ORDER
)
ASSESSMENTS_OF_COURSE = Relation(
    Assessment,
    "id",
    col(Assessment.course_id),
    everyone,
    many=True,
    order=ASSESSMENT_ORDER,
    also=col(Assessment.module_id).is_(None),
)
MY_ELEMENT = Relation(Element, "id", col(Element.course_id), owned(col(Element.account_id)))
ADDING_RESTRICTED = Relation(Restriction, "id", col(Course.id), restricting(RestrictedAction.ADD))
BY_TITLE = [By("TITLE", alphabetical(col(Course.title))), By("ID", col(Course.id))]


@dataclass(frozen=True, slots=True)
class CatalogQuery:
    """What the catalogue is narrowed to; all conditions hold at once."""

    search: str | None = None
    kinds: tuple[ElementKind, ...] = ()
    course_types: tuple[ActivityType, ...] = ()
    difficulties: tuple[Difficulty, ...] = ()
    only_addable: bool = False


def addable(context: Context, course: Course, restriction: Restriction | None) -> bool:
    """Whether the viewer may add the element now (3.2-15, 3.2-16)."""
    return restriction is None and Permission.PROFILE_EDIT in context.person.permissions


async def list_catalog(
    context: Context, narrowed: CatalogQuery, first: int, after: str | None
) -> Page[Course]:
    """Courses, programmes and modules by title (3.2-3, 3.2-4)."""
    query = select(Course)
    if narrowed.search and narrowed.search.strip():
        query = query.where(matches(col(Course.title), narrowed.search.strip()))
    if narrowed.kinds:
        query = query.where(col(Course.kind).in_(narrowed.kinds))
    if narrowed.course_types:
        query = query.where(col(Course.course_type).in_(narrowed.course_types))
    if narrowed.difficulties:
        query = query.where(col(Course.difficulty).in_(narrowed.difficulties))
    if narrowed.only_addable:
        held = exists().where(
            col(Element.course_id) == col(Course.id),
            col(Element.account_id) == context.person.account.id,
        )
        forbidden = exists().where(restricting(RestrictedAction.ADD)(context)).correlate(Course)
        query = query.where(~held, ~forbidden)
    return await page(context, query, BY_TITLE, first, after)


async def list_provider_courses(context: Context, first: int, after: str | None) -> Page[Course]:
    """What the calling service account may report results of, by title."""
    query = select(Course).where(col(Course.organizer_id) == context.provider.organizer_id)
    return await page(context, query, BY_TITLE, first, after)
