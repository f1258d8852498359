"""Addresses: full words, numbers alone, a flat or none."""

import pytest

from models.errors import ErrorCode, UserError
from models.values.address import Address, AddressFields, HouseNumber
from tests.mistakes import codes


def test_1_1_1_22_and_1_1_1_23_address_is_one_line_of_full_words() -> None:
    address = Address.parse(
        AddressFields(city="город Тула", street="улица Ленина", house="5А", building="2", flat="12")
    )
    assert address.full == "город Тула, улица Ленина, дом 5А, корпус 2, квартира 12"
    assert "Ленина" not in repr(address)


def test_1_1_1_24_flat_is_required_unless_there_is_none() -> None:
    house = AddressFields(city="село Красное", street="улица Полевая", house="7")
    with pytest.raises(UserError) as caught:
        Address.parse(house, "registrationAddress")
    assert codes(caught) == [(ErrorCode.REQUIRED, ("registrationAddress", "flat"))]
    private = AddressFields(city="село Красное", street="улица Полевая", house="7", no_flat=True)
    assert Address.parse(private).full == "село Красное, улица Полевая, дом 7"


def test_a28_no_flat_and_a_flat_contradict() -> None:
    with pytest.raises(UserError) as caught:
        Address.parse(AddressFields(city="Тула", street="Мира", house="7", flat="1", no_flat=True))
    assert codes(caught) == [(ErrorCode.INVALID_FORMAT, ("flat",))]


def test_1_1_1_11_all_mistakes_of_an_address_come_at_once() -> None:
    with pytest.raises(UserError) as caught:
        Address.parse(AddressFields(city="г. Тула", street="", house="пять"), "a")
    assert codes(caught) == [
        (ErrorCode.ABBREVIATION, ("a", "city")),
        (ErrorCode.REQUIRED, ("a", "street")),
        (ErrorCode.INVALID_FORMAT, ("a", "house")),
        (ErrorCode.REQUIRED, ("a", "flat")),
    ]


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("д. 5", ErrorCode.INVALID_FORMAT, "5"),
        ("дом 5", ErrorCode.INVALID_FORMAT, "5"),
        ("кв.12", ErrorCode.INVALID_FORMAT, "12"),
        ("5к2", ErrorCode.ABBREVIATION, "5"),
        ("5 стр. 2", ErrorCode.ABBREVIATION, "5"),
        ("нет", ErrorCode.INVALID_FORMAT, None),
    ],
)
def test_1_1_1_23_house_is_a_number_alone(text: str, code: ErrorCode, hint: str | None) -> None:
    with pytest.raises(UserError) as caught:
        HouseNumber.parse(text, "house")
    (problem,) = caught.value.problems
    assert (problem.code, problem.hint) == (code, hint)
