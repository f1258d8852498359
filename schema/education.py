"""The catalogue of courses and modules (requirements 3.2)."""

from typing import Any

import strawberry

from models import education as rows
from models.activities import ActivityType
from models.education import AssessmentKind, Difficulty, ElementKind
from models.organizers import Scope
from resolvers import education as use
from resolvers.rights import SIGNED_IN, provider
from schema.activities import Organizer
from schema.base import Cursor, Info, Node, field, node
from schema.fields import derived, related, root
from schema.paging import Connection

strawberry.enum(ElementKind, description="Курс, программа или отдельный модуль.")
strawberry.enum(Difficulty, description="Уровень сложности.")
strawberry.enum(AssessmentKind, description="Тест, практическое задание или экзамен.")


@node(rows.Lesson, "lesson", description="Занятие темы.")
class Lesson:
    """Served from its row."""

    title: str = field("Название занятия.")
    position: int = field("Место в теме, с единицы.")


@node(
    rows.Assessment, "assessment", description="Контрольное задание: тест, практическое задание или экзамен."
)
class Assessment:
    """Served from its row."""

    title: str = field("Название задания.")
    kind: AssessmentKind = field("Вид задания.")
    position: int = field("Место среди заданий, с единицы.")
    max_score: float = field("Наибольший балл.")
    passing_score: float = field("С какого балла сдано.")


@strawberry.type(description="Тема модуля.")
class Topic:
    """Served from its row."""

    title: str = field("Название темы.")
    position: int = field("Место в модуле, с единицы.")
    lessons: list[Lesson] = related(use.LESSONS, "Занятия по порядку.")


@strawberry.type(description="Модуль курса.")
class Module:
    """Served from its row."""

    title: str = field("Название модуля.")
    position: int = field("Место в курсе, с единицы.")
    topics: list[Topic] = related(use.TOPICS, "Темы по порядку.")
    assessments: list[Assessment] = related(
        use.ASSESSMENTS_OF_MODULE, "Контрольные задания модуля по порядку."
    )


@node(rows.Course, "course", description="Элемент каталога обучения.")
class Course(Node):
    """Served from its row."""

    title: str = field("Название.")
    kind: ElementKind = field("Курс, программа или модуль.")
    course_type: ActivityType = field("Вид обучения.")
    difficulty: Difficulty = field("Уровень сложности.")
    credits: float = field("Зачётные единицы (ЗЕТ).")
    hours: float = field("Академические часы.")
    specialties: list[str] = field("Специальности, для которых засчитывается; пусто — для любой.")
    provider: Organizer = related(use.COURSE_ORGANIZER, "Кто проводит.")
    modules: list[Module] = related(use.MODULES, "Модули по порядку.")
    assessments: list[Assessment] = related(
        use.ASSESSMENTS_OF_COURSE, "Контрольные задания курса целиком, вне модулей: итоговый экзамен."
    )
    added: bool = derived(
        use.MY_ELEMENT, lambda context, row, mine: mine is not None, "Есть ли уже в вашем образовании."
    )
    addable: bool = derived(use.ADDING_RESTRICTED, use.addable, "Можно ли добавить прямо сейчас.")
    restriction: str | None = derived(
        use.ADDING_RESTRICTED,
        lambda context, row, found: None if found is None else found.reason,
        "Почему учебное заведение ограничило добавление; null — не ограничило.",
    )


@strawberry.input(description="Условия отбора в каталоге; действуют все вместе.")
class CatalogFilter:
    """What the catalogue is narrowed to."""

    search: str | None = strawberry.field(
        default=None, description="Слова из названия: в любой форме, опечатки прощаются."
    )
    kinds: list[ElementKind] | None = strawberry.field(default=None, description="Курсы, программы, модули.")
    course_types: list[ActivityType] | None = strawberry.field(default=None, description="Виды обучения.")
    difficulties: list[Difficulty] | None = strawberry.field(default=None, description="Уровни сложности.")
    only_addable: bool = strawberry.field(
        default=False, description="Только то, что ещё не добавлено и не ограничено."
    )


@strawberry.type
class EducationQuery:
    """The catalogue."""

    @root(SIGNED_IN, description="Каталог обучения: что можно добавить.", of=Connection[Course])
    async def catalog(
        self,
        info: Info,
        first: int = 20,
        after: Cursor | None = None,
        filter: CatalogFilter | None = None,  # noqa: A002 - the schema's word
    ) -> Any:
        given = filter or CatalogFilter()
        narrowed = use.CatalogQuery(
            search=given.search,
            kinds=tuple(given.kinds or ()),
            course_types=tuple(given.course_types or ()),
            difficulties=tuple(given.difficulties or ()),
            only_addable=given.only_addable,
        )
        return await use.list_catalog(info.context, narrowed, first, after)

    @root(
        provider(Scope.RESULTS),
        description="Курсы вашей организации по названию: о чём сообщать результаты (для провайдеров).",
        of=Connection[Course] | None,
    )
    async def provider_courses(self, info: Info, first: int = 20, after: Cursor | None = None) -> Any:
        return await use.list_provider_courses(info.context, first, after)
