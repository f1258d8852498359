"""The numbered examples of the rules, each with the verdict that documents or a count by hand give."""

from collections.abc import Callable
from datetime import date

import pytest

from models.errors import ErrorCode, UserError
from models.values.email import Email
from models.values.full_words import FullWords
from models.values.inn import Inn
from models.values.passport import passport_term
from models.values.password import Password
from models.values.person_name import PersonName
from models.values.phone import Phone
from models.values.ru_date import RuDate
from models.values.snils import Snils

TODAY = date(2026, 11, 23)
FORMAT, CHECKSUM, SHORT = ErrorCode.INVALID_FORMAT, ErrorCode.CHECKSUM, ErrorCode.ABBREVIATION


def verdict(parse: Callable[..., object], text: str) -> ErrorCode | None:
    """The only broken rule, or nothing."""
    try:
        parse(text, "field")
    except UserError as error:
        (problem,) = error.problems
        assert problem.path == ("field",)
        assert problem.message
        assert problem.expected
        return problem.code
    return None


@pytest.mark.parametrize(
    ("number", "text", "code"),
    [
        (1, "500100732259", None),
        (2, "526317984689", None),
        (3, "123456789047", None),
        (4, "500100732258", CHECKSUM),
        (5, "381100345001", CHECKSUM),
        (6, "7707083893", FORMAT),
        (7, "000000000000", FORMAT),
        (8, "50010073225", FORMAT),
        (9, "50010073225О", FORMAT),
    ],
)
def test_1_1_7_inn(number: int, text: str, code: ErrorCode | None) -> None:
    assert verdict(Inn.parse, text) == code


@pytest.mark.parametrize(
    ("number", "text", "code"),
    [
        (10, "112-233-445 95", None),
        (11, "11223344595", None),
        (12, "087-654-303 00", None),
        (13, "253-101-140 00", None),
        (14, "212-213-638 00", None),
        (15, "392-526-800 00", None),
        (16, "795-386-898 00", None),
        (17, "001-001-999 65", None),
        (18, "001-001-998 00", None),
        (19, "001-001-999 00", CHECKSUM),
        (20, "112-233-445 96", CHECKSUM),
        (21, "000-000-000 00", FORMAT),
        (22, "112 233 445 95", FORMAT),
    ],
)
def test_a1_snils(number: int, text: str, code: ErrorCode | None) -> None:
    assert verdict(Snils.parse, text) == code


@pytest.mark.parametrize(
    ("number", "text", "code"),
    [
        (23, "79161234567", None),
        (24, "+79161234567", None),
        (25, "89161234567", FORMAT),
        (26, "7916ABC4567", FORMAT),
        (27, "7916123456", FORMAT),
        (28, "791612345678", FORMAT),
        (29, "375291234567", None),
        (30, "70001234567", FORMAT),
    ],
)
def test_1_1_8_and_1_1_1_18_and_1_1_1_19_phone(number: int, text: str, code: ErrorCode | None) -> None:
    assert verdict(Phone.parse, text) == code


@pytest.mark.parametrize(
    ("number", "text", "code"),
    [
        (31, "29.02.2024", None),
        (32, "29.02.2023", FORMAT),
        (33, "1.2.1985", FORMAT),
        (34, "1985-12-31", FORMAT),
        (35, "١٢.٠١.٢٠٠٠", FORMAT),
    ],
)
def test_1_1_1_20_and_1_1_1_21_date(number: int, text: str, code: ErrorCode | None) -> None:
    assert verdict(RuDate.parse, text) == code


@pytest.mark.parametrize(
    ("number", "born", "issued", "expected"),
    [
        (36, "10.05.1985", "01.06.2005", "valid"),
        (37, "10.05.1985", "01.06.2004", ErrorCode.PASSPORT_EXPIRED),
        (38, "01.03.1980", "01.01.2010", ErrorCode.PASSPORT_EXPIRED),
        (39, "01.10.1981", "01.01.2010", "valid with a warning"),
        (40, "01.01.2013", "01.11.2026", FORMAT),
        (41, "01.01.1990", "01.01.2027", FORMAT),
        (42, "29.02.2004", "01.03.2024", "valid"),
        (43, "01.01.1960", "01.01.1996", FORMAT),
    ],
)
def test_1_1_1_9_passport_term(number: int, born: str, issued: str, expected: str) -> None:
    days = RuDate.parse(born), RuDate.parse(issued)
    try:
        term = passport_term(*days, TODAY, "passportIssueDate")
    except UserError as error:
        (problem,) = error.problems
        assert (problem.code, problem.path) == (expected, ("passportIssueDate",))
    else:
        assert ("valid with a warning" if term.warning else "valid") == expected


