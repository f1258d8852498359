"""The steps of the first login and the password (2.2-5, 2.2-8, 2.2-9)."""

from datetime import date
from typing import Annotated, Any

import strawberry

from models import terms as texts
from models.account import AccessStep
from models.terms import TermsKind
from resolvers import first_login as use
from resolvers.portfolio_state import next_steps
from resolvers.rights import ANYONE, SIGNED_IN
from schema.account import Account
from schema.base import Info, field
from schema.errors import Payload
from schema.fields import computed, mutation, root

strawberry.enum(TermsKind, description="Какой это документ; каждый принимается отдельно.")


@strawberry.type(description="Текст, с которым соглашаются; изменённый текст — новая версия.")
class Terms:
    """Served from `models.terms.Terms`."""

    kind: TermsKind = field("Какой это документ.")
    version: str = field("Версия.")
    since: date = field("С какого дня действует.")
    title: str = field("Название.")
    text: str = field("Текст; абзацы разделены пустой строкой.")
    sha256: str = computed(lambda context, row: row.sha256, "Отпечаток текста, который сохраняется.")


@strawberry.type(description="Учётная запись после шага.")
class StepPayload(Payload):
    """The account and what is left to do."""

    account: Account | None = strawberry.field(default=None, description="Учётная запись.")
    next_steps: list[AccessStep] = strawberry.field(
        default_factory=list, description="Шаги, которые осталось сделать."
    )


@strawberry.type(description="Ответ на смену пароля.")
class PasswordPayload(Payload):
    """Whether the password was changed."""

    success: bool = strawberry.field(default=False, description="Сменён ли пароль.")
    sessions_closed: int = strawberry.field(default=0, description="Сколько других сеансов завершено.")


@strawberry.type
class TermsQuery:
    """Open to everyone."""

    @root(ANYONE, description="Действующий текст документа.", of=Terms)
    async def terms(
        self,
        kind: Annotated[
            TermsKind, strawberry.argument(description="Какой документ.")
        ] = TermsKind.TERMS_OF_USE,
    ) -> texts.Terms:
        return texts.current_terms(kind)


@strawberry.type
class FirstLoginMutation:
    """Mutations of the first login."""

    @mutation(SIGNED_IN, StepPayload, description="Сверить ИНН или СНИЛС с профилем; достаточно одного.")
    async def identify(
        self,
        info: Info,
        inn: Annotated[str | None, strawberry.argument(description="ИНН, 12 цифр.")] = None,
        snils: Annotated[str | None, strawberry.argument(description="СНИЛС, 11 цифр.")] = None,
    ) -> Any:
        account: Any = await use.identify(info.context, inn=inn, snils=snils)
        return StepPayload(account=account, next_steps=await next_steps(info.context, account))

    @mutation(SIGNED_IN, StepPayload, description="Согласиться с правилами: версия и галочка.")
    async def accept_terms(
        self,
        info: Info,
        version: Annotated[str, strawberry.argument(description="Версия прочитанного текста.")],
        accepted: Annotated[bool, strawberry.argument(description="Поставлена ли галочка.")],
    ) -> Any:
        account: Any = await use.accept_terms(info.context, version=version, accepted=accepted)
        return StepPayload(account=account, next_steps=await next_steps(info.context, account))

    @mutation(SIGNED_IN, PasswordPayload, description="Сменить пароль по прежнему; другие сеансы завершатся.")
    async def change_password(
        self,
        info: Info,
        old_password: Annotated[str, strawberry.argument(description="Прежний пароль.")],
        new_password: Annotated[str, strawberry.argument(description="Новый пароль.")],
    ) -> Any:
        closed = await use.change_password(info.context, old=old_password, new=new_password)
        return PasswordPayload(success=True, sessions_closed=closed)
