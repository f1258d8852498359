"""Twenty people whose secrets must not be found in the database or in what the server writes (R14, P01)."""

import base64
import json
import logging
import re
from collections.abc import Iterator

import psycopg
import pytest

from models.account import DOCTOR, Account, AccountState
from models.values.inn import Inn
from models.values.snils import Snils
from resolvers.demo_catalog import demo_id
from storage.database import Author
from tests.api import Api
from tests.forms import SUBMIT, form
from tests.test_register_check import settled
from web.app import Site
from web.settings import Settings

pytestmark = pytest.mark.anyio
PEOPLE = 20
# Six digits come up by chance in a long row of random hex digits; they do not in the bytes it stands for.
BYTES_IN_HEX = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:[0-9a-f]{2}){16,}")


def snils(number: int) -> str:
    head = f"{130000000 + number * 37}"
    rest = sum(int(digit) * weight for digit, weight in zip(head, range(9, 0, -1), strict=True)) % 101
    return Snils.parse(f"{head}{rest % 100:02d}")


def inn(number: int) -> str:
    text = f"77{34000000 + number * 41}"
    for weights in ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)):
        total = sum(int(digit) * weight for digit, weight in zip(text, weights, strict=True))
        text += str(total % 11 % 10)
    return Inn.parse(text)


def canary(number: int) -> dict[str, str]:
    """What this person keeps secret; every value is found nowhere else."""
    return {
        "passport": f"{777000 + number * 100 + 55}",
        "born": f"{number + 1:02d}.03.1961",
        "born_iso": f"1961-03-{number + 1:02d}",
        "snils": snils(number),
        "inn": inn(number),
        "phone": f"7916555{number:02d}{number:02d}",
        "street": "Канареечная",
        "place": "Канарейкино",
    }


def shapes(value: str) -> Iterator[str]:
    """The value in the ways it could lie in a dump: plain, JSON escapes, bytes, hex, base64 at each offset, reversed."""
    raw = value.encode()
    yield value
    yield value[::-1]
    yield raw.hex()
    yield raw.decode("latin-1")
    if not value.isascii():
        yield json.dumps(value).strip('"')
    for offset in range(3):
        coded = base64.b64encode(bytes(offset) + raw).decode()
        yield coded[4 if offset else 0 :].rstrip("=")[:-1]


def readable(text: str) -> str:
    """The text with ids, digests and binary columns as the characters whose codes they are."""
    return BYTES_IN_HEX.sub(lambda found: bytes.fromhex(found[0].replace("-", "")).decode("latin-1"), text)


def dump(url: str) -> dict[str, str]:
    """Every table as text."""
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {name: _copied(connection, name) for (name,) in tables}


def _copied(connection: psycopg.Connection, table: str) -> str:
    with connection.cursor().copy(f'COPY "{table}" TO STDOUT'.encode()) as copy:
        return b"".join(bytes(part) for part in copy).decode()


async def arrive(site: Site, number: int) -> None:
    """An account whose contacts are confirmed and whose form is still empty."""
    key, vault, now = demo_id("canary", number), site.ports.vault, site.ports.clock.now()
    phone = f"+{canary(number)['phone']}"
    async with site.ports.database.transaction(Author("test", "")) as work:
        work.session.add(
            Account(
                id=key,
                slug=f"canary-{number}",
                state=AccountState.CONTACT_CONFIRMED,
                created_at=now,
                last_name="Канарейкин",
                first_name="Пётр",
                email=f"canary-{number}@nmo.example",
                email_confirmed_at=now,
                phone_sealed=vault.seal(phone, "account", "phone_sealed", key),
                phone_index=vault.index("phone", phone),
                phone_confirmed_at=now,
                permissions=[right.value for right in DOCTOR],
            )
        )


async def fill_in(api: Api, number: int) -> Api:
    secrets = canary(number)
    home = {"city": f"деревня {secrets['place']}", "street": f"улица {secrets['street']}"}
    filled = form(
        birthDate=secrets["born"],
        birthPlace=home["city"],
        passportNumber=secrets["passport"],
        passportIssueDate="01.06.2007",
        registrationAddress={**home, "house": "5", "flat": "7"},
        phone=secrets["phone"],
        email=f"canary-{number}@nmo.example",
        inn=secrets["inn"],
        snils=secrets["snils"],
    )
    person = await api.as_demo(f"canary-{number}")
    payload = (await person.data(SUBMIT, input=filled))["submitPersonalData"]
    assert payload["errors"] == []
    return person


async def test_r14_no_secret_of_twenty_people_lies_in_the_open(
    api: Api, site: Site, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    people = list[Api]()
    for number in range(PEOPLE):
        await arrive(site, number)
        people.append(await fill_in(api, number))
    for person in people:
        await settled(person, "VERIFIED")
    profile = await people[7].data("{ viewer { profile { passport { number } snils } } }")
    assert profile["viewer"]["profile"]["passport"]["number"] == canary(7)["passport"]
    written = {**dump(settings.database_url or ""), "the log": caplog.text}
    places = {place: readable(text) for place, text in written.items()}
    assert all(f"canary-{number}@nmo.example" in places["account"] for number in range(PEOPLE))
    assert "check_register" in places["the log"]
    found = {
        (place, name, number)
        for number in range(PEOPLE)
        for name, value in canary(number).items()
        for shape in shapes(value)
        for place, text in places.items()
        if shape in text
    }
    assert found == set()


def test_r14_the_search_would_find_each_shape() -> None:
    for value in canary(3).values():
        raw = value.encode()
        hidden = [value, value[::-1], raw.hex(), json.dumps(value)]
        hidden += [base64.b64encode(prefix + raw + b"tail").decode() for prefix in (b"", b"a", b"ab")]
        hidden += [f"\\\\x{(bytes(9) + raw + bytes(9)).hex()}"]
        for text in hidden:
            assert any(shape in readable(text) for shape in shapes(value)), (value, text)
