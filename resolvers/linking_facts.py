"""What Gosuslugi has confirmed, as fields of our form (2.1-2, 2.1-3): a fact our rules cannot read is left to the person."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import date
from typing import Any

from gateways.gosuslugi import GosuslugiPerson
from models.errors import ErrorCode, UserError
from models.personal_data import PersonalData, PersonalFields, parse_personal_data
from models.personal_record import camel, to_fields
from models.values.address import AddressFields

Facts = dict[str, Any]
ADDRESSES = ("registration_address", "residence_address")
IDENTITY = ("birth_date", "inn", "snils")
NOT_TYPED = ("no_patronymic",)


def facts_of(person: GosuslugiPerson, today: date) -> Facts:
    """Names of the form's fields with confirmed values; contacts are not among them, they have their own proof."""
    passport = person.passport
    said: Facts = {
        "last_name": person.last_name,
        "first_name": person.first_name,
        "middle_name": person.middle_name or "",
        "no_patronymic": not person.middle_name,
        "birth_date": _printed(person.birth_date),
        "birth_place": person.birth_place,
        "passport_series": passport and passport.series,
        "passport_number": passport and passport.number,
        "passport_issue_date": _printed(passport.issue_date if passport else None),
        "passport_issued_by": passport and passport.issued_by,
        "passport_department_code": passport and passport.department_code,
        "registration_address": person.registration_address,
        "residence_address": person.residence_address,
        "inn": person.inn,
        "snils": person.snils,
    }
    known = {name: value for name, value in said.items() if value is not None}
    wrong = _unreadable(known, today)
    return {name: value for name, value in known.items() if name not in wrong}


def _printed(day: date | None) -> str | None:
    return f"{day:%d.%m.}{day.year:04d}" if day else None


def _unreadable(known: Facts, today: date) -> set[str]:
    """A passport and an address are taken whole or not at all: only the person knows that there is no flat."""
    try:
        parse_personal_data(filled(PersonalFields(), known), today)
    except UserError as error:
        broken = {
            problem.path[0]
            for problem in error.problems
            if problem.code is not ErrorCode.REQUIRED or len(problem.path) > 1
        }
        wrong = {name for name in known if camel(name) in broken}
    else:
        return set()
    if any(name.startswith("passport_") for name in wrong):
        wrong |= {name for name in known if name.startswith("passport_")}
    return wrong


def filled(form: PersonalFields, facts: Facts) -> PersonalFields:
    """The form with the facts in the place of what was typed."""
    same = form.residence_same_as_registration and "residence_address" not in facts
    return replace(form, **facts, residence_same_as_registration=same)


def with_facts(data: PersonalData, facts: Facts, today: date) -> PersonalData:
    """The data as Gosuslugi has them, and the rest as it was."""
    return parse_personal_data(filled(to_fields(data), facts), today)


def names_of(facts: Facts) -> list[str]:
    """The fields as the API names them."""
    return [camel(name) for name in facts if name not in NOT_TYPED]


def differing(data: PersonalData, facts: Facts) -> list[str]:
    """Fields by which one person is told from another, where the form and Gosuslugi name different people."""
    form = to_fields(data)
    return [
        camel(name)
        for name in IDENTITY
        if name in facts and getattr(form, name) and not alike(getattr(form, name), facts[name])
    ]


def alike(one: object, other: object) -> bool:
    """The same value, however it is spaced, dashed or capitalised."""
    if isinstance(one, str) and isinstance(other, str):
        return _bare(one) == _bare(other)
    return one == other


def _bare(text: str) -> str:
    return "".join(text.casefold().replace("-", "").split())


def to_text(facts: Facts) -> str:
    """As the vault seals them."""
    plain = {name: asdict(value) if name in ADDRESSES else value for name, value in facts.items()}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Facts:
    """As the vault gives them back."""
    plain: dict[str, Any] = json.loads(text)
    return {name: AddressFields(**value) if name in ADDRESSES else value for name, value in plain.items()}


def shown(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Field and value, addresses part by part, for a client that fills its form."""
    lines = list[tuple[str, str]]()
    for name, value in facts.items():
        if isinstance(value, AddressFields):
            parts = ((each.name, getattr(value, each.name)) for each in fields(value))
            lines += [(f"{camel(name)}.{camel(part)}", _written(said)) for part, said in parts if said]
        elif value != "":
            lines.append((camel(name), _written(value)))
    return lines


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
