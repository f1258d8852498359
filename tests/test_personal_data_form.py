"""The form of personal data through the public API: every field, every mistake, all at once (1.1.1)."""

import re
from itertools import product
from typing import Any

import pytest

from tests.api import Api
from tests.forms import HOME, SUBMIT, form, mistakes, send

pytestmark = pytest.mark.anyio

MANDATORY = [name for name in form() if name not in {"registrationAddress", "residenceSameAsRegistration"}]
WRONG = [
    ("phone", "89161234504", "INVALID_FORMAT", "79161234504"),
    ("phone", "+7 916 123-45-04", "INVALID_FORMAT", "79161234504"),
    ("birthDate", "1985-05-10", "INVALID_FORMAT", "10.05.1985"),
    ("birthDate", "31.02.1985", "INVALID_FORMAT", None),
    ("passportIssueDate", "2005-06-01", "INVALID_FORMAT", "01.06.2005"),
    ("passportSeries", "70 10", "INVALID_FORMAT", "7010"),
    ("passportNumber", "№123456", "INVALID_FORMAT", "123456"),
    ("firstName", "Пё\u200bтр", "INVALID_FORMAT", "Пётр"),
    ("birthPlace", "1", "INVALID_FORMAT", None),
    ("passportNumber", "12345", "INVALID_FORMAT", None),
    ("passportDepartmentCode", "710001", "INVALID_FORMAT", "710-001"),
    ("birthPlace", "г. Тула", "ABBREVIATION", "город Тула"),
    ("birthPlace", "Казахская ССР", "ABBREVIATION", "Казахская Советская Социалистическая Республика"),
    ("passportIssuedBy", "отд. полиции города Тулы", "ABBREVIATION", None),
    ("lastName", "Ёлкин-Petrov", "NOT_CYRILLIC", None),
    ("inn", "500100732258", "CHECKSUM", None),
    ("snils", "11223344594", "CHECKSUM", None),
]
ABBREVIATED = [
    ("street", "ул. Ленина", "улица Ленина"),
    ("street", "улица Д. Бедного", None),
    ("street", "улица Ленина, дом 5", "улица Ленина"),
    ("flat", "0", None),
    ("city", "г. Тула", "город Тула"),
    ("building", "стр. 1", "строение 1"),
    ("house", "12A", "12А"),
]
OPTIONAL = {
    "noPatronymic",
    "region",
    "noStreet",
    "building",
    "noFlat",
    "residenceSameAsRegistration",
    "inn",
    "snils",
}
RULES = "{ viewer { profile { fieldRules { field required label pattern example kind } } } }"


@pytest.fixture
async def doctor(api: Api) -> Api:
    """Rejected by the register: has to fill in the form again."""
    return await api.as_demo("demo-4")


async def test_1_1_1_2_and_1_1_1_3_and_1_1_1_5_and_1_1_1_6_and_1_1_1_7_and_1_1_1_8_and_1_1_1_13_and_1_1_1_14_required(
    doctor: Api,
) -> None:
    for field, empty in product(MANDATORY, ["", "  ", None]):
        payload = await send(doctor, **{field: empty})
        assert mistakes(payload) == [(field, "REQUIRED")]
        assert payload["account"] is None


async def test_1_1_1_11_and_1_1_1_22_and_1_1_1_23_and_1_1_1_24_every_part_of_an_address_is_asked(
    doctor: Api,
) -> None:
    for part in HOME:
        payload = await send(doctor, registrationAddress={**HOME, part: ""})
        assert mistakes(payload) == [(f"registrationAddress.{part}", "REQUIRED")]
    house = {**HOME, "flat": "", "noFlat": True}
    assert mistakes(await send(doctor, registrationAddress=house)) == []


