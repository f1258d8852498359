"""Gosuslugi: entering by them, linking with them, what they open (2.1)."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from models.errors import ErrorCode
from models.linking import ADVICE, LINK_LABELS, MESSAGES, LinkState
from resolvers import consents, linking_login, linking_sync, state_services
from resolvers import linking as use
from resolvers.linking_attempts import Return
from resolvers.linking_data import known_facts
from resolvers.linking_facts import shown
from resolvers.rights import ANYONE, FULL, SIGNED_IN
from schema.applications import Application
from schema.base import Info, field
from schema.errors import EsiaError, Payload
from schema.fields import computed, mutation, root
from schema.privacy import Consent
from schema.signin import AuthPayload, SessionKeeping, check_keeping, entered

strawberry.enum(LinkState, description="Состояние привязки к Госуслугам.")

RedirectUri = Annotated[
    str, strawberry.argument(description="Страница кабинета, на которую Госуслуги вернут человека.")
]
State = Annotated[str, strawberry.argument(description="`state` из адреса возврата.")]
Code = Annotated[str | None, strawberry.argument(description="`code` из адреса возврата, если он есть.")]
PortalError = Annotated[
    str | None,
    strawberry.argument(description="`error_description` из адреса возврата, если кода нет."),
]


@strawberry.type(description="Поле формы, подтверждённое Госуслугами.")
class ConfirmedField:
    """One line of the facts."""

    field: str = strawberry.field(description="Имя поля формы; часть адреса пишется через точку.")
    value: str = strawberry.field(description="Значение.")


@strawberry.type(description="Государственная услуга.")
class GovService:
    """Served from `resolvers.state_services.Offered`."""

    code: str = computed(lambda context, row: row.service.code, "Код услуги.")
    title: str = computed(lambda context, row: row.service.title, "Название.")
    url: str = computed(lambda context, row: row.service.url, "Где услуга оказывается.")
    available: bool = field("Открыта ли: становится доступной после привязки.")


def _last_error(context: Any, row: Any) -> EsiaError | None:
    if row.last_error is None:
        return None
    code = ErrorCode(row.last_error)
    message = MESSAGES.get(code, "Данные Госуслуг не совпали с данными кабинета.")
    return EsiaError(code=code, message=message, path=[], esia_code=row.last_esia_code, advice=list(ADVICE))


def _confirmed(context: Any, row: Any) -> list[ConfirmedField]:
    return [ConfirmedField(field=name, value=value) for name, value in shown(known_facts(context, row))]


@strawberry.type(description="Привязка учётной записи к Госуслугам.")
class GosuslugiLink:
    """Served from the row."""

    state: LinkState = field("Состояние, для программы.")
    label: str = computed(lambda context, row: LINK_LABELS[row.state], "Состояние, для человека.")
    linked_at: datetime | None = field("Когда связано.")
    last_sync_at: datetime | None = field("Когда данные пришли с Госуслуг в последний раз.")
    scopes: list[str] = field("Какие сведения Госуслуги передают.")
    confirmed_fields: list[ConfirmedField] = computed(
        _confirmed,
        "Поля формы, подтверждённые Госуслугами: заполнены и, пока данные передаются, закрыты для ввода.",
    )
    services: list[GovService] = computed(
        lambda context, row: state_services.offered(row), "Услуги, которые открывает привязка."
    )
    last_error: EsiaError | None = computed(_last_error, "Чем кончилась последняя попытка, если неудачей.")


@strawberry.type
class LinkingViewer:
    """The part of `Viewer` about Gosuslugi."""

    @root(SIGNED_IN, description="Синхронизация с Госуслугами.", of=GosuslugiLink)
    async def gosuslugi(self, info: Info) -> Any:
        return await use.my_link(info.context)

    @root(SIGNED_IN, description="Действующее согласие на передачу данных с Госуслуг.", of=Consent | None)
    async def data_transfer_consent(self, info: Info) -> Any:
        return await use.my_consent(info.context)


@strawberry.type(description="Куда идти за подтверждением.")
class EsiaStartPayload(Payload):
    """The portal's own window."""

    authorization_url: str | None = strawberry.field(
        default=None, description="Адрес окна Госуслуг; логин и пароль Госуслуг вводят только там."
    )
    state: str | None = strawberry.field(default=None, description="`state`, с которым человек вернётся.")
    key: str | None = strawberry.field(
        default=None,
        description="Ключ этого браузера для входа: храните у себя до возврата, в адрес не кладите.",
    )


@strawberry.type(description="Привязка после изменения.")
class LinkPayload(Payload):
    """The link, and what came with it."""

    link: GosuslugiLink | None = strawberry.field(default=None, description="Привязка.")
    changed_fields: list[str] = strawberry.field(
        default_factory=list, description="Поля личных данных, которые изменились."
    )


