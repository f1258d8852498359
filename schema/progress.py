"""How learning stands, live, and how providers report (requirements 3.4)."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from models import progress as rows
from models.activities import ActivityType
from models.education import AssessmentKind, Difficulty
from models.organizers import Scope
from models.progress import (
    CERTIFICATE_LABELS,
    EXAM_LABELS,
    CertificateStatus,
    ExamStatus,
    Verb,
)
from resolvers import live, results
from resolvers import progress as use
from resolvers.certificates import check_url
from resolvers.rights import FULL, provider
from resolvers.statements import Report
from schema.activities import DateRange, days
from schema.base import Cursor, Info, Node, field, key_of_row, node, node_id
from schema.education import Assessment, Course
from schema.errors import Payload, UserError, shown
from schema.fields import computed, derived, mutation, related, root, subscription
from schema.live import Heartbeat, Resync, mark, quiet, subject_of
from schema.paging import Connection

strawberry.enum(ExamStatus, description="Как обстоит дело с экзаменом.")
strawberry.enum(
    CertificateStatus,
    description="IN_PROGRESS — в процессе, READY_TO_DOWNLOAD — готов к скачиванию, ISSUED — выдан.",
)
strawberry.enum(
    Verb,
    name="ResultVerb",
    description="Что сделал слушатель, словами xAPI: продвинулся, прошёл, сдал, не сдал.",
)


@strawberry.type(description="Как пройден один модуль.")
class ModuleProgress:
    """Served from its row."""

    title: str = derived(use.MODULE, lambda context, row, module: module.title, "Название модуля.")
    completed: bool = computed(lambda context, row: row.completed_at is not None, "Пройден ли модуль.")
    completed_at: datetime | None = field("Когда пройден.")
    score: float | None = field("Баллы за контрольные задания модуля.")


@node(rows.Certificate, "certificate", description="Удостоверение о прохождении курса.")
class Certificate(Node):
    """Served from its row."""

    status: CertificateStatus = field("Состояние удостоверения.")
    status_label: str = computed(lambda context, row: CERTIFICATE_LABELS[row.status], "Состояние по-русски.")
    number: str | None = field("Номер; появляется, когда удостоверение готово.")
    ready_at: datetime | None = field("Когда готово к скачиванию.")
    completed_at: datetime | None = computed(
        lambda context, row: row.course_completed_at,
        "Когда курс завершён: время последнего из результатов, которыми он завершён.",
    )
    issued_at: datetime | None = field("Когда выдано.")
    check_url: str | None = computed(
        lambda context, row: row.number and check_url(context, row.number),
        "Страница, на которой номер проверит любой; на неё же ведёт QR-код в файле.",
    )


@node(rows.CourseProgress, "element", key="element_id", description="Как пройден один курс.")
class CourseProgress(Node):
    """Served from its row."""

    course: Course = related(use.COURSE_OF_PROGRESS, "Курс.")
    topics_completed: int = field("Завершённые темы.")
    topics_total: int = field("Всего тем.")
    lessons_left: int = computed(
        lambda context, row: row.lessons_total - row.lessons_completed, "Оставшиеся занятия."
    )
    modules_completed: int = field("Пройденные модули.")
    modules_total: int = field("Всего модулей.")
    percent: float = field("Доля пройденного, 0..100.")
    modules: list[ModuleProgress] = related(use.MODULE_RESULTS, "Модули по порядку.")
    score: float | None = field("Полученные баллы.")
    exam: ExamStatus = field("Статус сдачи экзамена.")
    exam_label: str = computed(lambda context, row: EXAM_LABELS[row.exam], "Статус экзамена по-русски.")
    certificate: Certificate | None = related(use.CERTIFICATE, "Удостоверение.")
    started_at: datetime | None = field("Первый результат.")
    updated_at: datetime = field("Последнее изменение.")
    version: int = field("Растёт на единицу с каждым пересчётом.")


@node(rows.Grade, "grade", description="Оценка за тест, практическое задание или экзамен.")
class Grade(Node):
    """Served from its row."""

    course: Course = related(use.COURSE_OF_GRADE, "Курс, в котором она получена.")
    assessment: Assessment = related(use.ASSESSMENT, "За какое контрольное задание оценка.")
    assessment_title: str = derived(use.ASSESSMENT, lambda context, row, item: item.title, "За что оценка.")
    kind: AssessmentKind = derived(use.ASSESSMENT, lambda context, row, item: item.kind, "Вид задания.")
    max_score: float = derived(use.ASSESSMENT, lambda context, row, item: item.max_score, "Наибольший балл.")
    score: float = field("Баллы.")
    passed: bool = field("Сдано ли.")
    attempt: int = field("Номер попытки.")
    graded_at: datetime = field("Когда оценено.")


@strawberry.type(description="Итоги по всем курсам.")
class ProgressSummary:
    """Totals."""

    modules_completed: int = strawberry.field(description="Пройденные модули.")
    modules_total: int = strawberry.field(description="Всего модулей.")
    credits_earned: float = strawberry.field(description="ЗЕТ за пройденные целиком курсы.")


@strawberry.input(description="Условия отбора курсов; действуют все вместе.")
class ProgressFilter:
    """What the list is narrowed to."""

    date: DateRange | None = strawberry.field(default=None, description="Последнее изменение.")
    course_types: list[ActivityType] | None = strawberry.field(default=None, description="Виды обучения.")
    difficulties: list[Difficulty] | None = strawberry.field(default=None, description="Уровни сложности.")


def narrowed(given: ProgressFilter | None) -> use.ProgressQuery:
    """The filter as use cases take it, the same for the list and for its exports."""
    if given is None:
        return use.ProgressQuery()
    return use.ProgressQuery(
        days=days(given.date),
        course_types=tuple(given.course_types or ()),
        difficulties=tuple(given.difficulties or ()),
    )


@strawberry.type(description="Прогресс обучения.")
class Progress:
    """The tab «Прогресс»."""

    @root(FULL, description="Курсы; последний изменившийся сверху.", of=Connection[CourseProgress] | None)
    async def courses(
        self,
        info: Info,
        first: int = 20,
        after: Cursor | None = None,
        filter: ProgressFilter | None = None,  # noqa: A002 - the schema's word
    ) -> Any:
        return await use.list_courses(info.context, narrowed(filter), first, after)

    @root(
        FULL, description="Оценки: строка на каждый тест, задание или экзамен.", of=Connection[Grade] | None
    )
    async def grades(self, info: Info, first: int = 50, after: Cursor | None = None) -> Any:
        return await use.list_grades(info.context, first, after)

    @root(FULL, description="Итоги по всем курсам.")
    async def summary(self, info: Info) -> ProgressSummary | None:
        found = await use.summary(info.context)
        return ProgressSummary(
            modules_completed=found.modules_completed,
            modules_total=found.modules_total,
            credits_earned=found.credits_earned,
        )


@strawberry.type
class ProgressViewer:
    """The part of `Viewer` about progress."""

    @root(FULL, description="Прогресс обучения.")
    async def progress(self) -> Progress | None:
        return Progress()


@strawberry.type(description="Снимок: все ваши курсы на момент курсора.")
class ProgressSnapshot:
    """The state to start from."""

    cursor: Cursor = strawberry.field(description="Курсор, после которого идут изменения.")
    courses: list[CourseProgress] = strawberry.field(description="Все курсы.")


@strawberry.type(description="Изменение: один курс после пересчёта, новый или удалённый.")
class ProgressDelta:
    """One change."""

    cursor: Cursor = strawberry.field(description="Курсор этого изменения.")
    id: strawberry.ID = strawberry.field(
        description="Чей это курс: `CourseProgress.id`, и когда его больше нет."
    )
    course: CourseProgress | None = strawberry.field(
        description="Курс, каким он стал; null, если его больше нет."
    )
    grade: Grade | None = strawberry.field(description="Новая оценка, если изменение принесла она.")


ProgressUpdate = Annotated[
    ProgressSnapshot | ProgressDelta | Resync | Heartbeat,
    strawberry.union("ProgressUpdate", description="Что приходит в живом потоке прогресса."),
]


@strawberry.type
class ProgressSubscription:
    """Live progress."""

    @subscription(
        FULL,
        description="Прогресс вживую: сначала снимок, затем изменения. После обрыва передайте последний курсор.",
    )
    async def progress(self, info: Info, after: Cursor | None = None) -> AsyncIterator[ProgressUpdate]:
        async for step in use.follow_progress(info.context, live.parse_cursor(after)):
            match step:
                case live.Snapshot():
                    courses: Any = await use.all_courses(info.context)
                    yield ProgressSnapshot(cursor=mark(step), courses=courses)
                case live.Delta(event=event):
                    course: Any = await use.course_progress(info.context, event.subject)
                    grade: Any = None
                    if "grade" in event.data:
                        grade = await use.grade(info.context, UUID(event.data["grade"]))
                    yield ProgressDelta(
                        cursor=mark(step),
                        id=node_id("element", subject_of(event)),
                        course=course,
                        grade=grade,
                    )
                case _:
                    yield quiet(step)


@strawberry.input(description="Один результат слушателя.")
class ResultInput:
    """A statement of a provider."""

    statement_id: str = strawberry.field(
        description="Ваш идентификатор сообщения: повтор с ним ничего не меняет, другое содержание — ошибка CONFLICT."
    )
    element_id: strawberry.ID = strawberry.field(description="Чьё и какое обучение (`CourseProgress.id`).")
    lesson_id: strawberry.ID | None = strawberry.field(
        default=None, description="Занятие (`Lesson.id`); либо оно, либо задание."
    )
    assessment_id: strawberry.ID | None = strawberry.field(
        default=None, description="Контрольное задание (`Assessment.id`)."
    )
    verb: Verb = strawberry.field(
        description="Что сделано; COMPLETED задания без доли баллов — ещё не оценка."
    )
    scaled: float | None = strawberry.field(default=None, description="Доля баллов от наибольшего, 0..1.")
    happened_at: datetime = strawberry.field(description="Когда это было.")


@strawberry.input(description="Пачка результатов, до 100 за раз.")
class RecordResultsInput:
    """A batch."""

    results: list[ResultInput] = strawberry.field(
        description="Результаты; ошибка в одном не мешает остальным."
    )


@strawberry.type(description="Что принято из пачки; путь ошибки начинается с `results` и номера строки.")
class RecordResultsPayload(Payload):
    """The receipt."""

    accepted: int = strawberry.field(default=0, description="Принято новых результатов.")
    repeated: int = strawberry.field(default=0, description="Уже были приняты раньше.")
    errors: list[UserError] = strawberry.field(
        default_factory=list, description="Ошибки по строкам, все сразу."
    )


@strawberry.type
class ProgressMutation:
    """Mutations of providers."""

    @mutation(
        provider(Scope.RESULTS),
        RecordResultsPayload,
        description="Сообщить результаты слушателей (для провайдеров).",
    )
    async def record_results(self, info: Info, input: RecordResultsInput) -> Any:  # noqa: A002
        reports = [_report(given) for given in input.results]
        receipt = await results.record_results(info.context, reports=reports, source="graphql")
        return RecordResultsPayload(
            accepted=receipt.accepted, repeated=receipt.repeated, errors=shown(receipt.problems)
        )


def _report(given: ResultInput) -> Report:
    return Report(
        statement_id=given.statement_id,
        element_id=key_of_row("element", given.element_id),
        lesson_id=key_of_row("lesson", given.lesson_id) if given.lesson_id else None,
        assessment_id=key_of_row("assessment", given.assessment_id) if given.assessment_id else None,
        verb=given.verb,
        scaled=given.scaled,
        happened_at=given.happened_at,
    )
