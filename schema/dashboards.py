"""Tokens for wall screens: they read the parts they name and change nothing (2.2-10, 3.4-17)."""

from datetime import datetime
from typing import Any

import strawberry

from models.dashboards import DashboardField
from resolvers import dashboards as use
from resolvers.reauthentication import demand_fresh
from resolvers.rights import FULL
from schema.base import Info, field, node_id, parse_id
from schema.errors import Payload
from schema.fields import computed, mutation, root

strawberry.enum(
    DashboardField,
    description="Что показывает экран: прогресс, мероприятия, образование, уведомления.",
)


@strawberry.type(description="Токен настенного экрана: только чтение и только названного.")
class DashboardToken:
    """Served from the row."""

    id: strawberry.ID = computed(lambda context, row: node_id("dashboard", row.id), "Идентификатор.")
    name: str = field("Для какого экрана.")
    fields: list[DashboardField] = computed(
        lambda context, row: [DashboardField(part) for part in row.fields], "Что открыто."
    )
    created_at: datetime = field("Когда выдан.")
    expires_at: datetime = field("До какого времени действует.")
    revoked_at: datetime | None = field("Когда отозван.")


@strawberry.input(description="Какой токен выдать.")
class DashboardTokenInput:
    """One screen."""

    name: str = strawberry.field(description="Для какого экрана.")
    fields: list[DashboardField] = strawberry.field(description="Что на нём показывать.")
    days: int = strawberry.field(default=30, description="На сколько дней, до 365.")


@strawberry.type(description="Токен после выдачи или отзыва.")
class DashboardTokenPayload(Payload):
    """The token as it now stands."""

    dashboard_token: DashboardToken | None = strawberry.field(default=None, description="Токен.")
    token: str | None = strawberry.field(
        default=None, description="Сам токен; показывается один раз, при выдаче."
    )


@strawberry.type
class DashboardsViewer:
    """The part of `Viewer` about wall screens."""

    @root(FULL, description="Токены экранов; последние сверху.", of=list[DashboardToken] | None)
    async def dashboard_tokens(self, info: Info) -> Any:
        return await use.tokens(info.context)


@strawberry.type
class DashboardsMutation:
    """Mutations about wall screens."""

    @mutation(
        FULL,
        DashboardTokenPayload,
        description="Выдать токен настенному экрану; нужно недавнее подтверждение личности.",
    )
    async def create_dashboard_token(self, info: Info, input: DashboardTokenInput) -> Any:  # noqa: A002
        demand_fresh(info.context)
        made: Any
        made, token = await use.create_token(
            info.context, name=input.name, parts=input.fields, days=input.days
        )
        return DashboardTokenPayload(dashboard_token=made, token=token)

    @mutation(FULL, DashboardTokenPayload, description="Отозвать токен экрана. Повтор безопасен.")
    async def revoke_dashboard_token(self, info: Info, id: strawberry.ID) -> Any:  # noqa: A002
        ended: Any = await use.revoke_token(info.context, key=parse_id("dashboard", id, "id"))
        return DashboardTokenPayload(dashboard_token=ended)
