"""The second factor and proving oneself again (2.2-7)."""

from typing import Annotated, Any

import strawberry

from models.errors import ErrorCode, mistake
from models.signin import SecondFactorMethod
from resolvers import reauthentication, totp
from resolvers.rights import SIGNED_IN
from schema.base import Info, field
from schema.errors import Payload
from schema.fields import computed, mutation, root


@strawberry.type(description="Чем подтверждается вход.")
class MfaStatus:
    """Served from `resolvers.second_factor.Factors`."""

    sms_enabled: bool = computed(lambda context, row: not row.totp, "Приходит ли код по СМС.")
    totp_enabled: bool = computed(lambda context, row: row.totp, "Подключено ли приложение с кодами.")
    recovery_codes_left: int = computed(
        lambda context, row: row.spare_codes, "Сколько запасных кодов осталось."
    )


@strawberry.type(description="Подключение приложения с кодами; секрет показывается один раз.")
class TotpEnrolment:
    """Served from `resolvers.totp.Enrolment`."""

    secret: str = field("Секрет для ввода руками.")
    otpauth_uri: str = computed(lambda context, row: row.uri, "Адрес otpauth:// для приложения.")
    qr_svg: str = field("Тот же адрес картинкой SVG.")


@strawberry.type(description="Приложение с кодами.")
class TotpPayload(Payload):
    """An enrolment, or spare codes."""

    enrolment: TotpEnrolment | None = strawberry.field(default=None, description="Что ввести в приложение.")
    recovery_codes: list[str] = strawberry.field(
        default_factory=list, description="Десять запасных кодов; больше они показаны не будут."
    )


@strawberry.type(description="Подтверждение личности.")
class ReauthenticationPayload(Payload):
    """Whether the session is fresh now."""

    ttl_seconds: int | None = strawberry.field(
        default=None, description="Сколько секунд можно менять контакты, пароль и приложение."
    )


@strawberry.input(description="Подтверждение личности: пароль или код, что-то одно.")
class ReauthenticationInput:
    """A password, or a code of the application or a spare one."""

    password: str | None = strawberry.field(default=None, description="Пароль.")
    code: str | None = strawberry.field(default=None, description="Код из приложения или запасной код.")
    method: SecondFactorMethod = strawberry.field(
        default=SecondFactorMethod.TOTP, description="Какой это код."
    )


@strawberry.type
class SecondFactorViewer:
    """The part of `Viewer` about the second factor."""

    @root(SIGNED_IN, description="Чем подтверждается вход.", of=MfaStatus)
    async def mfa(self, info: Info) -> Any:
        return await totp.my_factors(info.context)


Code = Annotated[str, strawberry.argument(description="Код из приложения.")]


@strawberry.type
class SecondFactorMutation:
    """Mutations of the second factor."""

    @mutation(
        SIGNED_IN, ReauthenticationPayload, description="Подтвердить, что это вы; действует пять минут."
    )
    async def reauthenticate(self, info: Info, input: ReauthenticationInput) -> Any:  # noqa: A002
        if (input.password is None) is (input.code is None):
            raise mistake(ErrorCode.REQUIRED, "Введите пароль или код.", "password")
        if input.password is not None:
            await reauthentication.by_password(info.context, input.password)
        elif input.code is not None:
            await reauthentication.by_code(info.context, input.code, input.method)
        return ReauthenticationPayload(ttl_seconds=int(reauthentication.FRESH.total_seconds()))

    @mutation(
        SIGNED_IN,
        TotpPayload,
        description="Начать подключение приложения с кодами; прежнее работает до подтверждения нового.",
    )
    async def set_up_totp(self, info: Info) -> Any:
        enrolment: Any = await totp.set_up(info.context)
        return TotpPayload(enrolment=enrolment)

    @mutation(SIGNED_IN, TotpPayload, description="Закончить подключение первым кодом из приложения.")
    async def confirm_totp(self, info: Info, code: Code) -> Any:
        return TotpPayload(recovery_codes=await totp.confirm(info.context, code))

    @mutation(SIGNED_IN, TotpPayload, description="Выдать новые запасные коды вместо прежних.")
    async def renew_recovery_codes(self, info: Info) -> Any:
        return TotpPayload(recovery_codes=await totp.renew_codes(info.context))

    @mutation(SIGNED_IN, TotpPayload, description="Отключить приложение: коды снова придут по СМС.")
    async def disable_totp(self, info: Info) -> Any:
        await totp.disable(info.context)
        return TotpPayload()
