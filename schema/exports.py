"""Exports of lists as CSV and PDF (3.1-18, 3.1-19, 3.4-14, 3.4-15)."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

import strawberry

from models import exports as rows
from models.account import Permission
from models.exports import ExportFailure, ExportFormat, ExportKind, ExportState
from resolvers import exports as use
from resolvers import live
from resolvers.export_question import Question
from resolvers.rights import FULL, Need
from schema.activities import ActivityFilter, ActivitySort, ordered
from schema.activities import narrowed as narrowed_activities
from schema.base import Cursor, Info, Node, field, node, parse_id
from schema.errors import Payload
from schema.fields import computed, mutation, root, subscription
from schema.live import Heartbeat
from schema.progress import ProgressFilter
from schema.progress import narrowed as narrowed_progress

strawberry.enum(
    ExportKind,
    description="ACTIVITIES — мероприятия, PROGRESS — курсы, PORTFOLIO_HISTORY — история портфолио.",
)
strawberry.enum(ExportFormat, description="CSV открывается в таблицах, PDF — на бумаге.")
strawberry.enum(
    ExportState,
    description="QUEUED — в очереди, RUNNING — готовится, READY — готова, FAILED — не удалась, "
    "EXPIRED — срок хранения вышел.",
)

strawberry.enum(
    ExportFailure,
    description="NOT_MADE — файл собрать не удалось, TOOK_TOO_LONG — за час не собрался. Запросите выгрузку снова.",
)

EXPORT = Need(FULL.level, Permission.EXPORT)
First = Annotated[int, strawberry.argument(description="Сколько последних выгрузок, от 1 до 100.")]
Version = Annotated[
    Cursor | None,
    strawberry.argument(description="Курсор последнего увиденного состояния; без него — с начала."),
]


@node(rows.ExportJob, "exportJob", description="Выгрузка списка в файл.")
class ExportJob(Node):
    """Served from its row."""

    kind: ExportKind = field("Какой список.")
    format: ExportFormat = field("Вид файла.")
    state: ExportState = field("Состояние.")
    rows: int | None = field("Сколько строк в файле.")
    rows_done: int = field("Сколько строк уже готово.")
    size_bytes: int = field("Размер файла, байт.")
    failure: ExportFailure | None = field("Почему файла нет; только у FAILED.")
    download_url: str | None = computed(use.download_url, "Ссылка на файл; действует один час.")
    requested_at: datetime = field("Когда запрошена.")
    ready_at: datetime | None = field("Когда готова.")
    expires_at: datetime | None = field("До какого времени файл хранится.")


@strawberry.input(description="Что выгрузить: отбор и порядок те же, что у списка на экране.")
class ExportInput:
    """The list as it is on the screen."""

    kind: ExportKind = strawberry.field(description="Какой список.")
    format: ExportFormat = strawberry.field(description="Вид файла.")
    activity_filter: ActivityFilter | None = strawberry.field(
        default=None, description="Отбор мероприятий; только для ACTIVITIES."
    )
    activity_sort: list[ActivitySort] | None = strawberry.field(
        default=None, description="Порядок мероприятий; только для ACTIVITIES."
    )
    progress_filter: ProgressFilter | None = strawberry.field(
        default=None, description="Отбор курсов; только для PROGRESS."
    )


@strawberry.type(description="Запрошенная выгрузка.")
class ExportPayload(Payload):
    """The job; of a short list it is ready at once."""

    job: ExportJob | None = strawberry.field(
        default=None, description="До 1000 строк готова сразу; длиннее — следите за `exportJob`."
    )


@strawberry.type
class ExportsViewer:
    """The part of `Viewer` about exports."""

    @root(EXPORT, description="Ваши выгрузки; последние сверху.", of=list[ExportJob] | None)
    async def exports(self, info: Info, first: First = 20) -> Any:
        return await use.exports(info.context, first)


@strawberry.type
class ExportsMutation:
    """Mutations about exports."""

    @mutation(
        EXPORT,
        ExportPayload,
        description="Выгрузить список в файл. Двойное нажатие находит ту же выгрузку, пока она готовится — и повтор в "
        "течение полуминуты.",
    )
    async def request_export(self, info: Info, input: ExportInput) -> Any:  # noqa: A002 - the schema's word
        question = Question(
            input.kind,
            narrowed_activities(input.activity_filter, "activityFilter"),
            ordered(input.activity_sort),
            narrowed_progress(input.progress_filter),
        )
        job: Any = await use.request_export(info.context, question=question, form=input.format)
        return ExportPayload(job=job)


@strawberry.type(description="Состояние выгрузки.")
class ExportEvent:
    """The newest state."""

    cursor: Cursor = strawberry.field(description="Курсор этого состояния.")
    job: ExportJob = strawberry.field(description="Выгрузка, какой она стала.")


ExportUpdate = Annotated[
    ExportEvent | Heartbeat,
    strawberry.union("ExportUpdate", description="Что приходит, пока выгрузка готовится."),
]


@strawberry.type
class ExportsSubscription:
    """Live exports."""

    @subscription(
        EXPORT, description="Выгрузка вживую: состояние и число готовых строк; поток кончается вместе с ней."
    )
    async def export_job(
        self,
        info: Info,
        id: strawberry.ID,  # noqa: A002 - the schema's word
        after: Version = None,
    ) -> AsyncIterator[ExportUpdate]:
        key = parse_id("exportJob", id, "id")
        async for step in use.follow_export(info.context, key, live.parse_cursor(after)):
            if isinstance(step, live.Heartbeat):
                yield Heartbeat(cursor=Cursor(str(step.seq)), at=step.at)
            else:
                job: Any = step.job
                yield ExportEvent(cursor=Cursor(str(job.version)), job=job)
