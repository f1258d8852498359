"""Whatever the portal answers, the adapter says one of its few words and never stumbles (A59, A63, A66)."""

import asyncio
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given, settings
from hypothesis import strategies as st

from gateways.errors import GatewayUnavailable
from gateways.gosuslugi import GosuslugiPerson, GosuslugiRefused, GosuslugiUntrusted
from gateways.gosuslugi_http import EsiaGosuslugi, EsiaSystem
from gateways.gosuslugi_person import PARTS, elements, to_person
from gateways.gosuslugi_tokens import TokenCheck, TrustedKey
from models.clock import SettableClock
from models.secrets import SystemSecrets
from models.values.address import AddressFields
from models.values.house import Building
from resolvers.linking_facts import facts_of

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CLOCK = SettableClock(NOW)
KEY = generate_private_key(public_exponent=65537, key_size=2048)
CHECK = TokenCheck("http://esia.example/", "NMO", (TrustedKey(KEY.public_key()),))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=8,
)
FIELDS = (
    *(
        "firstName",
        "lastName",
        "birthDate",
        "snils",
        "inn",
        "trusted",
        "type",
        "vrfStu",
        "value",
        "series",
    ),
    *(
        "number",
        "issueDate",
        "issueId",
        "issuedBy",
        "region",
        "city",
        "street",
        "house",
        "flat",
        "elements",
    ),
)
WORDS = st.sampled_from(("PRG", "MBT", "EML", "RF_PASSPORT", "VERIFIED", "+7(916)1234501", "31.02.2000"))
RECORD = st.dictionaries(st.sampled_from(FIELDS), ANYTHING | WORDS)


def sealed(header: Any, claims: Any) -> str:
    """A token with a right signature, whatever stands in it."""
    parts = (json.dumps(part).encode() for part in (header, claims))
    signed = ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    seal = KEY.sign(signed.encode(), PKCS1v15(), SHA256())
    return f"{signed}.{urlsafe_b64encode(seal).rstrip(b'=').decode()}"


@settings(deadline=None, max_examples=100)
@given(RECORD, st.lists(RECORD, max_size=3), RECORD)
def test_a_person_is_read_from_anything_or_not_at_all(
    record: dict[str, Any], items: list[dict[str, Any]], collection: dict[str, Any]
) -> None:
    elements(collection)
    try:
        person = to_person("1", record, dict.fromkeys(PARTS, items))
    except GatewayUnavailable:
        return
    assert person.last_name
    assert person.trusted is (record.get("trusted") is True)
    assert person.snils is None or (len(person.snils) == 11 and person.snils.isdigit())


@given(ANYTHING, ANYTHING)
@settings(deadline=None, max_examples=50)
def test_tokens_that_are_signed_and_senseless_are_not_believed(header: Any, claims: Any) -> None:
    for head in (header, {"alg": "RS256"}):
        with pytest.raises(GosuslugiUntrusted):
            CHECK.access_token(sealed(head, claims), NOW)


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b", "a.b.c.d", "é.é.é", "e30.e30.", "W10.W10.W10", "." * 5000]
)
def test_texts_that_are_no_tokens_are_not_believed(token: str) -> None:
    with pytest.raises(GosuslugiUntrusted):
        CHECK.id_token(token, "nonce", NOW)


GOOD: dict[str, Any] = {
    "iss": "http://esia.example/",
    "client_id": "NMO",
    "urn:esia:sbj_id": 1000,
    "exp": NOW.timestamp() + 60,
    "iat": NOW.timestamp(),
}


@pytest.mark.parametrize("time", [float("nan"), True, "1790000000", None, [1], -(10**400)])
@pytest.mark.parametrize("claim", ["exp", "iat"])
def test_times_that_are_no_times_are_not_believed(claim: str, time: Any) -> None:
    assert CHECK.access_token(sealed({"alg": "RS256"}, GOOD), NOW)["urn:esia:sbj_id"] == "1000"
    if claim == "iat" and time == -(10**400):
        return  # long ago is a time
    with pytest.raises(GosuslugiUntrusted):
        CHECK.access_token(sealed({"alg": "RS256"}, GOOD | {claim: time}), NOW)


@pytest.mark.parametrize(
    "header", [{"alg": "RS256", "crit": ["b64"]}, {"alg": "RS512"}, {"alg": ["RS256"]}, {}]
)
def test_headers_that_ask_for_more_are_not_believed(header: Any) -> None:
    with pytest.raises(GosuslugiUntrusted, match="alg"):
        CHECK.access_token(sealed(header, GOOD), NOW)


class Silent:
    async def sign(self, data: bytes) -> bytes:
        return bytes(64)


