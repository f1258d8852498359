"""The portfolio: upload, documents, their live checks (requirements 3.3)."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from models import portfolio as rows
from models.account import Permission
from models.document_names import RULE
from models.documents_rules import (
    KINDS,
    MAX_BYTES,
    MAX_PIXELS,
    MIN_EVENNESS,
    MIN_SHARPNESS,
    MIN_SIDE_PIXELS,
    MIN_WRITING,
    DocumentType,
)
from models.errors import ErrorCode
from models.portfolio import DOCUMENT_LABELS, MIME_TYPES, DocumentStatus
from models.values.form import Form
from models.values.ru_date import RuDate as PaperDate
from resolvers import live
from resolvers import portfolio as use
from resolvers.journal import action_log
from resolvers.portfolio_state import missing_types
from resolvers.rights import FULL, Need
from schema.base import Cursor, Info, Node, RuDate, field, node, node_id, parse_id
from schema.errors import Payload
from schema.fields import computed, mutation, root, subscription
from schema.journal import AuditEntry
from schema.live import Heartbeat, Resync, mark, quiet, subject_of
from schema.paging import Connection

strawberry.enum(DocumentType, description="Вид документа.")
strawberry.enum(DocumentStatus, description="Где документ на своём пути.")


@strawberry.type(description="Одна проверка: что измерено и каков предел.")
class DocumentCheck:
    """Served from a stored finding."""

    name: str = computed(lambda context, row: row["check"], "Что проверялось.")
    passed: bool = computed(lambda context, row: row["passed"], "Пройдена ли проверка.")
    measured: str | None = computed(lambda context, row: row["measured"], "Измеренное значение.")
    limit: str | None = computed(lambda context, row: row["limit"], "Допустимое значение.")


@strawberry.type(description="Что исправить в документе.")
class DocumentProblem:
    """Served from a stored finding."""

    code: ErrorCode | None = computed(lambda context, row: row["code"] and ErrorCode(row["code"]), "Код.")
    message: str = computed(lambda context, row: row["message"], "Что не так.")
    how_to_fix: str = computed(lambda context, row: row["how_to_fix"], "Как исправить.")
    page: int | None = computed(lambda context, row: row["page"], "На какой странице, с единицы.")


@node(rows.Document, "document", description="Документ портфолио.")
class PortfolioDocument(Node):
    """Served from its row."""

    type: DocumentType = field("Вид документа.")
    number: str = field("Номер документа.")
    issued_at: date = field("Дата выдачи.")
    expires_at: date | None = field("До какого дня действует.")
    file_name: str = field("Имя файла.")
    size_bytes: int = field("Размер, байт.")
    mime_type: str = field("Тип содержимого.")
    sha256: str = field("SHA-256 содержимого; пусто, пока идёт проверка.")
    status: DocumentStatus = field("Статус.")
    status_label: str = computed(lambda context, row: DOCUMENT_LABELS[row.status], "Статус по-русски.")
    problems: list[DocumentProblem] = field("Что исправить.")
    checks: list[DocumentCheck] = field("Все проверки с измеренными значениями.")
    version: int = field("Номер версии: у замены он больше на единицу.")
    uploaded_at: datetime = field("Когда сохранён.")
    reviewed_at: datetime | None = field("Когда проверен.")
    download_url: str = computed(
        lambda context, row: context.ports.objects.download_url(row.object_key, row.file_name, row.mime_type),
        "Ссылка для скачивания; действует одну минуту.",
    )


@strawberry.type(description="Вид документа, как его показывать.")
class DocumentTypeInfo:
    """A kind of document."""

    type: DocumentType = strawberry.field(description="Вид документа.")
    title: str = strawberry.field(description="Название по-русски.")
    slugs: list[str] = strawberry.field(description="Слова, которыми вид называют в имени файла.")
    required: bool = strawberry.field(description="Нужен ли он для полного портфолио.")


@strawberry.type(description="Каким должно быть изображение документа; пределы входят в допустимое.")
class PictureRequirements:
    """Limits of the measures that `PortfolioDocument.checks` shows."""

    min_side_pixels: int = strawberry.field(description="Наименьшая из двух сторон, пикселей.")
    max_pixels: int = strawberry.field(description="Наибольшее число пикселей.")
    min_writing: float = strawberry.field(description="Какая часть изображения занята текстом, процентов.")
    min_sharpness: float = strawberry.field(
        description="Чёткость: сколько осталось от самых тонких штрихов, процентов."
    )
    min_evenness: float = strawberry.field(
        description="Ровность света: яркость бумаги под самым тёмным текстом от самой яркой, процентов."
    )


@strawberry.type(description="Каким должен быть файл.")
class PortfolioRequirements:
    """Limits to show before a file is chosen."""

    formats: list[str] = strawberry.field(description="Принимаемые типы содержимого.")
    max_bytes: int = strawberry.field(description="Наибольший размер, байт, включительно.")
    file_name_rule: str = strawberry.field(description="Правило имени файла.")
    file_name_examples: list[str] = strawberry.field(description="Примеры имён.")
    types: list[DocumentTypeInfo] = strawberry.field(description="Виды документов, в порядке показа.")
    pictures: PictureRequirements = strawberry.field(description="Требования к изображениям.")


@strawberry.type(description="Портфолио документов.")
class Portfolio:
    """The section «Портфолио»."""

    @root(FULL, description="Документы, новые сверху.", of=Connection[PortfolioDocument] | None)
    async def documents(
        self,
        info: Info,
        first: int = 50,
        after: Cursor | None = None,
        types: Annotated[
            list[DocumentType] | None, strawberry.argument(description="Только эти виды документов.")
        ] = None,
        statuses: Annotated[
            list[DocumentStatus] | None, strawberry.argument(description="Только эти статусы.")
        ] = None,
    ) -> Any:
        return await use.list_documents(info.context, tuple(types or ()), tuple(statuses or ()), first, after)

    @root(FULL, description="Каких обязательных видов в портфолио ещё нет.")
    async def missing_types(self, info: Info) -> list[DocumentType]:
        return await missing_types(info.context, info.context.person.account.id)

    @root(FULL, description="Полно ли портфолио: одобрен документ каждого обязательного вида.")
    async def complete(self, info: Info) -> bool:
        return not await missing_types(info.context, info.context.person.account.id)

    @root(FULL, description="История портфолио, новые записи сверху.", of=Connection[AuditEntry] | None)
    async def history(self, info: Info, first: int = 50, after: Cursor | None = None) -> Any:
        return await action_log(info.context, first, after, "portfolio:")

    @root(FULL, description="Требования к файлам.")
    async def requirements(self) -> PortfolioRequirements:
        return PortfolioRequirements(
            formats=list(MIME_TYPES),
            max_bytes=MAX_BYTES,
            file_name_rule=f"Имя файла: {RULE}.",
            file_name_examples=["diploma_2023.pdf", "диплом_15.06.2023.jpg"],
            types=[
                DocumentTypeInfo(
                    type=kind, title=known.title, slugs=list(known.slugs), required=known.required
                )
                for kind, known in KINDS.items()
            ],
            pictures=PictureRequirements(
                min_side_pixels=MIN_SIDE_PIXELS,
                max_pixels=MAX_PIXELS,
                min_writing=MIN_WRITING,
                min_sharpness=MIN_SHARPNESS,
                min_evenness=MIN_EVENNESS,
            ),
        )


@strawberry.type
class PortfolioViewer:
    """The part of `Viewer` about documents."""

    @root(FULL, description="Портфолио документов.")
    async def portfolio(self) -> Portfolio | None:
        return Portfolio()


@strawberry.input(description="О файле, который будет отправлен.")
class UploadRequestInput:
    """What is known before the transfer."""

    type: DocumentType = strawberry.field(description="Вид документа.")
    file_name: str = strawberry.field(description="Имя файла, например diploma_2023.pdf.")
    size_bytes: int = strawberry.field(description="Размер, байт.")
    mime_type: str = strawberry.field(description="Тип содержимого, например application/pdf.")
    replaces_document_id: strawberry.ID | None = strawberry.field(
        default=None, description="Документ того же вида, вместо которого этот."
    )


@strawberry.type(description="Поле формы, с которой файл уходит в хранилище.")
class UploadField:
    """One form field."""

    name: str = strawberry.field(description="Имя поля.")
    value: str = strawberry.field(description="Значение поля.")


@strawberry.type(
    description="Разрешение отправить один файл: POST на `url` со всеми полями, файл — последним полем `file`."
)
class UploadTicket:
    """Leave to upload."""

    id: strawberry.ID = strawberry.field(description="Идентификатор загрузки для `saveDocument`.")
    url: str = strawberry.field(description="Адрес хранилища.")
    fields: list[UploadField] = strawberry.field(description="Поля формы, по порядку.")
    expires_at: datetime = strawberry.field(description="До какого момента действует.")
    max_bytes: int = strawberry.field(description="Наибольший размер, байт.")


@strawberry.type(description="Итог запроса на загрузку.")
class UploadPayload(Payload):
    """A ticket or errors."""

    ticket: UploadTicket | None = strawberry.field(default=None, description="Разрешение.")


@strawberry.input(description="Сведения о документе.")
class DocumentInput:
    """What is written on the paper."""

    upload_id: strawberry.ID = strawberry.field(description="Идентификатор загрузки.")
    number: str = strawberry.field(description="Номер документа.")
    issued_at: RuDate = strawberry.field(description="Дата выдачи, ДД.ММ.ГГГГ.")
    expires_at: RuDate | None = strawberry.field(default=None, description="Действует до, ДД.ММ.ГГГГ.")


@strawberry.type(description="Сохранённый документ.")
class DocumentPayload(Payload):
    """A document or errors."""

    document: PortfolioDocument | None = strawberry.field(default=None, description="Документ.")


EDIT = Need(FULL.level, Permission.PORTFOLIO_EDIT)


@strawberry.type
class PortfolioMutation:
    """Mutations about documents."""

    @mutation(EDIT, UploadPayload, description="Получить разрешение отправить файл прямо в хранилище.")
    async def request_document_upload(self, info: Info, input: UploadRequestInput) -> Any:  # noqa: A002
        replaced = input.replaces_document_id
        request = use.UploadRequest(
            type=input.type,
            file_name=input.file_name,
            mime_type=input.mime_type,
            size_bytes=input.size_bytes,
            replaces_id=parse_id("document", replaced, "replacesDocumentId") if replaced else None,
        )
        ticket = await use.request_upload(info.context, request=request)
        return UploadPayload(
            ticket=UploadTicket(
                id=node_id("upload", ticket.upload.id),
                url=ticket.form.url,
                fields=[UploadField(name=name, value=value) for name, value in ticket.form.fields.items()],
                expires_at=ticket.upload.expires_at,
                max_bytes=MAX_BYTES,
            )
        )

    @mutation(
        EDIT, DocumentPayload, description="Сохранить документ; проверка начнётся сама. Повтор безопасен."
    )
    async def save_document(self, info: Info, input: DocumentInput) -> Any:  # noqa: A002
        form = Form()
        issued = form.take(PaperDate.parse, input.issued_at, "issuedAt")
        expires = form.take_optional(PaperDate.parse, input.expires_at, "expiresAt")
        form.done()
        draft = use.DocumentDraft(
            parse_id("upload", input.upload_id, "uploadId"), input.number, issued.value, expires.value
        )
        document: Any = await use.save_document(info.context, draft=draft)
        return DocumentPayload(document=document)


@strawberry.type(description="Снимок: все ваши документы на момент курсора.")
class DocumentSnapshot:
    """The state to start from."""

    cursor: Cursor = strawberry.field(description="Курсор, после которого идут изменения.")
    documents: list[PortfolioDocument] = strawberry.field(description="Все документы.")


@strawberry.type(description="Изменение: один документ, каким он стал.")
class DocumentDelta:
    """One change."""

    cursor: Cursor = strawberry.field(description="Курсор этого изменения.")
    id: strawberry.ID = strawberry.field(description="Какой документ, и когда его больше нет.")
    document: PortfolioDocument | None = strawberry.field(description="Документ; null, если его больше нет.")


DocumentUpdate = Annotated[
    DocumentSnapshot | DocumentDelta | Resync | Heartbeat,
    strawberry.union("DocumentUpdate", description="Что приходит в живом потоке документов."),
]


@strawberry.type
class PortfolioSubscription:
    """Live documents."""

    @subscription(
        FULL, description="Документы вживую: снимок, затем изменения. После обрыва передайте курсор."
    )
    async def documents(self, info: Info, after: Cursor | None = None) -> AsyncIterator[DocumentUpdate]:
        async for step in use.follow_documents(info.context, live.parse_cursor(after)):
            match step:
                case live.Snapshot():
                    documents: Any = await use.all_documents(info.context)
                    yield DocumentSnapshot(cursor=mark(step), documents=documents)
                case live.Delta(event=event):
                    document: Any = await use.document_now(info.context, event.subject)
                    yield DocumentDelta(
                        cursor=mark(step), id=node_id("document", subject_of(event)), document=document
                    )
                case _:
                    yield quiet(step)
