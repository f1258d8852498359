"""What organisers change in their events (3.1-21)."""

from datetime import datetime
from typing import Any

import strawberry

from models.organizers import Scope
from resolvers import activity_changes as use
from resolvers.rights import provider
from schema.activities import Activity
from schema.base import Info, parse_id
from schema.errors import Payload
from schema.fields import mutation


@strawberry.input(description="Что изменить в своём мероприятии; чего нет в запросе, остаётся как было.")
class UpdateActivityInput:
    """One event."""

    id: strawberry.ID = strawberry.field(description="Ваше мероприятие.")
    title: str | None = strawberry.field(
        default=None, description=f"Название, до {use.LONGEST_TITLE} знаков."
    )
    starts_at: datetime | None = strawberry.field(
        default=None,
        description="Новое начало; на столько же сдвигается конец записи, а если оно раньше прежнего, то и её начало.",
    )
    ends_at: datetime | None = strawberry.field(default=None, description="Новый конец.")
    places: int | None = strawberry.field(
        default=None, description="Сколько всего мест; новые достаются листу ожидания."
    )
    recording_url: str | None = strawberry.field(
        default=None, description="Адрес записи: https://; откроется тем, кто участвует."
    )
    cancel: bool = strawberry.field(default=False, description="Отменить мероприятие; обратно не вернуть.")


@strawberry.type(description="Мероприятие после изменения.")
class UpdateActivityPayload(Payload):
    """The event as it now stands."""

    activity: Activity | None = strawberry.field(default=None, description="Мероприятие.")


@strawberry.type
class ActivityChangesMutation:
    """Mutations of providers."""

    @mutation(
        provider(Scope.ACTIVITIES),
        UpdateActivityPayload,
        description="Изменить своё мероприятие (для провайдеров): открытые списки узнают сразу. Повтор безопасен.",
    )
    async def update_activity(self, info: Info, input: UpdateActivityInput) -> Any:  # noqa: A002
        wanted = use.Changes(
            title=input.title,
            starts_at=input.starts_at,
            ends_at=input.ends_at,
            places=input.places,
            recording_url=input.recording_url,
            cancel=input.cancel,
        )
        activity: Any = await use.update_activity(
            info.context, activity_id=parse_id("activity", input.id, "id"), wanted=wanted
        )
        return UpdateActivityPayload(activity=activity)
