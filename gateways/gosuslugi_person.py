"""What ESIA writes about a person, read with care: only what is confirmed and whole is taken over (2.1-2, A63)."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, cast

from gateways.errors import GatewayUnavailable
from gateways.gosuslugi import GosuslugiPassport, GosuslugiPerson
from models.errors import UserError
from models.values.address import AddressFields
from models.values.email import Email
from models.values.house import Building, HouseNumber
from models.values.phone import Phone
from models.values.places import City, Region, Street

Json = dict[str, Any]
VERIFIED = "VERIFIED"
PARTS = {"contacts": "ctts", "addresses": "addrs", "documents": "docs"}


def to_person(oid: str, record: Json, parts: dict[str, list[Json]]) -> GosuslugiPerson:
    """`parts` holds the elements of the collections `contacts`, `addresses`, `documents`."""
    contacts, addresses = parts["contacts"], parts["addresses"]
    last_name, first_name = _text(record, "lastName"), _text(record, "firstName")
    if not last_name or not first_name:
        raise GatewayUnavailable("gosuslugi: a person without a name")
    return GosuslugiPerson(
        oid=oid,
        trusted=record.get("trusted") is True,
        last_name=last_name,
        first_name=first_name,
        middle_name=_text(record, "middleName") or None,
        birth_date=_date(record, "birthDate"),
        birth_place=_text(record, "birthPlace") or None,
        snils=_digits(record, "snils", 11),
        inn=_digits(record, "inn", 12),
        passport=_passport(parts["documents"]),
        phone=_phone(contacts),
        email=_email(contacts),
        registration_address=_address(addresses, "PRG"),
        residence_address=_address(addresses, "PLV"),
    )


def elements(collection: object) -> list[Json] | None:
    """The elements of a collection; None when it holds links to them, or is absent."""
    if not isinstance(collection, dict):
        return None
    found = cast(Json, collection).get("elements")
    if not isinstance(found, list):
        return None
    items = cast(list[object], found)
    return [cast(Json, item) for item in items] if all(isinstance(item, dict) for item in items) else None


def _text(record: Json, name: str) -> str:
    """Printable text in one line: half a surrogate pair or a zero byte would be no text to a database."""
    value = record.get(name)
    if not isinstance(value, str):
        return ""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())


def _digits(record: Json, name: str, length: int) -> str | None:
    digits = re.sub(r"[\s-]", "", _text(record, name))
    return digits if re.fullmatch(rf"[0-9]{{{length}}}", digits) else None


def _date(record: Json, name: str) -> date | None:
    try:
        return datetime.strptime(_text(record, name), "%d.%m.%Y").date()
    except ValueError:
        return None


def _verified(items: list[Json], kind: str) -> Json | None:
    return next((item for item in items if item.get("type") == kind and item.get("vrfStu") == VERIFIED), None)


def _phone(contacts: list[Json]) -> str | None:
    """`+7(916)1234501` becomes `79161234501`."""
    contact = _verified(contacts, "MBT") or {}
    try:
        return Phone.parse(re.sub(r"[\s()-]", "", _text(contact, "value")), "phone").digits
    except UserError:
        return None


def _email(contacts: list[Json]) -> str | None:
    try:
        return Email.parse(_text(_verified(contacts, "EML") or {}, "value"), "email")
    except UserError:
        return None


def _passport(documents: list[Json]) -> GosuslugiPassport | None:
    found = _verified(documents, "RF_PASSPORT") or {}
    series, number = _digits(found, "series", 4), _digits(found, "number", 6)
    code, issued = _digits(found, "issueId", 6), _date(found, "issueDate")
    issued_by = _text(found, "issuedBy")
    if not (series and number and code and issued and issued_by):
        return None
    return GosuslugiPassport(series, number, issued, issued_by, f"{code[:3]}-{code[3:]}")


def _address(addresses: list[Json], kind: str) -> AddressFields | None:
    """Short forms are written out where they can mean one thing only; the rest is left for the person to mend."""
    found = next((item for item in addresses if item.get("type") == kind), None)
    if found is None:
        return None
    region = _hinted(Region.parse, _text(found, "region"))
    return AddressFields(
        region=region,
        city=_hinted(City.parse, _text(found, "city") or _text(found, "settlement")) or region,
        street=_hinted(Street.parse, _text(found, "street")),
        house=_hinted(HouseNumber.parse, _text(found, "house")),
        building=_building(found),
        flat=_hinted(HouseNumber.parse, _text(found, "flat")),
    )


def _building(record: Json) -> str:
    """A number alone in `frame` is a «корпус» to us as well; it needs the word where the house has no other number."""
    frame, building = (_hinted(Building.parse, _text(record, name)) for name in ("frame", "building"))
    parts = (
        frame if frame[:1].isdigit() and _text(record, "house") else _with_word("корпус", frame),
        _with_word("строение", building),
    )
    return ", ".join(part for part in parts if part)


def _with_word(word: str, value: str) -> str:
    return value if not value or re.match("[А-Яа-яЁё]{3}", value) else f"{word} {value}"


def _hinted(parse: Callable[..., str], text: str) -> str:
    """The hint only where it keeps every digit: «5к2» is more than house 5."""
    if not text:
        return ""
    try:
        return str(parse(text, "address"))
    except UserError as error:
        hint = error.problems[0].hint or text
        return hint if re.sub(r"\D", "", hint) == re.sub(r"\D", "", text) else text
