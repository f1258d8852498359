"""What a person fills in to register: all mistakes at once; kept sealed until a contact is confirmed (1.1-6 .. 1.1-11)."""

import json
from dataclasses import asdict, dataclass
from functools import partial

from models.account import Channel
from models.errors import ErrorCode, Problem
from models.values.email import Email
from models.values.form import Form, Taken
from models.values.inn import Inn
from models.values.password import Password
from models.values.person_name import PersonName
from models.values.phone import Phone


@dataclass(frozen=True, slots=True, repr=False)
class RegistrationFields:
    """As typed. The channel is the entry that led to the form; no trust is drawn from it."""

    last_name: str
    first_name: str
    middle_name: str | None
    no_patronymic: bool
    inn: str
    phone: str
    email: str
    password: str | None
    accept_terms: bool
    accept_personal_data: bool = False
    channel: Channel = Channel.SITE
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Registration:
    """Checked; without a password a temporary one will be sent (A2)."""

    last_name: PersonName
    first_name: PersonName
    middle_name: PersonName | None
    inn: Inn
    phone: Phone
    email: Email
    password: Password | None


@dataclass(frozen=True, slots=True, repr=False)
class Applicant:
    """What a flow keeps, sealed, of a registration: enough to make the account and nothing else."""

    last_name: str
    first_name: str
    middle_name: str | None
    inn: str
    phone: str
    email: str
    password_hash: str
    temporary_password: str | None
    terms_version: str
    personal_data_version: str | None = None

    def to_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> "Applicant":
        return cls(**json.loads(text))


def parse_registration(fields: RegistrationFields) -> Registration:
    """Paths are names of the GraphQL input."""
    form = Form()
    last_name = form.take(PersonName.parse, fields.last_name, "lastName")
    first_name = form.take(PersonName.parse, fields.first_name, "firstName")
    middle_name = _middle_name(form, fields)
    inn = form.take(Inn.parse, fields.inn, "inn")
    phone = form.take(Phone.parse, fields.phone, "phone")
    email = form.take(Email.parse, fields.email, "email")
    own = (fields.last_name, fields.first_name, fields.middle_name or "", fields.phone, fields.email)
    rule = partial(Password.parse, personal=own)
    password = form.take(rule, fields.password, "password") if fields.password else Taken(None)
    if not fields.accept_terms:
        message = "Примите правила пользования: без этого учётную запись не создать."
        form.add(Problem(ErrorCode.TERMS_NOT_ACCEPTED, message, ("acceptTerms",)))
    form.done()
    return Registration(
        last_name.value,
        first_name.value,
        middle_name.value,
        inn.value,
        phone.value,
        email.value,
        password.value,
    )


def _middle_name(form: Form, fields: RegistrationFields) -> Taken[PersonName | None]:
    """Required unless the person declares that there is none (A3)."""
    if not fields.no_patronymic:
        taken = form.take(PersonName.parse, fields.middle_name, "middleName")
        return Taken(taken.value) if taken.right else Taken()
    if not (fields.middle_name or "").strip():
        return Taken(None)
    message = "Отмечено «отчества нет», но отчество указано. Оставьте что-то одно."
    form.add(Problem(ErrorCode.INVALID_FORMAT, message, ("middleName",)))
    return Taken()
