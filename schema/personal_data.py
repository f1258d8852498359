"""The form of personal data and the live account (1.1.1, 1.1.1-27)."""

from collections.abc import AsyncIterator
from dataclasses import fields
from typing import Annotated, Any

import strawberry

from models.account import AccessStep
from models.personal_data import PersonalFields
from models.values.address import AddressFields
from resolvers import linking_form, live
from resolvers import personal_data as use
from resolvers.portfolio_state import next_steps
from resolvers.rights import SIGNED_IN
from schema.account import Account
from schema.base import Cursor, Info, Inn, PhoneDigits, RuDate, Snils
from schema.errors import Payload
from schema.fields import mutation, root, subscription
from schema.live import Heartbeat, Resync, mark, quiet
from schema.profile import Profile


@strawberry.input(description="Адрес полными словами, без сокращений.")
class AddressInput:
    """What is left out is empty, so that every missing field is named at once."""

    region: str = strawberry.field(default="", description="Регион, если нужен.")
    city: str = strawberry.field(default="", description="Населённый пункт: «город Тула».")
    street: str = strawberry.field(default="", description="Улица официальным названием: «улица Ленина».")
    house: str = strawberry.field(
        default="", description="Номер дома; не нужен, если весь он — «корпус 1205» в `building`."
    )
    building: str = strawberry.field(
        default="", description="Номер корпуса или слово с номером: «2», «строение 1», «литера А»; если есть."
    )
    flat: str = strawberry.field(default="", description="Номер квартиры.")
    no_flat: bool = strawberry.field(default=False, description="Квартиры нет: частный дом.")
    no_street: bool = strawberry.field(default=False, description="Улиц в населённом пункте нет.")


def _no_address() -> AddressInput:
    return AddressInput()


def _date(description: str) -> Any:
    return strawberry.field(default=RuDate(""), description=description)


@strawberry.input(
    description="Персональные данные точно как в документах; пустое поле — ошибка REQUIRED с его именем."
)
class PersonalDataInput:
    """Every field is mandatory save those that say otherwise; mistakes come back all at once."""

    last_name: str = strawberry.field(default="", description="Фамилия.")
    first_name: str = strawberry.field(default="", description="Имя.")
    middle_name: str = strawberry.field(default="", description="Отчество.")
    no_patronymic: bool = strawberry.field(default=False, description="Отчества нет в документах.")
    birth_date: RuDate = _date("Дата рождения.")
    birth_place: str = strawberry.field(default="", description="Место рождения.")
    passport_series: str = strawberry.field(default="", description="Серия паспорта, 4 цифры.")
    passport_number: str = strawberry.field(default="", description="Номер паспорта, 6 цифр.")
    passport_issue_date: RuDate = _date("Дата выдачи паспорта.")
    passport_issued_by: str = strawberry.field(default="", description="Кем выдан паспорт.")
    passport_department_code: str = strawberry.field(default="", description="Код подразделения 000-000.")
    registration_address: AddressInput = strawberry.field(
        default_factory=_no_address, description="Адрес регистрации."
    )
    residence_address: AddressInput = strawberry.field(
        default_factory=_no_address, description="Адрес проживания."
    )
    residence_same_as_registration: bool = strawberry.field(
        default=False, description="Адрес проживания совпадает с адресом регистрации."
    )
    phone: PhoneDigits = strawberry.field(
        default=PhoneDigits(""), description="Телефон учётной записи; другой сначала смените в настройках."
    )
    email: str = strawberry.field(
        default="", description="Адрес почты учётной записи; другой сначала смените в настройках."
    )
    inn: Inn = strawberry.field(default=Inn(""), description="ИНН; можно не указывать.")
    snils: Snils = strawberry.field(default=Snils(""), description="СНИЛС; можно не указывать.")