@strawberry.type(description="Согласие на передачу данных после изменения.")
class DataTransferConsentPayload(Payload):
    """The consent while it stands."""

    consent: Consent | None = strawberry.field(default=None, description="Действующее согласие.")
    link: GosuslugiLink | None = strawberry.field(default=None, description="Привязка.")


@strawberry.type(description="Обращение за государственной услугой.")
class GovServicePayload(Payload):
    """The application, and where to go."""

    application: Application | None = strawberry.field(default=None, description="Заявка.")
    url: str | None = strawberry.field(default=None, description="Где продолжить.")


@strawberry.input(description="Возврат с Госуслуг при входе.")
class GosuslugiLoginInput:
    """What stood in the address, and the key of this browser."""

    state: str = strawberry.field(description="`state` из адреса возврата.")
    key: str = strawberry.field(description="Ключ, полученный в начале входа.")
    code: str | None = strawberry.field(default=None, description="`code` из адреса возврата, если он есть.")
    error: str | None = strawberry.field(
        default=None, description="`error_description` из адреса возврата, если кода нет."
    )
    keep: SessionKeeping = strawberry.field(default=SessionKeeping.TOKEN, description="Где хранить сеанс.")


@strawberry.type
class LinkingMutation:
    """Mutations of Gosuslugi."""

    @mutation(ANYONE, EsiaStartPayload, description="Начать вход или регистрацию через Госуслуги.")
    async def start_gosuslugi_login(self, info: Info, redirect_uri: RedirectUri) -> Any:
        return _started(await linking_login.start_login(info.context, redirect_uri=redirect_uri))

    @mutation(
        ANYONE,
        AuthPayload,
        description="Закончить вход через Госуслуги; у кого нет учётной записи, для того она создаётся.",
    )
    async def complete_gosuslugi_login(
        self,
        info: Info,
        input: GosuslugiLoginInput,  # noqa: A002 - the schema's word
    ) -> Any:
        check_keeping(info, input.keep)
        returned = Return(input.state, input.code, input.error, input.key)
        opened = await linking_login.complete_login(info.context, returned)
        return await entered(info, opened, input.keep)

    @mutation(
        FULL,
        EsiaStartPayload,
        description="Начать привязку из сеанса, открытого по логину и паролю НМО, или обновить её из любого.",
    )
    async def start_gosuslugi_link(
        self,
        info: Info,
        redirect_uri: RedirectUri,
        consent: Annotated[
            bool, strawberry.argument(description="Согласие на передачу данных с Госуслуг.")
        ] = False,
    ) -> Any:
        return _started(await use.start_link(info.context, redirect_uri=redirect_uri, consent=consent))

    @mutation(FULL, LinkPayload, description="Закончить привязку: подтверждённые сведения переходят сами.")
    async def complete_gosuslugi_link(
        self, info: Info, state: State, code: Code = None, error: PortalError = None
    ) -> Any:
        changed = await use.complete_link(info.context, Return(state, code, error))
        return LinkPayload(link=await _link(info), changed_fields=changed)

    @mutation(FULL, LinkPayload, description="Снять привязку; нужен пароль НМО.")
    async def unlink_gosuslugi(
        self, info: Info, password: Annotated[str, strawberry.argument(description="Пароль НМО.")]
    ) -> Any:
        await use.unlink(info.context, password=password)
        return LinkPayload(link=await _link(info))

    @mutation(FULL, LinkPayload, description="Обновить данные с Госуслуг сейчас.")
    async def sync_gosuslugi(self, info: Info) -> Any:
        changed = await linking_sync.sync_now(info.context)
        return LinkPayload(link=await _link(info), changed_fields=changed)

    @mutation(
        SIGNED_IN,
        DataTransferConsentPayload,
        description="Дать или отозвать согласие на передачу данных с Госуслуг. У связанной учётной записи передача "
        "начнётся со следующего входа через Госуслуги или с повторной привязки.",
    )
    async def set_data_transfer_consent(
        self, info: Info, granted: Annotated[bool, strawberry.argument(description="Дать или отозвать.")]
    ) -> Any:
        await consents.set_data_transfer(info.context, granted=granted)
        consent: Any = await use.my_consent(info.context)
        return DataTransferConsentPayload(consent=consent, link=await _link(info))

    @mutation(FULL, GovServicePayload, description="Перейти к государственной услуге: появится заявка.")
    async def request_gov_service(
        self, info: Info, code: Annotated[str, strawberry.argument(description="Код услуги.")]
    ) -> Any:
        application, service = await state_services.request_service(info.context, code=code)
        shown_application: Any = application
        return GovServicePayload(application=shown_application, url=service.url)


async def _link(info: Info) -> Any:
    return await use.my_link(info.context)


def _started(started: Any) -> EsiaStartPayload:
    return EsiaStartPayload(authorization_url=started.authorization_url, state=started.state, key=started.key)
