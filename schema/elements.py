"""One's own education: the list, its live stream, adding and removing (requirements 3.2)."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from models import education as rows
from models.account import Permission
from models.education import ElementKind
from models.errors import UserError as MistakeInInput
from resolvers import elements as use
from resolvers import live, removal
from resolvers.context import Context
from resolvers.education import COURSE
from resolvers.live_pair import parse_places
from resolvers.rights import FULL, Need
from schema.base import Cursor, Info, Node, field, node, node_id, parse_id
from schema.education import Course
from schema.errors import Payload
from schema.fields import derived, mutation, related, root, subscription
from schema.live import Heartbeat, Resync, mark, quiet, subject_of
from schema.paging import Connection
from schema.progress import CourseProgress

EDIT = Need(FULL.level, Permission.PROFILE_EDIT)


@strawberry.type(description="Файл с материалами курса.")
class CourseMaterial:
    """Open to those who study."""

    title: str = strawberry.field(description="Название.")
    file_name: str = strawberry.field(description="Имя файла.")
    url: str = strawberry.field(description="Адрес файла; открывается владельцу, пока элемент не удалён.")


def _materials(
    context: Context, element: rows.Element, found: list[rows.CourseMaterial]
) -> list[CourseMaterial]:
    return [
        CourseMaterial(title=row.title, file_name=row.file_name, url=use.link(context, element, row))
        for row in found
    ]


@node(rows.Element, "education", description="Элемент вашего образования: добавленный курс или модуль.")
class EducationElement(Node):
    """Served from its row."""

    course: Course = related(COURSE, "Что добавлено.")
    added_at: datetime = field("Когда добавлено.")
    materials: list[CourseMaterial] = derived(use.COURSE_MATERIALS, _materials, "Материалы курса.")
    progress: CourseProgress | None = related(use.ELEMENT_PROGRESS, "Как пройден.")
    removable: bool = derived(use.REMOVAL_RESTRICTED, use.removable, "Можно ли удалить прямо сейчас.")
    restriction: str | None = derived(
        use.REMOVAL_RESTRICTED,
        lambda context, row, found: None if found is None else found.reason,
        "Почему учебное заведение ограничило удаление; null — не ограничило.",
    )


@strawberry.input(description="Условия отбора; действуют все вместе.")
class EducationFilter:
    """What the list is narrowed to."""

    search: str | None = strawberry.field(
        default=None, description="Слова из названия: в любой форме, опечатки прощаются."
    )
    kinds: list[ElementKind] | None = strawberry.field(default=None, description="Курсы, программы, модули.")


@strawberry.type(description="Что будет потеряно при удалении элемента.")
class RemovalPreview:
    """The words of the dialogue."""

    grades_count: int = strawberry.field(description="Сколько оценок будет удалено.")
    certificates_count: int = strawberry.field(description="Сколько удостоверений будет удалено.")
    warning: str = strawberry.field(description="Предупреждение, как его показывать.")
    confirmation_token: str = strawberry.field(
        description="Подтверждение: передайте его в `removeEducationElement`. Умирает, если состав изменится."
    )
    expires_at: datetime = strawberry.field(description="До какого момента подтверждение действует.")


@strawberry.type
class ElementsViewer:
    """The part of `Viewer` about one's education."""

    @root(FULL, description="Ваше образование: добавленные элементы.", of=Connection[EducationElement] | None)
    async def education(
        self,
        info: Info,
        first: int = 20,
        after: Cursor | None = None,
        filter: EducationFilter | None = None,  # noqa: A002 - the schema's word
    ) -> Any:
        given = filter or EducationFilter()
        narrowed = use.ElementQuery(given.search, tuple(given.kinds or ()))
        return await use.list_elements(info.context, narrowed, first, after)

    @root(EDIT, description="Что будет потеряно при удалении элемента, и подтверждение для него.")
    async def removal_preview(self, info: Info, id: strawberry.ID) -> RemovalPreview | None:  # noqa: A002
        preview = await removal.preview_removal(info.context, parse_id("education", id, "id"))
        return RemovalPreview(
            grades_count=preview.loss.grades,
            certificates_count=len(preview.loss.certificates),
            warning=preview.loss.warning,
            confirmation_token=preview.token,
            expires_at=preview.expires_at,
        )