@strawberry.type(description="Данные приняты и проверяются, либо ошибки.")
class PersonalDataPayload(Payload):
    """The account as it became."""

    account: Account | None = strawberry.field(default=None, description="Учётная запись.")
    profile: Profile | None = strawberry.field(default=None, description="Персональные данные.")
    changed_fields: list[str] = strawberry.field(
        default_factory=list, description="Какие поля изменились по сравнению с прежней формой."
    )
    next_steps: list[AccessStep] = strawberry.field(
        default_factory=list, description="Шаги, которые осталось сделать."
    )


@strawberry.type
class PersonalDataViewer:
    """The part of `Viewer` about personal data."""

    @root(SIGNED_IN, description="Персональные данные.", of=Profile)
    async def profile(
        self,
        info: Info,
        masked: Annotated[
            bool, strawberry.argument(description="Скрыть цифры паспорта, ИНН, СНИЛС и телефона.")
        ] = False,
    ) -> Any:
        return await use.my_profile(info.context, masked=masked)


@strawberry.type
class PersonalDataMutation:
    """The form."""

    @mutation(
        SIGNED_IN,
        PersonalDataPayload,
        description="Отправить персональные данные. Сверка с реестром начнётся сама; результат придёт в `account`.",
    )
    async def submit_personal_data(self, info: Info, input: PersonalDataInput) -> Any:  # noqa: A002
        changed = await linking_form.submit_form(info.context, fields=_fields(input))
        shown: Any = await use.my_profile(info.context)
        return PersonalDataPayload(
            account=shown.account,
            profile=shown,
            changed_fields=changed,
            next_steps=await next_steps(info.context, shown.account),
        )


def _fields(given: PersonalDataInput) -> PersonalFields:
    plain: dict[str, Any] = {item.name: getattr(given, item.name) for item in fields(PersonalFields)}
    for name in ("registration_address", "residence_address"):
        address: dict[str, Any] = {
            item.name: getattr(plain[name], item.name) for item in fields(AddressFields)
        }
        plain[name] = AddressFields(**address)
    return PersonalFields(**plain)


@strawberry.type(description="Снимок: учётная запись на момент курсора.")
class AccountSnapshot:
    """The state to start from."""

    cursor: Cursor = strawberry.field(description="Курсор, после которого идут изменения.")
    account: Account = strawberry.field(description="Учётная запись.")
    profile: Profile = strawberry.field(description="Персональные данные.")
    next_steps: list[AccessStep] = strawberry.field(description="Шаги, которые осталось сделать.")


@strawberry.type(description="Изменение учётной записи: какой она стала.")
class AccountDelta:
    """One change."""

    cursor: Cursor = strawberry.field(description="Курсор этого изменения.")
    action: str = strawberry.field(description="Что произошло: действие журнала.")
    changed_fields: list[str] = strawberry.field(description="О каких полях формы речь.")
    account: Account = strawberry.field(description="Учётная запись.")
    profile: Profile = strawberry.field(description="Персональные данные.")
    next_steps: list[AccessStep] = strawberry.field(description="Шаги, которые осталось сделать.")


AccountUpdate = Annotated[
    AccountSnapshot | AccountDelta | Resync | Heartbeat,
    strawberry.union("AccountUpdate", description="Что приходит в живом потоке учётной записи."),
]


@strawberry.type
class PersonalDataSubscription:
    """The live account."""

    @subscription(
        SIGNED_IN,
        description="Учётная запись вживую: снимок, затем изменения, в том числе ответ реестра.",
    )
    async def account(self, info: Info, after: Cursor | None = None) -> AsyncIterator[AccountUpdate]:
        async for step in use.follow_account(info.context, live.parse_cursor(after)):
            if isinstance(step, live.Resync | live.Heartbeat):
                yield quiet(step)
                continue
            shown: Any = await use.my_profile(info.context)
            state: Any = {
                "cursor": mark(step),
                "account": shown.account,
                "profile": shown,
                "next_steps": await next_steps(info.context, shown.account),
            }
            if isinstance(step, live.Snapshot):
                yield AccountSnapshot(**state)
            else:
                fields: list[str] = step.event.data.get("fields", [])
                yield AccountDelta(action=step.event.action, changed_fields=fields, **state)
