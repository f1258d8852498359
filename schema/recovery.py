"""Password recovery (1.2-1 .. 1.2-23)."""

from typing import Annotated, Any

import strawberry

from models.account import Channel
from resolvers import recovery as use
from resolvers.recovery import RecoveryState
from resolvers.rights import ANYONE
from schema.base import Info, field, node_id, parse_id
from schema.errors import Payload
from schema.fields import computed, mutation, root
from schema.flows import CODE, FLOW_ID, FLOW_PREFIX

strawberry.enum(
    RecoveryState,
    description=(
        "Состояние восстановления: CODE_SENT — ждёт кода, CODE_CONFIRMED — можно задать пароль, DONE — задан, "
        "EXPIRED — срок истёк, FAILED — попытки кончились."
    ),
)


@strawberry.type(description="Ход восстановления пароля; о существовании учётной записи он не говорит.")
class RecoveryFlow:
    """Served from `resolvers.recovery.RecoveryView`."""

    id: strawberry.ID = computed(
        lambda context, row: node_id(FLOW_PREFIX, row.id), "Идентификатор для следующих шагов."
    )
    number: str = field("Номер заявки: назовите его поддержке.")
    state: RecoveryState = field("Состояние.")
    channel: Channel = field("Через какой вход начато.")
    masked_contact: str = field("Куда ушёл код; часть знаков скрыта.")
    attempts_left: int = field("Сколько попыток ввода кода осталось.")
    code_ttl_seconds: int = field("Сколько секунд ещё действует код.")
    hints: list[str] = field("Что проверить, если код не пришёл.")


@strawberry.type(description="Ответ на шаг восстановления.")
class RecoveryPayload(Payload):
    """Either the flow or errors."""

    flow: RecoveryFlow | None = strawberry.field(default=None, description="Ход восстановления.")


@strawberry.type(description="Ответ на новый пароль.")
class PasswordResetPayload(Payload):
    """Either success or errors."""

    success: bool = strawberry.field(default=False, description="Задан ли пароль.")
    sessions_closed: int = strawberry.field(default=0, description="Сколько сеансов завершено.")


@strawberry.type
class RecoveryQuery:
    """Open to everyone."""

    @root(ANYONE, description="Ход восстановления по его идентификатору.", of=RecoveryFlow | None)
    async def recovery(self, info: Info, id: strawberry.ID) -> Any:  # noqa: A002 - the schema's word
        return await use.recovery(info.context, parse_id(FLOW_PREFIX, id, "id"))


@strawberry.type
class RecoveryMutation:
    """The steps, in order; the same for both channels."""

    @mutation(
        ANYONE,
        RecoveryPayload,
        description="Начать восстановление пароля: код придёт на контакт, если он привязан к учётной записи.",
    )
    async def request_password_recovery(
        self,
        info: Info,
        contact: Annotated[
            str, strawberry.argument(description="Адрес электронной почты или телефон учётной записи.")
        ],
        channel: Annotated[
            Channel, strawberry.argument(description="Вход, через который начато.")
        ] = Channel.SITE,
    ) -> Any:
        return await _payload(info, await use.request_recovery(info.context, contact, channel))

    @mutation(ANYONE, RecoveryPayload, description="Подтвердить код. Не больше пяти попыток.")
    async def confirm_recovery_code(
        self, info: Info, flow_id: Annotated[strawberry.ID, FLOW_ID], code: Annotated[str, CODE]
    ) -> Any:
        key = parse_id(FLOW_PREFIX, flow_id, "flowId")
        await use.confirm_code(info.context, key, code)
        return await _payload(info, key)

    @mutation(
        ANYONE,
        PasswordResetPayload,
        description="Задать новый пароль после верного кода; все прежние сеансы завершатся.",
    )
    async def reset_password(
        self,
        info: Info,
        flow_id: Annotated[strawberry.ID, FLOW_ID],
        new_password: Annotated[
            str, strawberry.argument(description="Новый пароль по правилам `passwordPolicy`.")
        ],
    ) -> Any:
        key = parse_id(FLOW_PREFIX, flow_id, "flowId")
        closed = await use.reset_password(info.context, key, new_password)
        return PasswordResetPayload(success=True, sessions_closed=closed)


async def _payload(info: Info, key: Any) -> RecoveryPayload:
    view: Any = await use.recovery(info.context, key)
    return RecoveryPayload(flow=view)
