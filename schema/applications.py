"""Applications of the person (1.1-15, 1.1-16)."""

from datetime import datetime
from typing import Any

import strawberry

from models import applications as rows
from models.applications import KIND_LABELS, STATUS_LABELS, ApplicationKind, ApplicationStatus
from resolvers import applications as use
from resolvers.rights import SIGNED_IN
from schema.base import Cursor, Info, Node, field, node, parse_id
from schema.errors import Payload
from schema.fields import computed, mutation, related, root
from schema.paging import Connection

strawberry.enum(ApplicationKind, description="Вид заявки.")
strawberry.enum(ApplicationStatus, description="Статус заявки.")


@strawberry.type(description="Строка истории заявки.")
class ApplicationEvent:
    """Served from the row."""

    at: datetime = field("Когда.")
    status: ApplicationStatus = field("Какой статус наступил.")
    status_label: str = computed(lambda context, row: STATUS_LABELS[row.status], "Статус по-русски.")
    comment: str | None = field("Пояснение.")


@node(rows.Application, "application", description="Заявка: номер, вид, статус и история.")
class Application(Node):
    """Served from the row."""

    number: str = field("Номер, который называют поддержке.")
    kind: ApplicationKind = field("Вид.")
    kind_label: str = computed(lambda context, row: KIND_LABELS[row.kind], "Вид по-русски.")
    status: ApplicationStatus = field("Статус.")
    status_label: str = computed(lambda context, row: STATUS_LABELS[row.status], "Статус по-русски.")
    created_at: datetime = field("Когда подана.")
    updated_at: datetime = field("Когда статус изменился.")
    reasons: list[str] = field("Почему отклонена, по пунктам.")
    cancellable: bool = computed(lambda context, row: use.cancellable(row), "Можно ли её отменить.")
    history: list[ApplicationEvent] = related(use.HISTORY, "История, по порядку наступления.")


@strawberry.input(description="Отбор заявок; условия действуют вместе.")
class ApplicationFilter:
    """What is left out does not narrow."""

    kinds: list[ApplicationKind] | None = strawberry.field(default=None, description="Виды.")
    statuses: list[ApplicationStatus] | None = strawberry.field(default=None, description="Статусы.")


@strawberry.type(description="Заявка после изменения.")
class ApplicationPayload(Payload):
    """Either the application or errors."""

    application: Application | None = strawberry.field(default=None, description="Заявка.")


@strawberry.type
class ApplicationsViewer:
    """The part of `Viewer` about applications."""

    @root(SIGNED_IN, description="Ваши заявки, новые сверху.", of=Connection[Application] | None)
    async def applications(
        self,
        info: Info,
        first: int = 20,
        after: Cursor | None = None,
        filter: ApplicationFilter | None = None,  # noqa: A002 - the schema's word
    ) -> Any:
        wanted = use.ApplicationFilter(filter.kinds, filter.statuses) if filter else use.ApplicationFilter()
        return await use.my_applications(info.context, wanted, first, after)


@strawberry.type
class ApplicationsMutation:
    """Changes of applications."""

    @mutation(SIGNED_IN, ApplicationPayload, description="Отменить заявку, если это ещё возможно.")
    async def cancel_application(self, info: Info, id: strawberry.ID) -> Any:  # noqa: A002
        cancelled: Any = await use.cancel_application(info.context, parse_id("application", id, "id"))
        return ApplicationPayload(application=cancelled)