ANSWERS: dict[str, tuple[int, bytes, type[Exception]]] = {
    "refusal with a code": (400, b'{"error": "x", "error_description": "ESIA-007011: y"}', GosuslugiRefused),
    "refusal with a bare word": (400, b'{"error": "invalid_grant"}', GosuslugiRefused),
    "refusal in an answer that is well": (
        200,
        b'{"error": "x", "error_description": "ESIA-007004"}',
        GosuslugiRefused,
    ),
    "no access": (403, b"{}", GosuslugiRefused),
    "overload with a code": (400, b'{"error_description": "ESIA-007008: z"}', GatewayUnavailable),
    "too many requests": (429, b"{}", GatewayUnavailable),
    "a proxy's page": (403, b"<html>blocked</html>", GatewayUnavailable),
    "a list": (200, b"[]", GatewayUnavailable),
    "nothing": (200, b"", GatewayUnavailable),
    "half an object": (200, b'{"access_token": "', GatewayUnavailable),
    "depth": (200, b"[" * 100_000, GatewayUnavailable),
    "redirect": (302, b"{}", GatewayUnavailable),
    "another encoding": (200, b"\xff\xfe{}", GatewayUnavailable),
    "no state": (200, b'{"access_token": "x"}', GosuslugiUntrusted),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_every_answer_has_its_meaning(case: str) -> None:
    status, body, meaning = ANSWERS[case]

    async def ask() -> None:
        transport = httpx.MockTransport(lambda request: httpx.Response(status, stream=httpx.ByteStream(body)))
        async with httpx.AsyncClient(transport=transport) as http:
            system, secrets = EsiaSystem("https://esia.example", "NMO", "00" * 32), SystemSecrets(CLOCK)
            await EsiaGosuslugi(system, Silent(), CHECK, http, CLOCK, secrets).renew("token")

    with pytest.raises(meaning):
        asyncio.run(ask())


def test_names_hold_nothing_that_a_database_would_refuse() -> None:
    record = {"lastName": " Ива\x00нова\ud800 ", "firstName": "Анна\tМария"}
    person = to_person("1", record, {"contacts": [], "documents": [], "addresses": []})
    assert (person.last_name, person.first_name) == ("Ива нова", "Анна Мария")


@pytest.mark.parametrize("number", [True, 1.5, "", "x", "١٢", 10**21, -1])
def test_numbers_of_persons_are_numbers(number: Any) -> None:
    token = sealed({"alg": "RS256"}, GOOD | {"urn:esia:sbj_id": number})
    with pytest.raises(GosuslugiUntrusted, match="subject"):
        CHECK.access_token(token, NOW)


def person_at(**address: str) -> GosuslugiPerson:
    parts: dict[str, list[Any]] = {"contacts": [], "documents": [], "addresses": [address]}
    return to_person("1", {"lastName": "Иванова", "firstName": "Мария"}, parts)


def test_short_forms_of_an_address_are_written_out_where_they_can_mean_one_thing() -> None:
    """The rest is left as it is, for the person to mend."""
    home = {"region": "Тульская обл.", "city": "г. Тула", "street": "пр. Ленина", "house": "д. 5"}
    person = person_at(type="PRG", **home, frame="2", flat="кв. 12")
    assert person.registration_address == AddressFields(
        region="Тульская область", city="город Тула", street="пр. Ленина", house="5", building="2", flat="12"
    )
    assert person.residence_address is None


def test_a_city_that_is_a_region_is_the_city() -> None:
    person = person_at(type="PLV", region="г. Москва", street="улица Тверская", house="7")
    assert person.residence_address == AddressFields(
        region="город Москва", city="город Москва", street="улица Тверская", house="7"
    )


def test_what_stands_twice_in_a_name_is_not_kept() -> None:
    person = person_at(type="PLV", region="ХМАО — Югра", city="г. Сургут", street="ул. МЖК")
    assert person.residence_address == AddressFields(
        region="Ханты-Мансийский автономный округ — Югра", city="город Сургут", street="улица МЖК"
    )


@pytest.mark.parametrize(
    ("given", "building"),
    [
        ({"frame": "2", "building": "1"}, "2, строение 1"),
        ({"building": "литера А"}, "литера А"),
        ({"frame": "А", "building": "лит. Б"}, "корпус А, литера Б"),
        ({"frame": "корпус 2", "building": "стр. 1"}, "корпус 2, строение 1"),
        ({"building": "с1"}, "строение 1"),
        ({"house": "", "frame": "1205"}, "корпус 1205"),
        ({}, ""),
    ],
)
def test_every_part_of_a_house_is_kept(given: dict[str, str], building: str) -> None:
    address = person_at(**{"type": "PLV", "region": "г. Москва", "house": "5", **given}).residence_address
    assert address is not None
    assert address.building == building
    assert not building or Building.parse(building) == building


@pytest.mark.parametrize("house", ["5/7к2", "5к2", "5кв12", "5 корпус 2"])
def test_a_house_is_not_made_another_one(house: str) -> None:
    address = person_at(type="PLV", region="г. Москва", house=house).residence_address
    assert address is not None
    assert address.house == house


HOME = {"type": "PLV", "region": "Тульская область", "city": "город Тула", "street": "улица Ленина"}
WHOLE = {**HOME, "house": "5", "flat": "12"}


@pytest.mark.parametrize("absent", ["flat", "street", "house"])
def test_a_part_of_an_address_is_left_to_the_person(absent: str) -> None:
    """Only the person knows that there is no flat and no street, and a confirmed address cannot be changed."""
    assert "residence_address" in facts_of(person_at(**WHOLE), NOW.date())
    partial = {name: value for name, value in WHOLE.items() if name != absent}
    assert "residence_address" not in facts_of(person_at(**partial), NOW.date())


def test_1_1_1_23_a_house_that_is_a_building_is_a_whole_address() -> None:
    there = {**WHOLE, "region": "г. Москва", "city": "г. Зеленоград", "house": "", "frame": "1205"}
    said = facts_of(person_at(**there), NOW.date())["residence_address"]
    assert (said.house, said.building, said.flat) == ("", "корпус 1205", "12")
