"""One's own education: the elements taken up, adding them, their materials (3.2-1 .. 3.2-7, 3.2-15 .. 3.2-17)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.account import Permission
from models.education import Course, CourseMaterial, Element, ElementKind
from models.errors import ErrorCode, Problem, UserError, mistake
from models.journal import RESTRICTIONS_STREAM, Fact, account_stream
from models.progress import CourseProgress
from models.progress_rules import begin
from models.restrictions import RestrictedAction, Restriction
from resolvers.context import Context
from resolvers.live import Delta, Snapshot, Step
from resolvers.live_pair import Feed, Places, follow_two
from resolvers.loading import Relation, fetch
from resolvers.paging import By, Page, page
from resolvers.restrictions import concerns, restricting, restrictions_on
from resolvers.rights import FULL, demand, everyone, not_found, owned
from resolvers.scoring import make_ready
from resolvers.searching import matches
from resolvers.shapes import load_shapes
from resolvers.totals import WHOLE

MOST_AT_ONCE = 50
LARGEST_MATERIAL = 32 * 1024 * 1024

# Materials are reached only from an element, which is the viewer's own.
COURSE_MATERIALS = Relation(
    CourseMaterial,
    "course_id",
    col(CourseMaterial.course_id),
    everyone,
    many=True,
    order=(col(CourseMaterial.position), col(CourseMaterial.id)),
)
ELEMENT_PROGRESS = Relation(
    CourseProgress, "id", col(CourseProgress.element_id), owned(col(CourseProgress.account_id))
)
REMOVAL_RESTRICTED = Relation(Restriction, "course_id", col(Course.id), restricting(RestrictedAction.REMOVE))


@dataclass(frozen=True, slots=True)
class ElementQuery:
    """What the list is narrowed to; all conditions hold at once."""

    search: str | None = None
    kinds: tuple[ElementKind, ...] = ()


def mine(context: Context) -> ColumnElement[bool]:
    """The viewer's own elements."""
    return col(Element.account_id) == context.person.account.id


def removable(context: Context, element: Element, restriction: Restriction | None) -> bool:
    """Whether the viewer may remove the element now (3.2-8, 3.2-15, 3.2-16)."""
    return restriction is None and Permission.PROFILE_EDIT in context.person.permissions


def link(context: Context, element: Element, material: CourseMaterial) -> str:
    """The address of a material; it names the element, so it dies with it (3.2-11)."""
    return f"{context.ports.origin}/materials/{element.id.hex}/{material.id.hex}"


async def list_elements(
    context: Context, narrowed: ElementQuery, first: int, after: str | None
) -> Page[Element]:
    """The viewer's elements, the newest first (3.2-2)."""
    query = select(Element).join(Course, col(Course.id) == col(Element.course_id)).where(mine(context))
    if narrowed.search and narrowed.search.strip():
        query = query.where(matches(col(Course.title), narrowed.search.strip()))
    if narrowed.kinds:
        query = query.where(col(Course.kind).in_(narrowed.kinds))
    order = [
        By("ADDED_AT", col(Element.added_at), descending=True),
        By("ID", col(Element.id), descending=True),
    ]
    return await page(context, query, order, first, after)


async def all_elements(context: Context) -> list[Element]:
    """Every element of the viewer, for the snapshot of a live stream."""
    order = col(Element.added_at).desc(), col(Element.id).desc()
    async with context.database.reading() as session:
        return list(await session.scalars(select(Element).where(mine(context)).order_by(*order)))


async def element_now(context: Context, element_id: UUID | None) -> Element | None:
    """An element of the viewer as it stands, if it still exists."""
    async with context.database.reading() as session:
        return await session.scalar(select(Element).where(col(Element.id) == element_id, mine(context)))


