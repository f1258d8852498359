"""Registration: the form, the request, the confirmation of contacts (1.1-2 .. 1.1-14, 1.1.2-2, 1.1.2-3)."""

from typing import Annotated, Any

import strawberry

from models.account import AccessStep, Channel
from models.contact_changes import ContactKind
from models.personal_form import REGISTRATION_FORM
from models.registration import RegistrationFields
from resolvers import registration as use
from resolvers.registration_letters import resend
from resolvers.registration_view import RegistrationState, registration
from resolvers.rights import ANYONE
from schema.base import Info, Inn, PhoneDigits, field, node_id, parse_id
from schema.errors import Payload
from schema.fields import computed, mutation, root
from schema.flows import CODE, FLOW_ID, FLOW_PREFIX
from schema.forms import FieldRule

strawberry.enum(
    RegistrationState,
    description=(
        "Состояние регистрации: CODE_SENT — ждёт кода или ссылки, CONTACT_CONFIRMED — учётная запись есть, "
        "DATA_PENDING — нужны персональные данные, CHECKING — идёт сверка, REJECTED — данные не сошлись, "
        "DONE — всё, EXPIRED — срок истёк."
    ),
)


@strawberry.input(description="Данные регистрации.")
class RegisterInput:
    """The form of 1.1."""

    last_name: str = strawberry.field(description="Фамилия, как в паспорте.")
    first_name: str = strawberry.field(description="Имя.")
    middle_name: str | None = strawberry.field(default=None, description="Отчество.")
    no_patronymic: bool = strawberry.field(default=False, description="Отметка, что отчества нет.")
    inn: Inn = strawberry.field(description="ИНН, 12 цифр.")
    phone: PhoneDigits = strawberry.field(description="Телефон цифрами с кода страны: 79161234567.")
    email: str = strawberry.field(description="Адрес электронной почты.")
    password: str | None = strawberry.field(
        default=None, description="Пароль по правилам `passwordPolicy`; без него придёт временный."
    )
    accept_terms: bool = strawberry.field(description="Согласие с правилами пользования; обязательно.")
    accept_personal_data: bool = strawberry.field(
        default=False, description="Согласие на обработку персональных данных, отдельно от правил."
    )
    channel: Channel = strawberry.field(default=Channel.SITE, description="Через какой вход открыта форма.")
    idempotency_key: str | None = strawberry.field(
        default=None, description="Ключ повтора: тот же ключ и те же данные найдут ту же заявку."
    )


@strawberry.type(description="Ход регистрации; контакты скрыты частично.")
class RegistrationFlow:
    """Served from `resolvers.registration_view.RegistrationView`."""

    id: strawberry.ID = computed(
        lambda context, row: node_id(FLOW_PREFIX, row.id), "Идентификатор для следующих шагов."
    )
    application_number: str = field("Номер заявки.")
    state: RegistrationState = field("Состояние.")
    channel: Channel = field("Через какой вход начата.")
    code_sent_to: str | None = field("Телефон, на который ушёл код.")
    letter_sent_to: str | None = field("Адрес, на который ушло письмо со ссылкой.")
    code_ttl_seconds: int = field("Сколько секунд ещё действует код.")
    attempts_left: int = field("Сколько попыток ввода кода осталось.")
    resend_after_seconds: int = field("Через сколько секунд код можно отправить снова.")
    next_step: AccessStep | None = field("Следующий шаг.")


@strawberry.type(description="Ответ на шаг регистрации.")
class RegistrationPayload(Payload):
    """Either the flow or errors."""

    flow: RegistrationFlow | None = strawberry.field(default=None, description="Ход регистрации.")


@strawberry.type
class RegistrationQuery:
    """Open to everyone."""

    @root(ANYONE, description="Поля формы регистрации: по ним клиент её рисует.", of=list[FieldRule])
    async def registration_form(self) -> Any:
        return list(REGISTRATION_FORM)

    @root(ANYONE, description="Ход регистрации по её идентификатору.", of=RegistrationFlow | None)
    async def registration(self, info: Info, id: strawberry.ID) -> Any:  # noqa: A002 - the schema's word
        return await registration(info.context, parse_id(FLOW_PREFIX, id, "id"))


@strawberry.type
class RegistrationMutation:
    """The steps, in order."""

    @mutation(
        ANYONE,
        RegistrationPayload,
        description="Начать регистрацию: придёт код в СМС и письмо со ссылкой. Ответ не говорит, занят ли контакт.",
    )
    async def register_account(self, info: Info, input: RegisterInput) -> Any:  # noqa: A002
        fields = RegistrationFields(**{name: getattr(input, name) for name in RegistrationFields.__slots__})
        return await _payload(info, await use.register(info.context, fields))

    @mutation(
        ANYONE, RegistrationPayload, description="Подтвердить телефон кодом из СМС. Не больше пяти попыток."
    )
    async def confirm_contact_by_code(
        self,
        info: Info,
        flow_id: Annotated[strawberry.ID, FLOW_ID],
        code: Annotated[str, CODE],
    ) -> Any:
        key = parse_id(FLOW_PREFIX, flow_id, "flowId")
        await use.confirm_by_code(info.context, key, code)
        return await _payload(info, key)

    @mutation(
        ANYONE,
        RegistrationPayload,
        description="Подтвердить адрес по ссылке из письма; ссылка действует один раз.",
    )
    async def confirm_email_by_token(
        self,
        info: Info,
        token: Annotated[str, strawberry.argument(description="Часть ссылки после знака #.")],
    ) -> Any:
        return await _payload(info, await use.confirm_by_token(info.context, token))

    @mutation(
        ANYONE,
        RegistrationPayload,
        description="Отправить код или письмо ещё раз: не чаще раза в минуту; прежние перестают действовать.",
    )
    async def resend_confirmation(
        self,
        info: Info,
        kind: Annotated[ContactKind, strawberry.argument(description="Код на телефон или письмо на адрес.")],
        flow_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="Ход регистрации; вошедший может его не указывать."),
        ] = None,
    ) -> Any:
        key = parse_id(FLOW_PREFIX, flow_id, "flowId") if flow_id else None
        return await _payload(info, await resend(info.context, key, kind))


async def _payload(info: Info, key: Any) -> RegistrationPayload:
    view: Any = await registration(info.context, key)
    return RegistrationPayload(flow=view)
