"""The account as its owner sees it (1.1.1-1, 2.2-10)."""

from datetime import datetime

import strawberry

from models import account as rows
from models.account import AccessLevel, AccessStep, AccountState, Channel, Permission
from resolvers.account import level
from resolvers.portfolio_state import next_steps
from resolvers.rights import SIGNED_IN
from schema.base import Info, field
from schema.fields import computed, root

strawberry.enum(Channel, description="Вход: сайт или Госуслуги.")
strawberry.enum(AccountState, description="Состояние учётной записи.")
strawberry.enum(
    AccessLevel,
    description="Уровень доступа: NONE — контакт не подтверждён, LIMITED — остались шаги, FULL — всё.",
)
strawberry.enum(Permission, description="Право учётной записи.")


@strawberry.type(description="Учётная запись: что подтверждено и что открыто.")
class Account:
    """Served from the row of the account."""

    state: AccountState = field("Состояние учётной записи.")
    access_level: AccessLevel = computed(lambda context, row: level(row), "Что сейчас открыто.")
    created_via: Channel = field("Через какой вход создана.")
    created_at: datetime = field("Когда создана.")
    email_confirmed: bool = computed(
        lambda context, row: row.email_confirmed_at is not None, "Подтверждён ли адрес электронной почты."
    )
    phone_confirmed: bool = computed(
        lambda context, row: row.phone_confirmed_at is not None, "Подтверждён ли телефон."
    )
    email_send_blocked: bool = field("Остановлена ли отправка писем до исправления адреса.")
    terms_accepted_version: str | None = computed(
        lambda context, row: row.terms_version, "Принятая версия условий."
    )
    last_login_at: datetime | None = field("Последний вход.")


@strawberry.type(description="Имя владельца учётной записи.")
class PersonName:
    """Served from the row of the account."""

    last_name: str = field("Фамилия.")
    first_name: str = field("Имя.")
    middle_name: str | None = field("Отчество, если оно есть.")


@strawberry.type
class AccountViewer:
    """The part of `Viewer` about the account."""

    @root(SIGNED_IN, description="Учётная запись.", of=Account)
    async def account(self, info: Info) -> rows.Account:
        return info.context.person.account

    @root(SIGNED_IN, description="Имя владельца.", of=PersonName)
    async def name(self, info: Info) -> rows.Account:
        return info.context.person.account

    @root(SIGNED_IN, description="Шаги, которые осталось сделать, по порядку.")
    async def next_steps(self, info: Info) -> list[AccessStep]:
        return await next_steps(info.context, info.context.person.account)

    @root(SIGNED_IN, description="Права учётной записи.")
    async def permissions(self, info: Info) -> list[Permission]:
        return sorted(info.context.person.permissions)
