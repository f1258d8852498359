"""One doctor whose data is right in every field; a test spoils what it is about."""

from dataclasses import replace
from datetime import date
from typing import Any

from models.personal_data import PersonalFields
from models.values.address import AddressFields

TODAY = date(2026, 11, 24)
HOME = AddressFields(city="город Тула", street="улица Ленина", house="5А", flat="12")
RIGHT = PersonalFields(
    last_name="Иванова",
    first_name="Анна",
    middle_name="Сергеевна",
    birth_date="10.05.1985",
    birth_place="город Тула",
    passport_series="7010",
    passport_number="123456",
    passport_issue_date="01.06.2005",
    passport_issued_by="УМВД России по Тульской области",
    passport_department_code="710-001",
    registration_address=HOME,
    residence_same_as_registration=True,
    phone="79161234567",
    email="ivanova@example.ru",
    inn="500100732259",
    snils="112-233-445 95",
)


def but(**changes: Any) -> PersonalFields:
    """The right form with some fields changed."""
    return replace(RIGHT, **changes)
