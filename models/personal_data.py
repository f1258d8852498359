"""The personal data of a doctor: every field of the form, checked together (1.1.1-2..25, 1.1.1-31, A3)."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from models.errors import ErrorCode, Problem, UserError
from models.values.address import Address, AddressFields
from models.values.email import Email
from models.values.form import Form, Taken
from models.values.full_words import IssuingBody
from models.values.inn import Inn
from models.values.passport import (
    DepartmentCode,
    PassportNumber,
    PassportSeries,
    PassportTerm,
    passport_term,
)
from models.values.person_name import PersonName
from models.values.phone import Phone
from models.values.places import BirthPlace
from models.values.ru_date import RuDate, birth_date
from models.values.snils import Snils

NOTHING = AddressFields()


@dataclass(frozen=True, slots=True, repr=False)
class PersonalFields:
    """The form as it was typed; what was left out is an empty text."""

    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    no_patronymic: bool = False
    birth_date: str = ""
    birth_place: str = ""
    passport_series: str = ""
    passport_number: str = ""
    passport_issue_date: str = ""
    passport_issued_by: str = ""
    passport_department_code: str = ""
    registration_address: AddressFields = NOTHING
    residence_address: AddressFields = NOTHING
    residence_same_as_registration: bool = False
    phone: str = ""
    email: str = ""
    inn: str = ""
    snils: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Passport:
    series: PassportSeries
    number: PassportNumber
    issue_date: date
    issued_by: IssuingBody
    department_code: DepartmentCode


@dataclass(frozen=True, slots=True, repr=False)
class PersonalData:
    """Accepted data; `middle_name` is absent only for who declared that there is none."""

    last_name: PersonName
    first_name: PersonName
    middle_name: PersonName | None
    birth_date: date
    birth_place: BirthPlace
    passport: Passport
    registration_address: Address
    residence_address: Address
    phone: Phone
    email: Email
    inn: Inn | None = None
    snils: Snils | None = None

    def passport_term(self, today: date) -> PassportTerm:
        """Until when the passport is valid, with a warning in its last ninety days."""
        return passport_term(self.birth_date, self.passport.issue_date, today)


def parse_personal_data(fields: PersonalFields, today: date, *root: str) -> PersonalData:
    """All mistakes at once; paths are names of the GraphQL input under `root`."""
    form = Form()
    last_name = form.take(PersonName.parse, fields.last_name, *root, "lastName")
    first_name = form.take(PersonName.parse, fields.first_name, *root, "firstName")
    middle_name = _middle_name(form, fields, root)
    born = form.take(partial(birth_date, today=today), fields.birth_date, *root, "birthDate")
    birth_place = form.take(BirthPlace.parse, fields.birth_place, *root, "birthPlace")
    passport = _passport(form, fields, born, today, root)
    registration = _address(form, fields.registration_address, *root, "registrationAddress")
    residence = registration
    if not fields.residence_same_as_registration:
        residence = _address(form, fields.residence_address, *root, "residenceAddress")
    phone = form.take(Phone.parse, fields.phone, *root, "phone")
    email = form.take(Email.parse, fields.email, *root, "email")
    inn = form.take_optional(Inn.parse, fields.inn, *root, "inn")
    snils = form.take_optional(Snils.parse, fields.snils, *root, "snils")
    form.done()
    return PersonalData(
        last_name.value,
        first_name.value,
        middle_name.value,
        born.value,
        birth_place.value,
        passport.value,
        registration.value,
        residence.value,
        phone.value,
        email.value,
        inn.value,
        snils.value,
    )


def _middle_name(form: Form, fields: PersonalFields, root: tuple[str, ...]) -> Taken[PersonName | None]:
    if not fields.no_patronymic:
        taken = form.take(PersonName.parse, fields.middle_name, *root, "middleName")
        return Taken(taken.value) if taken.right else Taken()
    if not fields.middle_name.strip():
        return Taken(None)
    message = "Отмечено «отчества нет», но отчество указано. Оставьте что-то одно."
    form.add(Problem(ErrorCode.INVALID_FORMAT, message, (*root, "middleName")))
    return Taken()


def _passport(
    form: Form, fields: PersonalFields, born: Taken[RuDate], today: date, root: tuple[str, ...]
) -> Taken[Passport]:
    series = form.take(PassportSeries.parse, fields.passport_series, *root, "passportSeries")
    number = form.take(PassportNumber.parse, fields.passport_number, *root, "passportNumber")
    issued = form.take(RuDate.parse, fields.passport_issue_date, *root, "passportIssueDate")
    issued_by = form.take(IssuingBody.parse, fields.passport_issued_by, *root, "passportIssuedBy")
    code = form.take(DepartmentCode.parse, fields.passport_department_code, *root, "passportDepartmentCode")
    if born.right and issued.right:
        try:
            passport_term(born.value, issued.value, today, *root, "passportIssueDate")
        except UserError as error:
            form.add(*error.problems)
    if not all(part.right for part in (series, number, issued, issued_by, code)):
        return Taken()
    return Taken(Passport(series.value, number.value, issued.value, issued_by.value, code.value))


def _address(form: Form, fields: AddressFields, *path: str) -> Taken[Address]:
    try:
        return Taken(Address.parse(fields, *path))
    except UserError as error:
        form.add(*error.problems)
        return Taken()
