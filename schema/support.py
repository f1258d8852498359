"""Support (1.2-21, 1.2-22, 1.2-23)."""

from typing import Any

import strawberry

from resolvers.rights import ANYONE
from resolvers.support import FORM_FIELDS, contact_support
from schema.base import Info
from schema.errors import Payload
from schema.fields import mutation, root


@strawberry.type(description="Как связаться с поддержкой.")
class SupportInfo:
    """A phone and a form."""

    phone: str = strawberry.field(description="Телефон.")
    form_fields: list[str] = strawberry.field(description="Поля формы обращения.")


@strawberry.input(description="Обращение в поддержку.")
class SupportRequestInput:
    """The feedback form."""

    application_number: str | None = strawberry.field(
        default=None, description="Номер заявки, о которой речь."
    )
    contact: str = strawberry.field(description="Адрес или телефон для ответа.")
    message: str = strawberry.field(description="Что случилось.")


@strawberry.type(description="Ответ на обращение.")
class SupportPayload(Payload):
    """Either a number or errors."""

    number: str | None = strawberry.field(default=None, description="Номер обращения.")


@strawberry.type
class SupportQuery:
    """Open to everyone."""

    @root(ANYONE, description="Поддержка: телефон и поля формы.")
    async def support(self, info: Info) -> SupportInfo:
        return SupportInfo(phone=info.context.ports.support_phone, form_fields=list(FORM_FIELDS))


@strawberry.type
class SupportMutation:
    """The feedback form."""

    @mutation(ANYONE, SupportPayload, description="Написать в поддержку; в ответ придёт номер обращения.")
    async def contact_support(self, info: Info, input: SupportRequestInput) -> Any:  # noqa: A002
        application = await contact_support(
            info.context, contact=input.contact, message=input.message, about=input.application_number
        )
        return SupportPayload(number=application.number)
