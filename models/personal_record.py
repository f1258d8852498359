"""Personal data as one text, the form in which the vault seals it; reading trusts what we wrote ourselves."""

import json
from datetime import date
from typing import Any

from models.personal_data import Passport, PersonalData, PersonalFields
from models.values.address import Address, AddressFields
from models.values.email import Email
from models.values.full_words import IssuingBody
from models.values.house import Building, HouseNumber
from models.values.inn import Inn
from models.values.passport import DepartmentCode, PassportNumber, PassportSeries
from models.values.person_name import PersonName
from models.values.phone import Phone
from models.values.places import BirthPlace, City, Region, Street
from models.values.snils import Snils

Record = dict[str, Any]


def to_text(data: PersonalData) -> str:
    return json.dumps(to_record(data), ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> PersonalData:
    return from_record(json.loads(text))


def to_record(data: PersonalData) -> Record:
    """Plain names and texts, ISO dates; also what a person gets as a copy of their data."""
    return {
        "last_name": data.last_name,
        "first_name": data.first_name,
        "middle_name": data.middle_name,
        "birth_date": data.birth_date.isoformat(),
        "birth_place": data.birth_place,
        "passport": {
            "series": data.passport.series,
            "number": data.passport.number,
            "issue_date": data.passport.issue_date.isoformat(),
            "issued_by": data.passport.issued_by,
            "department_code": data.passport.department_code,
        },
        "registration_address": _address_record(data.registration_address),
        "residence_address": _address_record(data.residence_address),
        "phone": data.phone,
        "email": data.email,
        "inn": data.inn,
        "snils": data.snils,
    }


def from_record(record: Record) -> PersonalData:
    middle_name, inn, snils = record["middle_name"], record["inn"], record["snils"]
    return PersonalData(
        last_name=PersonName(record["last_name"]),
        first_name=PersonName(record["first_name"]),
        middle_name=PersonName(middle_name) if middle_name else None,
        birth_date=date.fromisoformat(record["birth_date"]),
        birth_place=BirthPlace(record["birth_place"]),
        passport=_passport(record["passport"]),
        registration_address=_address(record["registration_address"]),
        residence_address=_address(record["residence_address"]),
        phone=Phone(record["phone"]),
        email=Email(record["email"]),
        inn=Inn(inn) if inn else None,
        snils=Snils(snils) if snils else None,
    )


def to_fields(data: PersonalData) -> PersonalFields:
    """The form as it would have to be typed for these data."""
    passport = data.passport
    return PersonalFields(
        last_name=data.last_name,
        first_name=data.first_name,
        middle_name=data.middle_name or "",
        no_patronymic=data.middle_name is None,
        birth_date=_printed(data.birth_date),
        birth_place=data.birth_place,
        passport_series=passport.series,
        passport_number=passport.number,
        passport_issue_date=_printed(passport.issue_date),
        passport_issued_by=passport.issued_by,
        passport_department_code=passport.department_code,
        registration_address=_typed(data.registration_address),
        residence_address=_typed(data.residence_address),
        phone=data.phone.removeprefix("+"),
        email=data.email,
        inn=data.inn or "",
        snils=data.snils or "",
    )


def _printed(day: date) -> str:
    return f"{day:%d.%m.}{day.year:04d}"


def _typed(address: Address) -> AddressFields:
    return AddressFields(
        region=address.region or "",
        city=address.city,
        street=address.street,
        house=address.house,
        building=address.building or "",
        flat=address.flat or "",
        no_flat=address.flat is None,
        no_street=not address.street,
    )


def changed_fields(before: PersonalData | None, after: PersonalData) -> list[str]:
    """Names of the fields of the form that differ, in the order of the form; all of them at first."""
    old, new = _by_field(before) if before else {}, _by_field(after)
    return [field for field in new if field not in old or old[field] != new[field]]


def _by_field(data: PersonalData) -> Record:
    record = to_record(data)
    passport = {f"passport_{name}": value for name, value in record.pop("passport").items()}
    return {camel(name): value for name, value in {**record, **passport}.items()}


def camel(name: str) -> str:
    """A name of ours as the API writes it."""
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def _passport(record: Record) -> Passport:
    return Passport(
        series=PassportSeries(record["series"]),
        number=PassportNumber(record["number"]),
        issue_date=date.fromisoformat(record["issue_date"]),
        issued_by=IssuingBody(record["issued_by"]),
        department_code=DepartmentCode(record["department_code"]),
    )


def _address_record(address: Address) -> Record:
    return {
        "region": address.region,
        "city": address.city,
        "street": address.street,
        "house": address.house,
        "building": address.building,
        "flat": address.flat,
    }


def _address(record: Record) -> Address:
    region, building, flat = record["region"], record["building"], record["flat"]
    return Address(
        city=City(record["city"]),
        street=Street(record["street"]),
        house=HouseNumber(record["house"]),
        flat=HouseNumber(flat) if flat else None,
        region=Region(region) if region else None,
        building=Building(building) if building else None,
    )
