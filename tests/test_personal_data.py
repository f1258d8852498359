"""The personal data form as a whole: all mistakes at once, nothing lost between form, vault and register."""

import json
import re
from dataclasses import replace

import pytest

from models.errors import ErrorCode, UserError
from models.personal_data import PersonalFields, parse_personal_data
from models.personal_form import PERSONAL_DATA_FORM, REGISTRATION_FORM, FieldRule
from models.personal_record import from_text, to_text
from models.values.address import AddressFields
from tests.mistakes import codes
from tests.people import RIGHT, TODAY, but

MANDATORY = {
    "last_name": "lastName",
    "first_name": "firstName",
    "middle_name": "middleName",
    "birth_date": "birthDate",
    "birth_place": "birthPlace",
    "passport_series": "passportSeries",
    "passport_number": "passportNumber",
    "passport_issue_date": "passportIssueDate",
    "passport_issued_by": "passportIssuedBy",
    "passport_department_code": "passportDepartmentCode",
    "phone": "phone",
    "email": "email",
}


PARTS = ("city", "street", "house", "flat")


@pytest.mark.parametrize(("name", "path"), MANDATORY.items())
def test_1_1_1_16_and_1_1_1_29_any_one_empty_field_is_named(name: str, path: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_personal_data(but(**{name: " "}), TODAY, "input")
    assert codes(caught) == [(ErrorCode.REQUIRED, ("input", path))]


def test_1_1_1_29_empty_form_names_every_mandatory_field_once() -> None:
    with pytest.raises(UserError) as caught:
        parse_personal_data(PersonalFields(), TODAY)
    named = [".".join(path) for _, path in codes(caught)]
    assert {code for code, _ in codes(caught)} == {ErrorCode.REQUIRED}
    assert named == [rule.field for rule in PERSONAL_DATA_FORM if rule.required]


def test_1_1_1_15_every_field_of_the_form_has_a_right_example() -> None:
    examples = {rule.field: rule.example for rule in PERSONAL_DATA_FORM}
    city, street, house, flat = (examples[f"registrationAddress.{part}"] for part in PARTS)
    address = AddressFields(city=city, street=street, house=house, flat=flat)
    form = but(registration_address=address, **{name: examples[path] for name, path in MANDATORY.items()})
    assert parse_personal_data(form, TODAY).registration_address.full


@pytest.mark.parametrize("rule", [*PERSONAL_DATA_FORM, *REGISTRATION_FORM])
def test_1_1_4_pattern_of_a_field_accepts_its_example(rule: FieldRule) -> None:
    assert rule.pattern is None or re.search(rule.pattern, rule.example)


def test_1_1_1_12_residence_is_asked_unless_it_is_the_same() -> None:
    assert (
        parse_personal_data(RIGHT, TODAY).residence_address.full
        == "город Тула, улица Ленина, дом 5А, квартира 12"
    )
    with pytest.raises(UserError) as caught:
        parse_personal_data(but(residence_same_as_registration=False), TODAY)
    assert [path for _, path in codes(caught)] == [("residenceAddress", part) for part in PARTS]


def test_1_1_1_4_patronymic_is_required_unless_declared_absent() -> None:
    alone = but(middle_name="", no_patronymic=True)
    assert parse_personal_data(alone, TODAY).middle_name is None
    with pytest.raises(UserError) as caught:
        parse_personal_data(but(no_patronymic=True), TODAY)
    assert codes(caught) == [(ErrorCode.INVALID_FORMAT, ("middleName",))]


def test_1_1_1_9_expired_passport_is_named_at_its_issue_date() -> None:
    with pytest.raises(UserError) as caught:
        parse_personal_data(but(passport_issue_date="01.06.2004"), TODAY, "input")
    assert codes(caught) == [(ErrorCode.PASSPORT_EXPIRED, ("input", "passportIssueDate"))]


def test_1_1_1_30_every_mistake_of_the_form_comes_at_once() -> None:
    wrong = replace(
        RIGHT, last_name="Иванoва", phone="89161234567", birth_place="г. Тула", birth_date="1985-05-10"
    )
    with pytest.raises(UserError) as caught:
        parse_personal_data(wrong, TODAY)
    assert [(code, path[0]) for code, path in codes(caught)] == [
        (ErrorCode.NOT_CYRILLIC, "lastName"),
        (ErrorCode.INVALID_FORMAT, "birthDate"),
        (ErrorCode.ABBREVIATION, "birthPlace"),
        (ErrorCode.INVALID_FORMAT, "phone"),
    ]
    hints = [problem.hint for problem in caught.value.problems]
    assert hints == ["Иванова", "10.05.1985", "город Тула", "79161234567"]


def test_1_1_1_30_what_is_sealed_comes_back_whole() -> None:
    data = parse_personal_data(RIGHT, TODAY)
    assert from_text(to_text(data)) == data
    spare = replace(data, middle_name=None, inn=None, snils=None)
    assert from_text(to_text(spare)) == spare
    assert json.loads(to_text(data))["passport"]["issue_date"] == "2005-06-01"


def test_personal_data_never_prints_itself() -> None:
    data = parse_personal_data(RIGHT, TODAY)
    for printed in (repr(RIGHT), repr(data), repr(data.passport), f"{data!s}"):
        assert not [word for word in ("Иванова", "123456", "Ленина", "1985") if word in printed]
