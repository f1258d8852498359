"""The full list of fields of the forms that a client draws: all are mandatory save the few that say so (1.1.1-15, 1.1-4)."""

from dataclasses import dataclass
from enum import StrEnum


class FieldKind(StrEnum):
    """What a client draws: a line of text, a day as papers have it, a tick, or a line that hides what is typed."""

    TEXT = "TEXT"
    DATE = "DATE"
    MARK = "MARK"
    PASSWORD = "PASSWORD"  # noqa: S105 - a kind of a field, not a secret


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One field; `pattern` serves a first check at the client, the server has the last word."""

    field: str
    label: str
    example: str
    pattern: str | None = None
    required: bool = True
    kind: FieldKind = FieldKind.TEXT


_DATE = r"^\d{2}\.\d{2}\.\d{4}$"
_NAME = r"^[А-ЯЁ][А-Яа-яЁё]*([ '’ʼ-][А-Яа-яЁё]+)*$"
_HOUSE = r"^[1-9]\d{0,4}[А-Яа-яЁё]?([/-]\d{1,4}[А-Яа-яЁё]?)?$"
_PHONE = r"^\+?[1-9]\d{7,14}$"
_INN = r"^\d{12}$"
_SNILS = r"^(\d{3}-\d{3}-\d{3} \d{2}|\d{11})$"
_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s.]{2,}$"
_LAST_NAME = FieldRule("lastName", "Фамилия", "Иванова", _NAME)
_FIRST_NAME = FieldRule("firstName", "Имя", "Анна", _NAME)
_MIDDLE_NAME = FieldRule("middleName", "Отчество (или отметка, что его нет)", "Сергеевна", _NAME)
_MOBILE = FieldRule("phone", "Контактный телефон", "79161234567", _PHONE)
_MAILBOX = FieldRule("email", "Электронная почта", "ivanova@example.ru", _EMAIL)


def _optional(field: str, label: str, example: str, pattern: str | None = None) -> FieldRule:
    return FieldRule(field, label, example, pattern, required=False)


def _mark(field: str, label: str, *, required: bool = False) -> FieldRule:
    return FieldRule(field, label, "да", required=required, kind=FieldKind.MARK)


def _date(field: str, label: str, example: str) -> FieldRule:
    return FieldRule(field, label, example, _DATE, kind=FieldKind.DATE)


def _address(field: str, label: str) -> tuple[FieldRule, ...]:
    return (
        _optional(f"{field}.region", f"{label}: регион (если город — не центр региона)", "Тульская область"),
        FieldRule(f"{field}.city", f"{label}: населённый пункт", "город Тула"),
        FieldRule(f"{field}.street", f"{label}: улица", "улица Ленина"),
        _mark(f"{field}.noStreet", f"{label}: улиц в населённом пункте нет"),
        FieldRule(
            f"{field}.house", f"{label}: дом (или корпус со словом, если другого номера нет)", "5", _HOUSE
        ),
        _optional(f"{field}.building", f"{label}: корпус или строение (если есть)", "строение 1"),
        FieldRule(f"{field}.flat", f"{label}: квартира (или отметка, что её нет)", "12", _HOUSE),
        _mark(f"{field}.noFlat", f"{label}: квартиры нет, частный дом"),
    )


_NO_PATRONYMIC = _mark("noPatronymic", "Отчества нет")
REGISTRATION_FORM = (
    _LAST_NAME,
    _FIRST_NAME,
    _MIDDLE_NAME,
    _NO_PATRONYMIC,
    FieldRule("inn", "ИНН", "500100732259", _INN),
    _MOBILE,
    _MAILBOX,
    FieldRule(
        "password",
        "Пароль (без него придёт временный)",
        "по правилам `passwordPolicy`",
        required=False,
        kind=FieldKind.PASSWORD,
    ),
    _mark("acceptTerms", "Согласие с правилами пользования", required=True),
    _mark("acceptPersonalData", "Согласие на обработку персональных данных"),
)

PERSONAL_DATA_FORM = (
    _LAST_NAME,
    _FIRST_NAME,
    _MIDDLE_NAME,
    _NO_PATRONYMIC,
    _date("birthDate", "Дата рождения", "31.12.1985"),
    FieldRule("birthPlace", "Место рождения", "город Тула"),
    FieldRule("passportSeries", "Серия паспорта", "4510", r"^\d{4}$"),
    FieldRule("passportNumber", "Номер паспорта", "123456", r"^\d{6}$"),
    _date("passportIssueDate", "Дата выдачи паспорта", "15.01.2010"),
    FieldRule("passportIssuedBy", "Кем выдан паспорт", "Отделом УФМС России по городу Москве"),
    FieldRule("passportDepartmentCode", "Код подразделения", "770-001", r"^\d{3}-\d{3}$"),
    *_address("registrationAddress", "Адрес регистрации"),
    _mark("residenceSameAsRegistration", "Адрес проживания совпадает с адресом регистрации"),
    *_address("residenceAddress", "Адрес проживания"),
    _MOBILE,
    _MAILBOX,
    _optional("inn", "ИНН", "500100732259", _INN),
    _optional("snils", "СНИЛС", "112-233-445 95", _SNILS),
)
LABELS = {rule.field: rule.label for rule in PERSONAL_DATA_FORM} | {
    "registrationAddress": "Адрес регистрации",
    "residenceAddress": "Адрес проживания",
}


def mismatch_words(field: str) -> str:
    """What a person reads of a field that the state register knows differently (1.1.1-28)."""
    return (
        f"{LABELS.get(field, field)}: не совпадает с государственным реестром. Укажите точно как в документе."
    )
