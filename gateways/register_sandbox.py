"""A register of our own for demonstrations and tests: what it answers is told by the data (A3, A6, A27).

A person of `people` is compared field by field. Of anybody else the last two digits of the passport decide:

    00  never answers
    10  does not answer twice, then matches
    20  matches after `slow_seconds`
    31  surname, 32 given name, 33 patronymic, 34 birth date, 35 passport issue date differ
    36  registration address differs, 37 surname and birth date differ
    any other: matches

Whatever the digits, a department code of the table must go with its body.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable

from gateways.errors import GatewayUnavailable
from gateways.register import Match, Mismatch
from models.personal_data import PersonalData

DIFFERS = {
    "31": ("lastName",),
    "32": ("firstName",),
    "33": ("middleName",),
    "34": ("birthDate",),
    "35": ("passportIssueDate",),
    "36": ("registrationAddress",),
    "37": ("lastName", "birthDate"),
}
MAY_BE_LEFT_OUT = ("inn", "snils")
SILENT, SILENT_TWICE, SLOW = "00", "10", "20"
BODIES = {
    "770-001": "ГУ МВД России по городу Москве",
    "780-001": "ГУ МВД России по городу Санкт-Петербургу и Ленинградской области",
    "710-001": "УМВД России по Тульской области",
}


class SandboxRegister:
    def __init__(self, people: Iterable[PersonalData] = (), slow_seconds: float = 10) -> None:
        self._people = {_passport(person): person for person in people}
        self._slow_seconds = slow_seconds
        self._asked = Counter[str]()

    async def check(self, person: PersonalData) -> Match | Mismatch:
        await self._behave(_passport(person))
        fields = (*self._differences(person), *_wrong_body(person))
        return Mismatch(fields) if fields else Match()

    async def _behave(self, passport: str) -> None:
        self._asked[passport] += 1
        mode = passport[-2:]
        if mode == SILENT or (mode == SILENT_TWICE and self._asked[passport] <= 2):
            raise GatewayUnavailable("register: no answer")
        if mode == SLOW:
            await asyncio.sleep(self._slow_seconds)

    def _differences(self, person: PersonalData) -> tuple[str, ...]:
        passport = _passport(person)
        if passport not in self._people:
            return DIFFERS.get(passport[-2:], ())
        kept, given = _comparable(self._people[passport]), _comparable(person)
        left_out = {field for field in MAY_BE_LEFT_OUT if given[field] is None}
        return tuple(field for field in kept if kept[field] != given[field] and field not in left_out)


def _passport(person: PersonalData) -> str:
    return f"{person.passport.series}{person.passport.number}"


def _wrong_body(person: PersonalData) -> tuple[str, ...]:
    body = BODIES.get(person.passport.department_code)
    return ("passportIssuedBy",) if body and body.casefold() != person.passport.issued_by.casefold() else ()


def _comparable(person: PersonalData) -> dict[str, str | None]:
    """Letter by letter; capital letters alone do not differ, since passports are printed in them."""
    fields = {
        "lastName": person.last_name,
        "firstName": person.first_name,
        "middleName": person.middle_name,
        "birthDate": person.birth_date.isoformat(),
        "birthPlace": person.birth_place,
        "passportIssueDate": person.passport.issue_date.isoformat(),
        "passportDepartmentCode": person.passport.department_code,
        "registrationAddress": person.registration_address.full,
        "inn": person.inn,
        "snils": person.snils,
    }
    return {name: value.casefold() if value else None for name, value in fields.items()}