@pytest.mark.parametrize(
    ("number", "text", "code", "hint"),
    [
        (44, "улица Ленина, дом 5, квартира 12", None, None),
        (45, "ул. Ленина, д. 5, кв. 12", SHORT, "улица Ленина, дом 5, квартира 12"),
        (46, "Ленинский пр-т, 5", SHORT, "Ленинский проспект, 5"),
        (47, "улица 8 Марта, дом 3", None, None),
        (48, "площадь Ст. Разина, дом 1", SHORT, None),
    ],
)
def test_1_1_1_25_address_without_abbreviations(
    number: int, text: str, code: ErrorCode | None, hint: str | None
) -> None:
    assert verdict(FullWords.parse, text) == code
    assert hint_of(FullWords.parse, text) == hint


@pytest.mark.parametrize(
    ("number", "text", "code"),
    [
        (49, "Иванoв", ErrorCode.NOT_CYRILLIC),
        (50, "Мамин-Сибиряк", None),
        (51, "Ё", None),
        (51, "Ли", None),
    ],
)
def test_1_1_6_name(number: int, text: str, code: ErrorCode | None) -> None:
    assert verdict(PersonName.parse, text) == code


@pytest.mark.parametrize(
    ("number", "text", "code"),
    [
        (52, "Abcdef1!", None),
        (53, "Abcde1!", ErrorCode.PASSWORD_TOO_SHORT),
        (54, "abcdefg1!", ErrorCode.PASSWORD_NO_UPPER),
        (54, "ABCDEFG1!", ErrorCode.PASSWORD_NO_LOWER),
        (54, "Abcdefgh!", ErrorCode.PASSWORD_NO_DIGIT),
        (54, "Abcdefg1", ErrorCode.PASSWORD_NO_SPECIAL),
    ],
)
def test_1_1_10_and_1_1_11_password(number: int, text: str, code: ErrorCode | None) -> None:
    assert verdict(Password.parse, text) == code


def hint_of(parse: Callable[..., object], text: str) -> str | None:
    try:
        parse(text)
    except UserError as error:
        return error.problems[0].hint
    return None


@pytest.mark.parametrize(
    ("parse", "text", "hint"),
    [
        (Inn.parse, " 500100732259", "500100732259"),
        (Inn.parse, "5OO1OO732259", "500100732259"),
        (Snils.parse, "112 233 445 95", "112-233-445 95"),
        (Snils.parse, "112-233-445-95", "112-233-445 95"),
        (Phone.parse, "89161234567", "79161234567"),
        (Phone.parse, "+7 (916) 123-45-67", "79161234567"),
        (Phone.parse, "9161234567", "79161234567"),
        (RuDate.parse, "1.2.1985", "01.02.1985"),
        (RuDate.parse, "1985-12-31", "31.12.1985"),
        (RuDate.parse, "31/12/1985", "31.12.1985"),
        (RuDate.parse, "29.02.2023", None),
        (PersonName.parse, "Иванoв", "Иванов"),
        (PersonName.parse, "иванов", "Иванов"),
        (PersonName.parse, "Мамин – Сибиряк", "Мамин-Сибиряк"),
        (Email.parse, "ivanov@mail,ru", "ivanov@mail.ru"),
        (Email.parse, "ivan ov@mail.ru", "ivanov@mail.ru"),
        (FullWords.parse, "г. Москва", "город Москва"),
        (FullWords.parse, "Г. МОСКВА, УЛ. ЛЕНИНА", "город МОСКВА, улица ЛЕНИНА"),
        (FullWords.parse, "д. Ивановка, д. 5", "деревня Ивановка, дом 5"),
        (FullWords.parse, "улица Ленинa", "улица Ленина"),
    ],
)
def test_1_1_1_25_where_the_right_value_can_be_known_it_is_offered(
    parse: Callable[..., object], text: str, hint: str
) -> None:
    assert hint_of(parse, text) == hint


def test_a5_number_of_vietnam_is_taken_only_with_its_plus() -> None:
    assert Phone.parse("+84951234567") == "+84951234567"
    assert verdict(Phone.parse, "84951234567") == FORMAT