async def follow_elements(context: Context, after: Places | None) -> AsyncIterator[Step]:
    """The live stream of the viewer's elements (3.2-6, 3.2-10).

    One restriction may concern many of them, and is answered by all as they stand (3.2-16).
    """
    own = Feed(account_stream(context.person.account.id), ("education:element:",))
    shared = Feed(RESTRICTIONS_STREAM, ("education:restriction:",))
    async for step in follow_two(context, own, shared, after):
        if not isinstance(step, Delta) or step.event.stream == own.stream:
            yield step
        elif await concerns(context, step.event.subject):
            yield Snapshot(step.seq, step.shared)


async def open_material(
    context: Context, element_id: UUID, material_id: UUID
) -> tuple[CourseMaterial, bytes]:
    """A file of a course, asked for anew each time: gone with the element, old links included (3.2-7, 3.2-11)."""
    demand(context, FULL)
    element = await element_now(context, element_id)
    found = await fetch(context, CourseMaterial, material_id, everyone(context)) if element else None
    if element is None or found is None or found.course_id != element.course_id:
        raise not_found()
    return found, await context.ports.objects.get(found.object_key, LARGEST_MATERIAL)


async def add_elements(context: Context, *, course_ids: list[UUID]) -> list[Element]:
    """Take up one course or many, all or none; what is taken up already stays as it is (3.2-5, 3.2-6)."""
    if not 1 <= len(course_ids) <= MOST_AT_ONCE:
        message = f"Добавить за раз можно от 1 до {MOST_AT_ONCE} элементов."
        raise mistake(ErrorCode.INVALID_FORMAT, message, "courseIds")
    async with context.database.transaction(context.author) as work:
        held = await _held(work.session, context, course_ids)
        wanted = [course_id for course_id in dict.fromkeys(course_ids) if course_id not in held]
        problems = await _problems(work.session, context, wanted, course_ids)
        if problems:
            raise UserError(*problems)
        for element in await _take_up(work.session, context, wanted):
            work.record(Fact(account_stream(element.account_id), "education:element:added", element.id))
        held = await _held(work.session, context, course_ids)
    return [held[course_id] for course_id in dict.fromkeys(course_ids)]


async def _held(session: AsyncSession, context: Context, course_ids: list[UUID]) -> dict[UUID, Element]:
    query = select(Element).where(mine(context), col(Element.course_id).in_(course_ids))
    return {element.course_id: element for element in await session.scalars(query)}


async def _problems(
    session: AsyncSession, context: Context, wanted: list[UUID], given: list[UUID]
) -> list[Problem]:
    known = set(await session.scalars(select(col(Course.id)).where(col(Course.id).in_(wanted))))
    restricted = await restrictions_on(session, wanted, RestrictedAction.ADD, context.clock.now())
    problems: list[Problem] = []
    for course_id in wanted:
        path = ("courseIds", str(given.index(course_id)))
        if course_id not in known:
            problems.append(Problem(ErrorCode.NOT_FOUND, "В каталоге нет такого элемента.", path))
        elif course_id in restricted:
            message = f"Добавление ограничено учебным заведением: {restricted[course_id].reason}"
            problems.append(Problem(ErrorCode.POLICY_RESTRICTED, message, path))
    return problems


async def _take_up(session: AsyncSession, context: Context, course_ids: list[UUID]) -> list[Element]:
    """Elements not there yet, with all their rows; two equal requests at once make one of each."""
    if not course_ids:
        return []
    shapes = await load_shapes(session, set(course_ids))
    elements = [
        Element(
            id=context.secrets.uuid(),
            account_id=context.person.account.id,
            course_id=course_id,
            added_at=context.clock.now(),
        )
        for course_id in sorted(course_ids)
    ]
    rows = [element.model_dump() for element in elements]
    fresh = set(
        await session.scalars(
            insert(Element).values(rows).on_conflict_do_nothing().returning(col(Element.id))
        )
    )
    new = [element for element in elements if element.id in fresh]
    for element in new:
        course, modules, certificate = begin(shapes[element.course_id], element, context.secrets.uuid())
        if course.percent >= WHOLE:
            make_ready(context, certificate, element.added_at, element.added_at)
        session.add_all([course, *modules, certificate])
    await session.flush()
    return new
