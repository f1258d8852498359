"""Notices, their live stream, the settings of their ways (1.1-17)."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

import strawberry

from models import notifications as rows
from models.notifications import NotificationKind
from resolvers import live
from resolvers import notifications as use
from resolvers.rights import SIGNED_IN
from schema.base import Cursor, Info, Node, field, node, node_id, parse_id
from schema.errors import Payload
from schema.fields import mutation, root, subscription
from schema.live import Heartbeat, Resync, mark, quiet
from schema.paging import Connection

strawberry.enum(NotificationKind, description="О чём уведомление.")


@node(rows.Notification, "notification", description="Уведомление.")
class Notification(Node):
    """Served from the row."""

    kind: NotificationKind = field("О чём уведомление.")
    title: str = field("Заголовок.")
    body: str = field("Текст.")
    created_at: datetime = field("Когда создано.")
    read_at: datetime | None = field("Когда прочитано.")
    emailed_at: datetime | None = field("Когда отправлено письмом.")
    subject: strawberry.ID | None = field("Идентификатор того, о чём уведомление, для поля `node`.")


@strawberry.type(description="Настройки кабинета.")
class Settings:
    """Served from the row of preferences."""

    notify_by_email: bool = field("Присылать уведомления письмом; о безопасности — всегда.")
    notify_in_cabinet: bool = field("Показывать уведомления в кабинете; о безопасности — всегда.")


@strawberry.type
class NotificationsViewer:
    """The part of `Viewer` about notices."""

    @root(SIGNED_IN, description="Уведомления, новые сверху.", of=Connection[Notification] | None)
    async def notifications(
        self,
        info: Info,
        first: int = 20,
        after: Cursor | None = None,
        unread_only: Annotated[bool, strawberry.argument(description="Только непрочитанные.")] = False,
    ) -> Any:
        return await use.list_notifications(info.context, first, after, unread_only)

    @root(SIGNED_IN, description="Сколько уведомлений не прочитано.")
    async def unread_notifications(self, info: Info) -> int:
        return await use.unread(info.context)

    @root(SIGNED_IN, description="Настройки.", of=Settings)
    async def settings(self, info: Info) -> Any:
        return await use.preferences(info.context)


@strawberry.type(description="Уведомление прочитано.")
class NotificationPayload(Payload):
    """The notice as it became."""

    notification: Notification | None = strawberry.field(default=None, description="Уведомление.")


@strawberry.type(description="Все уведомления прочитаны.")
class NotificationsReadPayload(Payload):
    """How many became read."""

    read: int = strawberry.field(default=0, description="Сколько было непрочитанных.")


@strawberry.input(description="Что изменить в настройках; пропущенное остаётся как было.")
class SettingsInput:
    """Choices."""

    notify_by_email: bool | None = strawberry.field(
        default=None, description="Присылать уведомления письмом; о безопасности они приходят всегда."
    )
    notify_in_cabinet: bool | None = strawberry.field(
        default=None, description="Показывать уведомления в кабинете."
    )


@strawberry.type(description="Настройки изменены.")
class SettingsPayload(Payload):
    """The settings as they became."""

    settings: Settings | None = strawberry.field(default=None, description="Настройки.")


@strawberry.type
class NotificationsMutation:
    """Reading notices and choosing their ways."""

    @mutation(SIGNED_IN, NotificationPayload, description="Отметить уведомление прочитанным.")
    async def mark_notification_read(self, info: Info, id: strawberry.ID) -> Any:  # noqa: A002
        notice: Any = await use.mark_read(info.context, key=parse_id("notification", id, "id"))
        return NotificationPayload(notification=notice)

    @mutation(SIGNED_IN, NotificationsReadPayload, description="Отметить прочитанными все уведомления.")
    async def mark_all_notifications_read(self, info: Info) -> Any:
        return NotificationsReadPayload(read=await use.mark_all_read(info.context))

    @mutation(SIGNED_IN, SettingsPayload, description="Изменить настройки.")
    async def update_settings(self, info: Info, input: SettingsInput) -> Any:  # noqa: A002
        chosen: Any = await use.update_preferences(
            info.context, by_email=input.notify_by_email, in_cabinet=input.notify_in_cabinet
        )
        return SettingsPayload(settings=chosen)


@strawberry.type(description="Снимок: последние уведомления на момент курсора.")
class NotificationSnapshot:
    """The state to start from."""

    cursor: Cursor = strawberry.field(description="Курсор, после которого идут изменения.")
    unread: int = strawberry.field(description="Сколько не прочитано.")
    notifications: list[Notification] = strawberry.field(description="Последние двадцать.")


@strawberry.type(description="Изменение: новое или прочитанное уведомление.")
class NotificationDelta:
    """One change."""

    cursor: Cursor = strawberry.field(description="Курсор этого изменения.")
    unread: int = strawberry.field(description="Сколько не прочитано.")
    id: strawberry.ID | None = strawberry.field(
        description="Идентификатор уведомления; null, если прочитаны сразу все."
    )
    notification: Notification | None = strawberry.field(description="Уведомление, каким оно стало.")


NotificationUpdate = Annotated[
    NotificationSnapshot | NotificationDelta | Resync | Heartbeat,
    strawberry.union("NotificationUpdate", description="Что приходит в живом потоке уведомлений."),
]


@strawberry.type
class NotificationsSubscription:
    """Live notices."""

    @subscription(SIGNED_IN, description="Уведомления вживую: снимок, затем изменения.")
    async def notifications(
        self, info: Info, after: Cursor | None = None
    ) -> AsyncIterator[NotificationUpdate]:
        async for step in use.follow_notifications(info.context, live.parse_cursor(after)):
            match step:
                case live.Snapshot():
                    newest: Any = await use.newest(info.context)
                    unread = await use.unread(info.context)
                    yield NotificationSnapshot(cursor=mark(step), unread=unread, notifications=newest)
                case live.Delta(event=event):
                    notice: Any = await use.notification_now(info.context, event.subject)
                    yield NotificationDelta(
                        cursor=mark(step),
                        unread=await use.unread(info.context),
                        id=node_id("notification", event.subject) if event.subject else None,
                        notification=notice,
                    )
                case _:
                    yield quiet(step)
