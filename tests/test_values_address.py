"""Addresses: full words, numbers alone, a flat or none."""

from dataclasses import replace

import pytest

from models.errors import ErrorCode, UserError
from models.values.address import Address, AddressFields
from models.values.house import Building, HouseNumber
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


def test_1_1_1_22_without_streets_the_address_goes_on_with_the_house() -> None:
    village = AddressFields(city="деревня Ивановка", house="7", no_flat=True, no_street=True)
    address = Address.parse(village)
    assert address.full == "деревня Ивановка, дом 7"


def test_1_1_1_23_a_building_with_its_word_is_all_the_number_a_house_may_have() -> None:
    """As in Zelenograd; what may belong to a forgotten house does not do."""
    there = AddressFields(city="город Зеленоград", no_street=True, flat="7")
    assert Address.parse(replace(there, building="корпус 1205")).full == (
        "город Зеленоград, корпус 1205, квартира 7"
    )
    for building in ("", "1205", "литера А", "корпус А", "во дворе"):
        with pytest.raises(UserError) as caught:
            Address.parse(replace(there, building=building))
        assert (ErrorCode.REQUIRED, ("house",)) in codes(caught)
    with pytest.raises(UserError) as caught:
        Address.parse(replace(there, building="корп. 1205"))
    assert codes(caught) == [(ErrorCode.ABBREVIATION, ("building",))]


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
        ("5 корпус 2", ErrorCode.INVALID_FORMAT, "5"),
        ("12A", ErrorCode.NOT_CYRILLIC, "12А"),
        ("5 А", ErrorCode.INVALID_FORMAT, "5А"),
        ("12 / 2", ErrorCode.INVALID_FORMAT, "12/2"),
        ("5 7", ErrorCode.INVALID_FORMAT, None),
        ("5/7 к. 2", ErrorCode.ABBREVIATION, "5/7"),
        ("5/7к2", ErrorCode.ABBREVIATION, "5/7"),
        *(
            (text, ErrorCode.INVALID_FORMAT, None)
            for text in ("5кв12", "12кв3", "10вл2", "5д2", "5№2", "10-к2")
        ),
        *((text, ErrorCode.INVALID_FORMAT, None) for text in ("корпус 1205", "корп. 1205", "стр. 5", "к5")),
        ("0", ErrorCode.INVALID_FORMAT, None),
        ("нет", ErrorCode.INVALID_FORMAT, None),
    ],
)
def test_1_1_1_23_house_is_a_number_alone(text: str, code: ErrorCode, hint: str | None) -> None:
    with pytest.raises(UserError) as caught:
        HouseNumber.parse(text, "house")
    (problem,) = caught.value.problems
    assert (problem.code, problem.hint) == (code, hint)


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("2", "корпус 2"),
        ("2А", "корпус 2А"),
        ("корпус А", "корпус А"),
        ("строение 1", "строение 1"),
        ("Строение 1", "строение 1"),
        ("литера А", "литера А"),
        *((text, text) for text in ("литера А1", "литера АБ", "литера Ж-1", "корпус Б1", "литер А")),
        ("литера А1, строение 2", "литера А1, строение 2"),
        ("корпус 2, строение 1", "корпус 2, строение 1"),
        ("2, строение 1", "корпус 2, строение 1"),
    ],
)
def test_1_1_1_17_a_building_keeps_its_word(text: str, full: str) -> None:
    assert Building.parse(text).full == full


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("стр. 1", ErrorCode.ABBREVIATION, "строение 1"),
        ("к2", ErrorCode.ABBREVIATION, "корпус 2"),
        ("2с1", ErrorCode.ABBREVIATION, "2, строение 1"),
        ("корп. 2 стр. 1", ErrorCode.ABBREVIATION, "корпус 2, строение 1"),
        ("лит. А", ErrorCode.ABBREVIATION, "литера А"),
        ("корпус 2 строение 1", ErrorCode.INVALID_FORMAT, "корпус 2, строение 1"),
        ("строение A", ErrorCode.NOT_CYRILLIC, "строение А"),
        ("А", ErrorCode.INVALID_FORMAT, None),
        ("2 1", ErrorCode.INVALID_FORMAT, None),
        *((text, ErrorCode.INVALID_FORMAT, None) for text in ("3к", "2с", "корпус к2", "корпус 2к", "А1")),
        ("во дворе", ErrorCode.INVALID_FORMAT, None),
        ("строение", ErrorCode.INVALID_FORMAT, None),
    ],
)
def test_1_1_1_25_a_building_in_other_spellings(text: str, code: ErrorCode, hint: str | None) -> None:
    with pytest.raises(UserError) as caught:
        Building.parse(text, "building")
    (problem,) = caught.value.problems
    assert (problem.code, problem.hint) == (code, hint)