@strawberry.input(description="Что добавить: один элемент каталога или несколько.")
class AddEducationElementsInput:
    """All or none."""

    course_ids: list[strawberry.ID] = strawberry.field(
        description=f"Элементы каталога, от 1 до {use.MOST_AT_ONCE}."
    )


@strawberry.type(description="Добавленное; при ошибке не добавляется ничего.")
class AddEducationElementsPayload(Payload):
    """The elements as they now stand."""

    elements: list[EducationElement] = strawberry.field(
        default_factory=list, description="Элементы в порядке запроса, и те, что были раньше."
    )


@strawberry.input(description="Что удалить, с подтверждением из диалога.")
class RemoveEducationElementInput:
    """One element."""

    id: strawberry.ID = strawberry.field(description="Элемент образования.")
    confirmation_token: str = strawberry.field(
        default="", description="Подтверждение из `viewer.removalPreview`; без него удаления нет."
    )


@strawberry.type(description="Итог удаления.")
class RemoveEducationElementPayload(Payload):
    """What is gone."""

    removed_id: strawberry.ID | None = strawberry.field(default=None, description="Удалённый элемент.")
    deleted_grades: int = strawberry.field(default=0, description="Удалено оценок.")
    deleted_certificates: int = strawberry.field(default=0, description="Удалено удостоверений.")


@strawberry.type
class ElementsMutation:
    """Mutations of one's education."""

    @mutation(
        EDIT,
        AddEducationElementsPayload,
        description="Добавить элементы в своё образование. Повтор безопасен.",
    )
    async def add_education_elements(self, info: Info, input: AddEducationElementsInput) -> Any:  # noqa: A002
        course_ids = [_course_key(value) for value in input.course_ids]
        elements: Any = await use.add_elements(info.context, course_ids=course_ids)
        return AddEducationElementsPayload(elements=elements)

    @mutation(
        EDIT,
        RemoveEducationElementPayload,
        description="Удалить элемент вместе с его оценками и удостоверениями.",
    )
    async def remove_education_element(self, info: Info, input: RemoveEducationElementInput) -> Any:  # noqa: A002
        loss = await removal.remove_element(
            info.context,
            element_id=parse_id("education", input.id, "id"),
            token=input.confirmation_token,
        )
        return RemoveEducationElementPayload(
            removed_id=input.id, deleted_grades=loss.grades, deleted_certificates=len(loss.certificates)
        )


def _course_key(value: str) -> UUID:
    """The key in an id of a course; one that cannot be an id is as unknown as any other."""
    try:
        return parse_id("course", value)
    except MistakeInInput:
        return UUID(int=0)


@strawberry.type(description="Снимок: всё ваше образование на момент курсора.")
class EducationSnapshot:
    """The state to start from."""

    cursor: Cursor = strawberry.field(description="Курсор, после которого идут изменения.")
    elements: list[EducationElement] = strawberry.field(description="Все элементы, новые сверху.")


@strawberry.type(description="Изменение: элемент добавлен или удалён.")
class EducationDelta:
    """One change."""

    cursor: Cursor = strawberry.field(description="Курсор этого изменения.")
    element: EducationElement | None = strawberry.field(description="Добавленный элемент.")
    removed_id: strawberry.ID | None = strawberry.field(description="Идентификатор удалённого.")


EducationUpdate = Annotated[
    EducationSnapshot | EducationDelta | Resync | Heartbeat,
    strawberry.union("EducationUpdate", description="Что приходит в живом потоке образования."),
]


@strawberry.type
class ElementsSubscription:
    """Live education."""

    @subscription(
        FULL,
        description="Образование вживую: сначала снимок, затем изменения, а когда учебное заведение ввело или сняло "
        "ограничение или пришёл его срок, — новый снимок. После обрыва передайте последний курсор.",
    )
    async def education(self, info: Info, after: Cursor | None = None) -> AsyncIterator[EducationUpdate]:
        async for step in use.follow_elements(info.context, parse_places(after)):
            match step:
                case live.Snapshot():
                    elements: Any = await use.all_elements(info.context)
                    yield EducationSnapshot(cursor=mark(step), elements=elements)
                case live.Delta(event=event):
                    element: Any = await use.element_now(info.context, event.subject)
                    # What was added and removed since is told as removed by both of its events.
                    removed = None if element else node_id("education", subject_of(event))
                    yield EducationDelta(cursor=mark(step), element=element, removed_id=removed)
                case _:
                    yield quiet(step)
