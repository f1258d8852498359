"""Who has an account at the sandbox of Gosuslugi: the demo doctors, and one person for each trouble."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from models.personal_data import PersonalFields
from models.values.address import AddressFields
from resolvers.demo_people import PEOPLE
from resolvers.demo_profiles import written

Json = dict[str, Any]
PASSWORD = "Gosuslugi-1"  # noqa: S105 - printed on the page where it is typed
CONFIRMED, SIMPLE, CHILD = "PR", "P", "KD"
FIRST_OID = 1000400000


@dataclass(frozen=True, slots=True)
class Citizen:
    """`record` is what the portal says of them, in its own words."""

    user: str
    about: str
    oid: int
    record: Json
    level: str = CONFIRMED
    one_time: bool = False

    @property
    def trusted(self) -> bool:
        return self.level == CONFIRMED

    @property
    def name(self) -> str:
        person = self.record["person"]
        return " ".join(filter(None, (person["lastName"], person["firstName"], person.get("middleName"))))

    def known_as(self, login: str) -> bool:
        """By the short name of the sandbox, or by SNILS, phone or e-mail as at the portal."""
        digits = "".join(filter(str.isdigit, login))
        person, values = self.record["person"], [item["value"] for item in self.record["contacts"]]
        numbers = {"".join(filter(str.isdigit, text)) for text in (person.get("snils", ""), *values)}
        return login in (self.user, *values) or (len(digits) >= 11 and digits in numbers)

    def altered(self, change: Json) -> "Citizen":
        """Facts of the person one by one, collections whole."""
        record = self.record | {
            name: change[name] for name in change.keys() & {"contacts", "addresses", "documents"}
        }
        record["person"] = {**self.record["person"], **change.get("person", {})}
        return replace(self, record=record)


def citizens() -> dict[str, Citizen]:
    """By user name, in the order of the login page."""
    return {citizen.user: citizen for citizen in _citizens()}


def _citizens() -> Iterator[Citizen]:
    notes = {3: "без отчества", 4: "в реестре другая фамилия", 5: "сменила фамилию"}
    for number in range(1, len(PEOPLE) + 1):
        fields = written(number)
        if number == 5:
            fields = replace(fields, last_name="Соколова")
        about = f"врач из демонстрации{', ' if number in notes else ''}{notes.get(number, '')}"
        yield _citizen(number, f"demo-{number}", about, fields)
    yield _citizen(11, "new", "подтверждённая, в кабинете ещё не бывала", _newcomer(1))
    yield _citizen(12, "two-step", "вход с кодом", _newcomer(2), one_time=True)
    yield _citizen(13, "no-snils", "без СНИЛС", replace(_newcomer(3), snils=""))
    yield _citizen(14, "standard", "стандартная, не подтверждена", _newcomer(4), SIMPLE)
    simplified = replace(_newcomer(5), snils="", passport_series="")
    yield _citizen(15, "simplified", "упрощённая", simplified, SIMPLE)
    child = replace(_newcomer(6), birth_date="01.09.2015", passport_series="")
    yield _citizen(16, "child", "ребёнок", child, CHILD)


def _newcomer(number: int) -> PersonalFields:
    """Somebody the cabinet has not seen; the last digits of her SNILS are right ones."""
    return PersonalFields(
        last_name=("Белова", "Серова", "Чернова", "Краснова", "Зеленова", "Рыжова")[number - 1],
        first_name="Ольга",
        middle_name="Игоревна",
        birth_date="07.03.1990",
        birth_place="город Калуга",
        passport_series="2915",
        passport_number=f"65432{number}",
        passport_issue_date="20.04.2010",
        passport_issued_by="УМВД России по Калужской области",
        passport_department_code="400-001",
        registration_address=AddressFields(
            region="Калужская область", city="город Калуга", street="улица Кирова", house="7", flat="3"
        ),
        residence_same_as_registration=True,
        phone=f"7916123990{number}",
        email=f"citizen-{number}@nmo.example",
        snils=f"90000000{number}{81 + number}",
    )


def _citizen(
    number: int,
    user: str,
    about: str,
    fields: PersonalFields,
    level: str = CONFIRMED,
    *,
    one_time: bool = False,
) -> Citizen:
    return Citizen(user, about, FIRST_OID + number, _record(fields, level), level, one_time)


def _record(fields: PersonalFields, level: str) -> Json:
    """The portal prints SNILS with signs, phones with brackets, addresses with short forms."""
    snils = fields.snils
    person: Json = {
        "firstName": fields.first_name,
        "lastName": fields.last_name,
        "middleName": fields.middle_name,
        "birthDate": fields.birth_date,
        "birthPlace": fields.birth_place,
        "gender": "F",
        "citizenship": "RUS",
        "snils": snils and f"{snils[:3]}-{snils[3:6]}-{snils[6:9]} {snils[9:]}",
        "inn": fields.inn,
    }
    if level == CONFIRMED:
        person |= {"trusted": True}
    return {
        "person": {name: value for name, value in person.items() if value},
        "contacts": _contacts(fields),
        "addresses": [_address(fields.registration_address, kind) for kind in ("PRG", "PLV")],
        "documents": [_passport(fields)] if fields.passport_series else [],
    }


def _contacts(fields: PersonalFields) -> list[Json]:
    phone = fields.phone
    printed = f"+{phone[0]}({phone[1:4]}){phone[4:]}"
    kinds = (
        ("MBT", printed, "VERIFIED"),
        ("EML", fields.email, "VERIFIED"),
        ("PHN", "+7(484)2000000", "NOT_VERIFIED"),
    )
    return [
        {"id": at, "type": kind, "value": text, "vrfStu": seen}
        for at, (kind, text, seen) in enumerate(kinds, 1)
    ]


def _address(address: AddressFields, kind: str) -> Json:
    street = address.street.replace("улица ", "ул. ")
    city = address.city.replace("город ", "г. ")
    region = address.region.replace("область", "обл.")
    line = ", ".join(filter(None, (region, city, street, f"д. {address.house}")))
    found = {
        "id": 1 if kind == "PRG" else 2,
        "type": kind,
        "zipCode": "300000",
        "countryId": "RUS",
        "addressStr": line,
        "region": region,
        "city": city,
        "street": street,
        "house": address.house,
        "flat": address.flat,
        "fiasCode": "",
    }
    return {name: value for name, value in found.items() if value}


def _passport(fields: PersonalFields) -> Json:
    return {
        "id": 1,
        "type": "RF_PASSPORT",
        "vrfStu": "VERIFIED",
        "series": fields.passport_series,
        "number": fields.passport_number,
        "issueDate": fields.passport_issue_date,
        "issueId": fields.passport_department_code.replace("-", ""),
        "issuedBy": fields.passport_issued_by,
    }
