"""Signing in (2.2-6, 3.1-5, 3.1-6)."""

from enum import StrEnum
from typing import Any

import strawberry

from models.account import AccessStep
from models.signin import SESSION_LIFE, SecondFactorMethod
from resolvers import signin as use
from resolvers.portfolio_state import next_steps
from resolvers.rights import ANYONE
from schema.base import Info, field, node_id, parse_id
from schema.errors import Payload
from schema.fields import computed, mutation


class SessionKeeping(StrEnum):
    """Where a client keeps its session."""

    COOKIE = "COOKIE"
    TOKEN = "TOKEN"  # noqa: S105 - a way of keeping, not a secret


strawberry.enum(SecondFactorMethod, description="Чем подтверждается вход.")
strawberry.enum(
    SessionKeeping,
    description="Где хранить сеанс: COOKIE — в закрытой от скриптов куке (страницам кабинета), TOKEN — вернуть токен.",
)


@strawberry.input(description="Первый шаг входа.")
class LoginInput:
    """Login and password."""

    login: str = strawberry.field(description="Электронная почта, телефон (79161234567) или СНИЛС.")
    password: str = strawberry.field(description="Пароль.")


@strawberry.input(description="Второй шаг входа.")
class SecondFactorInput:
    """The code of the second step."""

    challenge_id: strawberry.ID = strawberry.field(description="Идентификатор из ответа на первый шаг.")
    code: str = strawberry.field(description="Код из СМС или приложения, либо запасной код.")
    method: SecondFactorMethod = strawberry.field(
        default=SecondFactorMethod.SMS, description="Чем подтверждается вход."
    )
    keep: SessionKeeping = strawberry.field(default=SessionKeeping.TOKEN, description="Где хранить сеанс.")


@strawberry.type(description="Вход ждёт подтверждения кодом.")
class SecondFactorChallenge:
    """Served from `resolvers.challenges.Step`."""

    id: strawberry.ID = computed(
        lambda context, row: node_id("challenge", row.id), "Идентификатор для второго шага."
    )
    methods: list[SecondFactorMethod] = field("Доступные способы подтверждения.")
    masked_phone: str | None = field("Телефон, на который ушёл код; часть цифр скрыта.")
    masked_email: str | None = field(
        "Адрес, на который ушёл другой код, пока телефон никем не подтверждён; часть знаков скрыта."
    )
    ttl_seconds: int = field("Сколько секунд код действует.")


@strawberry.type(description="Ответ на первый шаг входа.")
class LoginPayload(Payload):
    """Either a challenge or errors."""

    challenge: SecondFactorChallenge | None = strawberry.field(default=None, description="Что подтвердить.")


@strawberry.type(description="Ответ на второй шаг входа.")
class AuthPayload(Payload):
    """Either a session or errors."""

    signed_in: bool = strawberry.field(default=False, description="Открыт ли сеанс.")
    access_token: str | None = strawberry.field(
        default=None, description="Токен сеанса для `Authorization: Bearer`; при хранении в куке его нет."
    )
    next_steps: list[AccessStep] = strawberry.field(
        default_factory=list, description="Шаги, которые осталось сделать."
    )


def check_keeping(info: Info, keep: SessionKeeping) -> None:
    """Before anything is done: who may not have a cookie spends no code on it."""
    if keep is SessionKeeping.COOKIE and info.context.no_cookie is not None:
        raise info.context.no_cookie


async def entered(info: Info, opened: use.Opened, keep: SessionKeeping) -> AuthPayload:
    """A session just opened: its token where the caller wants it, and what is left to do."""
    in_cookie = keep is SessionKeeping.COOKIE
    if in_cookie:
        info.context.cookies.append((opened.token, int(SESSION_LIFE.total_seconds())))
    left = await next_steps(info.context, opened.account)
    return AuthPayload(signed_in=True, access_token=None if in_cookie else opened.token, next_steps=left)


@strawberry.type
class SigninMutation:
    """Mutations of signing in."""

    @mutation(ANYONE, LoginPayload, description="Первый шаг входа: логин и пароль. Затем придёт код.")
    async def login(self, info: Info, input: LoginInput) -> Any:  # noqa: A002 - the schema's word
        challenge: Any = await use.login(info.context, login=input.login, password=input.password)
        return LoginPayload(challenge=challenge)

    @mutation(ANYONE, AuthPayload, description="Второй шаг входа: код. Не больше пяти попыток.")
    async def complete_second_factor(self, info: Info, input: SecondFactorInput) -> Any:  # noqa: A002
        check_keeping(info, input.keep)
        opened = await use.complete_second_factor(
            info.context,
            challenge_id=parse_id("challenge", input.challenge_id, "challengeId"),
            code=input.code,
            method=input.method,
        )
        return await entered(info, opened, input.keep)
