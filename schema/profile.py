"""Personal data as their owner reads them: whole or masked, with the source of every field (1.1.1, 2.1-3)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import strawberry

from models.account import Channel
from models.errors import ErrorCode
from models.personal_form import PERSONAL_DATA_FORM, mismatch_words
from models.values.address import Address as AddressValue
from models.values.text import Checked
from resolvers.personal_data import Shown
from schema.base import Inn, PhoneDigits, Snils, field
from schema.errors import RegistryMismatchError
from schema.fields import computed
from schema.forms import FieldRule


@strawberry.type(description="Адрес полными словами.")
class Address:
    """Served from the value."""

    region: str | None = field("Регион.")
    city: str = field("Населённый пункт.")
    street: str = field("Улица; пустая строка, если улиц нет.")
    house: str = field("Дом; пустая строка, если весь его номер — корпус или строение.")
    building: str | None = field("Номер корпуса или слово с номером: «2», «строение 1», «литера А».")
    flat: str | None = field("Квартира; null, если её нет.")
    full: str = field("Адрес одной строкой.")


@strawberry.type(description="Паспорт гражданина.")
class Passport:
    """Made for each reading, so that masked and whole are one type."""

    series: str = strawberry.field(description="Серия.")
    number: str = strawberry.field(description="Номер.")
    issue_date: date = strawberry.field(description="Дата выдачи.")
    issued_by: str = strawberry.field(description="Кем выдан.")
    department_code: str = strawberry.field(description="Код подразделения.")
    valid_until: date | None = strawberry.field(description="До какого дня действует; null — бессрочно.")
    warning: str | None = strawberry.field(description="Предупреждение, что паспорт пора заменить.")


@strawberry.type(description="Откуда и когда пришло значение поля.")
class FieldSource:
    """Served from the profile's notes."""

    field: str = strawberry.field(description="Имя поля формы.")
    source: Channel = strawberry.field(description="Сайт или Госуслуги.")
    updated_at: datetime = strawberry.field(description="Когда значение изменилось.")


def _of_data(read: Callable[[Any], Any], description: str) -> Any:
    return computed(lambda context, row: read(row.data) if row.data else None, description)


def _hidden(row: Shown, value: Checked | None) -> str | None:
    return value.masked if value and row.masked else value


def _passport(context: Any, row: Shown) -> Passport | None:
    if row.data is None:
        return None
    passport = row.data.passport
    term = row.data.passport_term(context.clock.now().date())
    return Passport(
        series="****" if row.masked else passport.series,
        number=passport.number.masked if row.masked else passport.number,
        issue_date=passport.issue_date,
        issued_by=passport.issued_by,
        department_code=passport.department_code,
        valid_until=term.until,
        warning=term.warning,
    )


def _mismatches(context: Any, row: Shown) -> list[RegistryMismatchError]:
    return [
        RegistryMismatchError(
            code=ErrorCode.REGISTRY_MISMATCH,
            message=mismatch_words(name),
            path=[name],
            field=name,
            application_number=row.application_number,
        )
        for name in (row.profile.mismatches if row.profile else [])
    ]


def _sources(context: Any, row: Shown) -> list[FieldSource]:
    sources = row.profile.sources if row.profile else {}
    return [
        FieldSource(
            field=name,
            source=Channel(noted["source"]),
            updated_at=datetime.fromisoformat(noted["updated_at"]),
        )
        for name, noted in sources.items()
    ]


def _no_patronymic(data: Any) -> bool:
    return data.middle_name is None


def _registration(data: Any) -> AddressValue:
    address: AddressValue = data.registration_address
    return address


def _residence(data: Any) -> AddressValue:
    address: AddressValue = data.residence_address
    return address


@strawberry.type(
    description="Персональные данные; до первой отправки формы заполнено только известное из учётной записи."
)
class Profile:
    """Served from `resolvers.personal_data.Shown`."""

    last_name: str = computed(lambda context, row: row.account.last_name, "Фамилия.")
    first_name: str = computed(lambda context, row: row.account.first_name, "Имя.")
    middle_name: str | None = computed(lambda context, row: row.account.middle_name, "Отчество.")
    no_patronymic: bool | None = _of_data(_no_patronymic, "Заявлено, что отчества нет.")
    birth_date: date | None = _of_data(lambda data: data.birth_date, "Дата рождения.")
    birth_place: str | None = _of_data(lambda data: data.birth_place, "Место рождения.")
    inn: Inn | None = computed(
        lambda context, row: _hidden(row, row.inn), "ИНН; виден после его сверки (`identify`)."
    )
    snils: Snils | None = computed(
        lambda context, row: _hidden(row, row.snils), "СНИЛС; виден после сверки (`identify`)."
    )
    passport: Passport | None = computed(_passport, "Паспорт.")
    registration_address: Address | None = _of_data(_registration, "Адрес регистрации.")
    residence_address: Address | None = _of_data(_residence, "Адрес проживания.")
    phone: PhoneDigits | None = computed(
        lambda context, row: (_hidden(row, row.phone) or "").removeprefix("+") or None,
        "Контактный телефон учётной записи.",
    )
    email: str | None = computed(lambda context, row: row.account.email, "Электронная почта учётной записи.")
    source: Channel | None = computed(
        lambda context, row: row.profile and row.profile.source, "Откуда данные пришли в последний раз."
    )
    submitted_at: datetime | None = computed(
        lambda context, row: row.profile and row.profile.submitted_at, "Когда форма отправлена."
    )
    verified_at: datetime | None = computed(
        lambda context, row: row.account.verified_at, "Когда данные подтверждены реестром."
    )
    mismatches: list[RegistryMismatchError] = computed(
        _mismatches, "Поля, которые не совпали с реестром: исправьте их и отправьте форму снова."
    )
    field_sources: list[FieldSource] = computed(_sources, "Откуда и когда пришло каждое поле.")
    field_rules: list[FieldRule] = computed(
        lambda context, row: PERSONAL_DATA_FORM, "Правила полей формы персональных данных."
    )