async def test_1_1_1_22_a_village_without_streets_says_so(doctor: Api) -> None:
    village = {**HOME, "city": "деревня Ивановка", "street": "", "noStreet": True}
    both = await send(doctor, registrationAddress={**village, "street": "улица Ленина"})
    assert mistakes(both) == [("registrationAddress.street", "INVALID_FORMAT")]
    assert mistakes(await send(doctor, registrationAddress=village)) == []
    ask = "{ viewer { profile { registrationAddress { street full } } } }"
    address = (await doctor.data(ask))["viewer"]["profile"]["registrationAddress"]
    assert address == {"street": "", "full": "деревня Ивановка, дом 5А, квартира 12"}
    again = await send(doctor, registrationAddress=village)
    assert (mistakes(again), again["changedFields"]) == ([], [])


async def test_1_1_1_12_the_place_of_living_is_asked_or_is_the_same(doctor: Api) -> None:
    missing = mistakes(await send(doctor, residenceSameAsRegistration=False))
    assert missing == [(f"residenceAddress.{part}", "REQUIRED") for part in HOME]
    other = {**HOME, "street": "улица Мира"}
    payload = await send(doctor, residenceSameAsRegistration=False, residenceAddress=other)
    assert mistakes(payload) == []
    profile = (await doctor.data("{ viewer { profile { residenceAddress { full } } } }"))["viewer"]["profile"]
    assert profile["residenceAddress"]["full"] == "город Тула, улица Мира, дом 5А, квартира 12"


async def test_1_1_1_17_a_building_keeps_the_word_of_the_document(doctor: Api) -> None:
    payload = await send(doctor, registrationAddress={**HOME, "building": "строение 1"})
    assert mistakes(payload) == []
    ask = "{ viewer { profile { registrationAddress { building full } } } }"
    address = (await doctor.data(ask))["viewer"]["profile"]["registrationAddress"]
    full = "город Тула, улица Ленина, дом 5А, строение 1, квартира 12"
    assert address == {"building": "строение 1", "full": full}


async def test_1_1_1_4_the_patronymic_is_there_or_declared_absent(doctor: Api) -> None:
    assert mistakes(await send(doctor, middleName="")) == [("middleName", "REQUIRED")]
    assert mistakes(await send(doctor, noPatronymic=True)) == [("middleName", "INVALID_FORMAT")]
    assert mistakes(await send(doctor, middleName="", noPatronymic=True)) == []


async def test_1_1_1_29_an_empty_form_names_every_mandatory_field(doctor: Api) -> None:
    payload = (await doctor.data(SUBMIT, input={}))["submitPersonalData"]
    rules = (await doctor.data(RULES))["viewer"]["profile"]["fieldRules"]
    assert mistakes(payload) == [(rule["field"], "REQUIRED") for rule in rules if rule["required"]]


async def test_1_1_1_15_the_form_description_has_every_input(doctor: Api) -> None:
    ask = "query ($name: String!) { __type(name: $name) { inputFields { name } } }"
    rules = (await doctor.data(RULES))["viewer"]["profile"]["fieldRules"]
    for part, name in (("", "PersonalDataInput"), ("registrationAddress.", "AddressInput")):
        inputs = {each["name"] for each in (await doctor.data(ask, name=name))["__type"]["inputFields"]}
        described = {rule["field"].removeprefix(part) for rule in rules if rule["field"].startswith(part)}
        assert {field.split(".")[0] for field in described} == inputs


async def test_1_1_4_and_1_1_1_15_the_kind_of_a_field_is_that_of_its_input(doctor: Api) -> None:
    ask = "query ($name: String!) { __type(name: $name) { inputFields { name type { name ofType { name } } } } }"
    personal = (await doctor.data(RULES))["viewer"]["profile"]["fieldRules"]
    registration = (await doctor.data("{ registrationForm { field kind } }"))["registrationForm"]
    kinds = {"Boolean": "MARK", "RuDate": "DATE"}
    for part, name, rules in (
        ("", "RegisterInput", registration),
        ("", "PersonalDataInput", personal),
        ("registrationAddress.", "AddressInput", personal),
        ("residenceAddress.", "AddressInput", personal),
    ):
        inputs = (await doctor.data(ask, name=name))["__type"]["inputFields"]
        types = {
            part + each["name"]: each["type"]["name"] or each["type"]["ofType"]["name"] for each in inputs
        }
        said = {rule["field"]: rule["kind"] for rule in rules if rule["field"] in types}
        assert said == {
            field: "PASSWORD" if field == "password" else kinds.get(types[field], "TEXT") for field in said
        }
        assert said


