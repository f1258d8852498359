"""Attacks on the values of a form: passwords, numbers, phones, data once verified (security.md A05-A07, A51)."""

from datetime import timedelta

import pytest

from models.clock import SettableClock
from tests.api import Api, Json
from tests.forms import SUBMIT, form, mistakes, send
from tests.registering import FORM, Newcomer, codes
from tests.test_register_check import newest, settled
from web.app import Site

pytestmark = pytest.mark.anyio
SNILS = "{ viewer { profile { snils } } }"


IDENTIFY = (
    "mutation ($inn: String, $snils: String) { identify(inn: $inn, snils: $snils) { errors { code } } }"
)
NUMBERS = "{ viewer { profile { inn snils } } }"


@pytest.fixture
def person(api: Api) -> Newcomer:
    return Newcomer(api)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Abcde1!", "PASSWORD_TOO_SHORT"),
        ("Abcdefgh!", "PASSWORD_NO_DIGIT"),
        ("P@ssw0rd", "PASSWORD_COMMON"),
        ("Petrova@nmo.example1", "PASSWORD_PERSONAL"),
        ("Петрова-2026", "PASSWORD_PERSONAL"),
        ("Tel-79031112233", "PASSWORD_PERSONAL"),
        (f"Aa1!{'я' * 125}", "PASSWORD_TOO_LONG"),
    ],
)
async def test_a05_a_weak_password_is_refused_with_its_rule(
    person: Newcomer, password: str, code: str
) -> None:
    assert codes(await person.register(password=password)) == [(code, ["password"])]
    assert person.api.outbox().messages() == []


@pytest.mark.parametrize("password", ["Kedr-7" + "x" * 58, "Kedr-7" + "x" * 122, "Пароль-для-кедра-7"])
async def test_a05_long_and_cyrillic_passwords_open_the_account(person: Newcomer, password: str) -> None:
    assert len(password) in {64, 128, 18}
    await person.registered(password=password)
    assert (await person.login(f"+{FORM['phone']}", password))["challenge"]


async def test_a05_an_endless_password_is_refused_before_it_is_hashed(
    person: Newcomer, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[int] = []
    whole = type(site.ports.passwords).hash

    async def counted(passwords: object, password: str) -> str:
        hashed.append(len(password))
        return await whole(site.ports.passwords, password)

    monkeypatch.setattr(type(site.ports.passwords), "hash", counted)
    assert codes(await person.register(password="Aa1!" * 15_000)) == [("PASSWORD_TOO_LONG", ["password"])]
    megabyte = await person.api.http.post("/graphql", json={"query": "Aa1!" * 250_000})
    assert megabyte.status_code == 413
    assert hashed == []
    await person.begin()
    assert hashed == [len(FORM["password"])]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("inn", "500100732258", "CHECKSUM"),
        ("inn", "000000000000", "INVALID_FORMAT"),
        ("inn", "5001 0073 2259", "INVALID_FORMAT"),
        ("inn", "7707083893", "INVALID_FORMAT"),
        ("snils", "112-233-445 96", "CHECKSUM"),
        ("snils", "00000000000", "INVALID_FORMAT"),
        ("snils", "112 233 445 9", "INVALID_FORMAT"),
    ],
)
async def test_a06_a_number_with_a_wrong_sum_or_shape_is_refused(
    api: Api, field: str, value: str, code: str
) -> None:
    assert mistakes(await send(await api.as_demo("demo-4"), **{field: value})) == [(field, code)]


async def test_a06_one_snils_is_one_number_however_it_is_written(api: Api) -> None:
    doctor = await api.as_demo("demo-4")
    for written in ("212-213-638 00", "21221363800"):
        assert mistakes(await send(doctor, snils=written)) == []
        shown: Json = (await doctor.data(SNILS))["viewer"]["profile"]
        assert shown["snils"] == "21221363800"


@pytest.mark.parametrize("phone", ["9031112233", "8 903 111-22-33", "7903ABC2233", "7" * 30, "+"])
async def test_a07_a_phone_without_its_country_or_with_letters_is_refused(
    person: Newcomer, phone: str
) -> None:
    assert codes(await person.register(phone=phone)) == [("INVALID_FORMAT", ["phone"])]


async def test_a51_who_has_not_named_the_number_of_the_account_reads_none_and_sets_none(
    person: Newcomer,
) -> None:
    """Whoever found the phone would else be identified by a number of their own (2.2-5)."""
    await person.registered()
    await person.by_token(await person.token())
    intruder = await person.signed_in(FORM["email"])
    own = {name: FORM[name] for name in ("lastName", "firstName", "middleName", "phone", "email")}
    for name, number in (("inn", "770708389324"), ("snils", "190-311-122 16")):
        strange = form(4, **own, **{name: number})
        refused = (await intruder.data(SUBMIT, input=strange))["submitPersonalData"]
        assert mistakes(refused) == [(name, "STEP_REQUIRED")]
        told = (await intruder.data(IDENTIFY, **{name: number}))["identify"]
        assert told["errors"] == [{"code": "PROFILE_MISMATCH"}]
    assert (await intruder.data(NUMBERS))["viewer"]["profile"] == {"inn": None, "snils": None}
    same = (await intruder.data(SUBMIT, input=form(4, **own, inn=FORM["inn"])))["submitPersonalData"]
    assert same["errors"] == []
    assert (await intruder.data(IDENTIFY, inn=FORM["inn"]))["identify"]["errors"] == []
    assert (await intruder.data(NUMBERS))["viewer"]["profile"] == {"inn": FORM["inn"], "snils": None}
    snils = (await intruder.data(SUBMIT, input=form(4, **own, snils="190-311-122 16")))["submitPersonalData"]
    assert snils["errors"] == []


async def test_1_1_1_28_and_a51_a_change_of_verified_data_is_an_application_of_its_own(
    api: Api, clock: SettableClock
) -> None:
    doctor = await api.as_demo("demo-1")
    own = form(1, lastName="Иванова", firstName="Мария", middleName="Сергеевна")
    payload = (await doctor.data(SUBMIT, input=own))["submitPersonalData"]
    assert payload["errors"] == []
    await settled(doctor, "VERIFIED")
    application = await newest(doctor)
    assert (application["kind"], application["status"]) == ("DATA_CHANGE", "APPROVED")
    assert [line["status"] for line in application["history"]] == ["IN_PROGRESS", "APPROVED"]
    clock.advance(timedelta(minutes=1))
    await doctor.data(SUBMIT, input={**own, "passportNumber": "123431"})
    await settled(doctor, "DATA_REJECTED")
    refused = await newest(doctor)
    assert (refused["kind"], refused["status"]) == ("DATA_CHANGE", "REJECTED")
    assert refused["number"] != application["number"]
