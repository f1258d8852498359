"""Changing the e-mail or the phone (1.1.2-12)."""

from typing import Annotated, Any

import strawberry

from models.contact_changes import ContactKind
from resolvers import contact_changes as use
from resolvers.contact_reverts import revert_change
from resolvers.portfolio_state import next_steps
from resolvers.rights import ANYONE, SIGNED_IN
from schema.base import Info, field, node_id, parse_id
from schema.errors import Payload
from schema.fields import computed, mutation
from schema.first_login import StepPayload

strawberry.enum(ContactKind, description="Какой контакт.")


@strawberry.type(description="Смена контакта, которая ждёт кода.")
class ContactChange:
    """Served from `resolvers.contact_changes.Asked`."""

    id: strawberry.ID = computed(
        lambda context, row: node_id("change", row.id), "Идентификатор для подтверждения."
    )
    kind: ContactKind = field("Какой контакт меняется.")
    masked_contact: str = computed(lambda context, row: row.masked, "Куда ушёл код; часть знаков скрыта.")
    ttl_seconds: int = field("Сколько секунд код действует.")


@strawberry.type(description="Ответ на просьбу сменить контакт.")
class ContactChangePayload(Payload):
    """Either a change or errors."""

    change: ContactChange | None = strawberry.field(default=None, description="Что подтвердить.")


@strawberry.type(description="Ответ на возврат прежнего контакта.")
class RevertPayload(Payload):
    """What was put back."""

    reverted: ContactKind | None = strawberry.field(default=None, description="Какой контакт возвращён.")


@strawberry.type
class ContactChangesMutation:
    """Mutations of contacts."""

    @mutation(
        SIGNED_IN,
        ContactChangePayload,
        description="Сменить адрес почты: на новый придёт код. Нужно свежее подтверждение личности.",
    )
    async def change_email(
        self,
        info: Info,
        new_email: Annotated[str, strawberry.argument(description="Новый адрес.")],
    ) -> Any:
        asked: Any = await use.change_email(info.context, new_email)
        return ContactChangePayload(change=asked)

    @mutation(
        SIGNED_IN,
        ContactChangePayload,
        description="Сменить телефон: на новый придёт код. Нужно свежее подтверждение личности.",
    )
    async def change_phone(
        self,
        info: Info,
        new_phone: Annotated[str, strawberry.argument(description="Новый телефон: 79161234567.")],
    ) -> Any:
        asked: Any = await use.change_phone(info.context, new_phone)
        return ContactChangePayload(change=asked)

    @mutation(SIGNED_IN, StepPayload, description="Подтвердить новый контакт кодом с него.")
    async def confirm_contact_change(
        self,
        info: Info,
        id: strawberry.ID,  # noqa: A002 - the schema's word
        code: Annotated[str, strawberry.argument(description="Код из письма или СМС.")],
    ) -> Any:
        account: Any = await use.confirm_change(info.context, parse_id("change", id, "id"), code)
        return StepPayload(account=account, next_steps=await next_steps(info.context, account))

    @mutation(
        ANYONE,
        RevertPayload,
        description="Вернуть прежний контакт по ссылке из письма; все сеансы завершатся.",
    )
    async def revert_contact_change(
        self,
        info: Info,
        token: Annotated[str, strawberry.argument(description="Токен из ссылки.")],
    ) -> Any:
        return RevertPayload(reverted=await revert_change(info.context, token))