async def test_1_1_1_15_the_form_description_marks_every_field_mandatory(doctor: Api) -> None:
    rules = (await doctor.data(RULES))["viewer"]["profile"]["fieldRules"]
    assert all(rule["label"] for rule in rules)
    assert {rule["field"].split(".")[-1] for rule in rules if not rule["required"]} == OPTIONAL
    assert [
        rule for rule in rules if rule["pattern"] and not re.search(rule["pattern"], rule["example"])
    ] == []


async def test_1_1_1_18_and_1_1_1_19_and_1_1_1_20_and_1_1_1_21_and_1_1_1_10_and_1_1_1_31_what_is_wrong_is_explained(
    doctor: Api,
) -> None:
    for field, value, code, hint in WRONG:
        payload = await send(doctor, **{field: value})
        assert mistakes(payload) == [(field, code)]
        (error,) = payload["errors"]
        assert error["__typename"] == "FieldError"
        assert error["expected"]
        assert hint is None or error["hint"] == hint


async def test_1_1_1_2_an_apostrophe_of_any_kind_is_no_foreign_letter(doctor: Api) -> None:
    for name in ("О'Коннор", "О’Коннор", "О\u02bcКоннор"):
        assert mistakes(await send(doctor, lastName=name)) == []


async def test_1_1_1_25_an_abbreviation_is_refused_with_the_full_word(doctor: Api) -> None:
    for part, value, hint in ABBREVIATED:
        payload = await send(doctor, registrationAddress={**HOME, part: value})
        (error,) = payload["errors"]
        assert error["path"] == ["registrationAddress", part]
        assert error["hint"] == hint


async def test_1_1_1_16_what_is_expected_speaks_of_the_field_itself(doctor: Api) -> None:
    place = {**HOME, "region": "обл.", "city": "", "street": ""}
    payload = await send(doctor, birthPlace="", passportIssuedBy="", registrationAddress=place)
    expected = {error["path"][-1]: error["expected"] for error in payload["errors"]}
    for rule in (await doctor.data(RULES))["viewer"]["profile"]["fieldRules"]:
        name = rule["field"].split(".")[-1]
        assert name not in expected or f"«{rule['example']}»" in expected[name]
    assert expected["region"] == "слова целиком: «Тульская область»"


async def test_1_1_1_16_mistakes_of_fields_and_of_contacts_come_together(doctor: Api) -> None:
    wrong: dict[str, Any] = {"firstName": "", "phone": "79161234501", "email": "other@nmo.example"}
    assert mistakes(await send(doctor, **wrong)) == [
        ("firstName", "REQUIRED"),
        ("phone", "CONTACT_UNKNOWN"),
        ("email", "CONTACT_UNKNOWN"),
    ]


async def test_1_1_1_17_a_number_of_another_person_is_refused(doctor: Api) -> None:
    for field, value in (("snils", "112-233-445 95"), ("inn", "500100732259")):
        payload = await send(doctor, **{field: value})
        assert mistakes(payload) == [(field, "CONFLICT")]
    state = (await doctor.data("{ viewer { account { state } profile { birthDate } } }"))["viewer"]
    assert state == {"account": {"state": "DATA_REJECTED"}, "profile": {"birthDate": "1985-05-14"}}


async def test_1_1_1_1_nobody_else_may_send_the_form(api: Api) -> None:
    provider = await api.as_demo("provider-1")
    for caller in (api, provider):
        assert (await caller.ask(SUBMIT, input=form())).code == "UNAUTHENTICATED"


async def test_1_1_1_16_submissions_have_a_limit(doctor: Api) -> None:
    for _ in range(10):
        assert mistakes(await send(doctor)) == []
    assert mistakes(await send(doctor)) == [("", "RATE_LIMITED")]
