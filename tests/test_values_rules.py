"""Rules of the values that the numbered examples do not reach."""

from datetime import date
from functools import partial

import pytest

from models.errors import ErrorCode, UserError
from models.values.address import Address, AddressFields, HouseNumber
from models.values.email import Email
from models.values.form import Form
from models.values.full_words import FullWords, IssuingBody
from models.values.inn import Inn
from models.values.passport import DepartmentCode, PassportNumber, PassportSeries, passport_term
from models.values.password import POLICY, Password
from models.values.person_name import PersonName
from models.values.phone import Phone
from models.values.ru_date import RuDate, birth_date
from models.values.snils import Snils

TODAY = date(2026, 11, 23)


def codes(error: pytest.ExceptionInfo[UserError]) -> list[tuple[ErrorCode, tuple[str, ...]]]:
    return [(problem.code, problem.path) for problem in error.value.problems]


# --- a form gathers everything


def test_1_1_1_16_every_empty_field_is_named_at_once() -> None:
    form = Form()
    form.take(Inn.parse, "", "inn")
    form.take(Snils.parse, None, "snils")
    right = form.take(Phone.parse, "79161234567", "phone")
    form.take(PersonName.parse, "  ", "lastName")
    with pytest.raises(UserError) as caught:
        form.done()
    required = ErrorCode.REQUIRED
    assert codes(caught) == [(required, ("inn",)), (required, ("snils",)), (required, ("lastName",))]
    assert right.right


def test_form_gives_values_when_done_and_never_a_wrong_one() -> None:
    form = Form()
    inn = form.take(Inn.parse, "500100732259", "inn")
    snils = form.take_optional(Snils.parse, "", "snils")
    form.done()
    assert (inn.value, snils.value) == ("500100732259", None)
    wrong = form.take_optional(Snils.parse, "1", "snils")
    with pytest.raises(LookupError):
        _ = wrong.value
    with pytest.raises(UserError):
        form.done()


# --- nothing personal in logs


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        (Inn.parse("500100732259"), "**********59"),
        (Snils.parse("11223344595"), "112-***-*** 95"),
        (Phone.parse("79161234567"), "+7********67"),
        (Email.parse("ivanov@example.ru"), "i***@example.ru"),
        (PersonName.parse("Иванов"), "И***"),
        (PassportSeries.parse("4510"), "****"),
        (PassportNumber.parse("123456"), "****56"),
        (Password.parse("Zxy-2026-Wvu"), "***"),
    ],
)
def test_values_show_themselves_masked_in_logs_and_tracebacks(value: Inn, masked: str) -> None:
    assert value.masked == masked
    assert masked in repr(value)
    assert str(value) not in repr(value)


# --- dates and passports


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("23.11.2012", True),  # fourteen today
        ("24.11.2012", False),  # fourteen tomorrow
        ("24.11.1905", True),  # still a hundred and twenty
        ("23.11.1905", False),
        ("24.11.2026", False),  # not born yet
    ],
)
def test_1_1_1_5_birth_date_of_a_person_who_may_have_a_passport(text: str, allowed: bool) -> None:
    form = Form()
    form.take(partial(birth_date, today=TODAY), text, "birthDate")
    if allowed:
        form.done()
    else:
        with pytest.raises(UserError) as caught:
            form.done()
        assert codes(caught) == [(ErrorCode.INVALID_FORMAT, ("birthDate",))]


@pytest.mark.parametrize(
    ("today", "outcome"),
    [
        ("30.09.2026", None),  # the day before 45
        ("01.10.2026", "warning"),
        ("30.12.2026", "warning"),  # the ninetieth day
        ("31.12.2026", ErrorCode.PASSPORT_EXPIRED),
    ],
)
def test_1_1_1_9_grace_of_ninety_days(today: str, outcome: str | None) -> None:
    days = date(1981, 10, 1), date(2010, 1, 1), RuDate.parse(today)
    if outcome == ErrorCode.PASSPORT_EXPIRED:
        with pytest.raises(UserError, match=outcome):
            passport_term(*days)
    else:
        term = passport_term(*days)
        assert term.until == date(2026, 12, 30)
        assert (term.warning is not None) == (outcome == "warning")


def test_1_1_1_9_passport_given_at_45_has_no_term() -> None:
    assert passport_term(date(1981, 10, 1), date(2026, 10, 1), TODAY).until is None


def test_1_1_1_9_birthday_of_29_february_is_1_march_in_a_common_year() -> None:
    born = date(2008, 2, 29)  # 14 on 1 March 2022
    with pytest.raises(UserError):
        passport_term(born, date(2022, 2, 28), TODAY)
    assert passport_term(born, date(2022, 3, 1), TODAY).until == date(2028, 5, 29)


def test_printed_date_keeps_four_digits_of_the_year() -> None:
    assert RuDate.parse("01.02.0985").printed == "01.02.0985"


def test_1_1_1_7_and_1_1_1_8_and_1_1_1_10_passport_numbers() -> None:
    assert PassportSeries.parse("4510") == "4510"
    assert PassportNumber.parse("000001") == "000001"
    assert DepartmentCode.parse("770-001") == "770-001"
    for parse, text, hint in (
        (PassportSeries.parse, "45 10", "4510"),
        (PassportNumber.parse, "12345", None),
        (PassportNumber.parse, "١٢٣٤٥٦", None),
        (DepartmentCode.parse, "770001", "770-001"),
        (DepartmentCode.parse, "77-0001", "770-001"),
    ):
        with pytest.raises(UserError) as caught:
            parse(text, "p")
        assert codes(caught) == [(ErrorCode.INVALID_FORMAT, ("p",))]
        assert caught.value.problems[0].hint == hint


# --- words


@pytest.mark.parametrize(
    "text",
    [
        "Отделом УФМС России по городу Москве",
        "ГУ МВД РОССИИ ПО МОСКОВСКОЙ ОБЛАСТИ",
        "ТП № 1 ОУФМС России по Санкт-Петербургу",
    ],
)
def test_a29_official_initials_of_an_issuing_body_are_permitted(text: str) -> None:
    assert IssuingBody.parse(text) == text


@pytest.mark.parametrize("text", ["ГУ МВД России по г. Москве", "ОВД р-на Арбат", "Отд. милиции", "ПО МСК"])
def test_1_1_1_31_other_abbreviations_of_an_issuing_body_are_not(text: str) -> None:
    with pytest.raises(UserError) as caught:
        IssuingBody.parse(text, "by")
    assert codes(caught) == [(ErrorCode.ABBREVIATION, ("by",))]


@pytest.mark.parametrize(
    "text",
    [
        "посёлок Мирный",
        "город Тула.",
        "улица 50 лет ВЛКСМ",
        "улица XXII Партсъезда",
        "улица 1-я Тверская-Ямская",
        "Республика Саха (Якутия)",
        "улица Дружбы с Кубой",
        "Ханты-Мансийский автономный округ — Югра",
    ],
)
def test_1_1_1_22_official_names_are_accepted_as_they_are(text: str) -> None:
    assert FullWords.parse(text) == text


@pytest.mark.parametrize(
    "text",
    ["с. Красное", "пр. Мира", "мкр Северный", "переулок А.С.Пушкина", "кв12", "обл.г.Москва", "р/п Мирный"],
)
def test_1_1_1_31_short_forms_with_and_without_a_stop_are_refused(text: str) -> None:
    with pytest.raises(UserError) as caught:
        FullWords.parse(text, "birthPlace")
    assert codes(caught) == [(ErrorCode.ABBREVIATION, ("birthPlace",))]


def test_1_1_1_25_every_short_form_of_a_text_is_named() -> None:
    with pytest.raises(UserError, match="ABBREVIATION") as caught:
        FullWords.parse("пр. Мира, д. 5")
    message = caught.value.problems[0].message
    assert all(word in message for word in ("«пр.»", "«проспект»", "«проезд»", "«д.»", "«дом»"))


# --- names and e-mail


@pytest.mark.parametrize(
    "text", ["О'Генри", "Салтыков-Щедрин", "Мамед оглы", "ИВАНОВ", "Алёна", "Нур-Султан"]
)
def test_1_1_6_names_as_documents_spell_them(text: str) -> None:
    assert PersonName.parse(text) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Иванов2", ErrorCode.INVALID_FORMAT),
        ("-Иванов", ErrorCode.INVALID_FORMAT),
        ("Иванов--Петров", ErrorCode.INVALID_FORMAT),
        ("И\u200bван", ErrorCode.INVALID_FORMAT),
        ("Ivanov", ErrorCode.NOT_CYRILLIC),
        ("Їжак", ErrorCode.NOT_CYRILLIC),
        ("Иванов И.", ErrorCode.ABBREVIATION),
        ("А" * 101, ErrorCode.INVALID_FORMAT),
    ],
)
def test_1_1_1_2_and_1_1_1_3_and_1_1_1_4_other_spellings_are_refused(text: str, code: ErrorCode) -> None:
    with pytest.raises(UserError) as caught:
        PersonName.parse(text, "lastName")
    assert codes(caught) == [(code, ("lastName",))]


def test_1_1_6_latin_letter_is_named() -> None:
    with pytest.raises(UserError) as caught:
        PersonName.parse("Иванoв")
    assert "«o»" in caught.value.problems[0].message


def test_1_1_6_decomposed_letters_are_composed() -> None:
    assert PersonName.parse("Андреи\u0306") == "Андрей"


@pytest.mark.parametrize(
    "text", ["ivanov", "ivanov@", "@mail.ru", "a@b", "a b@mail.ru", "a@-mail.ru", "a@b..ru"]
)
def test_1_1_9_malformed_email_is_refused(text: str) -> None:
    with pytest.raises(UserError) as caught:
        Email.parse(text, "email")
    assert codes(caught) == [(ErrorCode.INVALID_FORMAT, ("email",))]


def test_1_1_9_local_part_has_at_most_64_characters() -> None:
    assert Email.parse("a" * 64 + "@mail.ru")
    with pytest.raises(UserError):
        Email.parse("a" * 65 + "@mail.ru")


@pytest.mark.parametrize(
    "other", ["IVANOV@MAIL.RU", " ivanov@mail.ru", "ｉｖａｎｏｖ@mail.ru", "ivanov@Mail.ru"]
)
def test_1_1_9_one_mailbox_has_one_key(other: str) -> None:
    assert Email.parse(other).key == Email.parse("ivanov@mail.ru").key


def test_1_1_9_kelvin_sign_is_no_second_mailbox() -> None:
    assert Email("\u212airill@mail.ru").key == Email.parse("kirill@mail.ru").key
    assert Email.parse("иванов@почта.рф").key != Email.parse("ivanov@mail.ru").key


# --- addresses


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


# --- passwords


def test_1_1_11_every_broken_rule_is_a_problem_of_its_own() -> None:
    with pytest.raises(UserError) as caught:
        Password.parse("     ~", "password")
    assert [code for code, _ in codes(caught)] == [
        ErrorCode.PASSWORD_TOO_SHORT,
        ErrorCode.PASSWORD_NO_UPPER,
        ErrorCode.PASSWORD_NO_LOWER,
        ErrorCode.PASSWORD_NO_DIGIT,
    ]


@pytest.mark.parametrize("text", ["Пароль-дня-7", "Ünïcode-9x", " Ab3 efgh ", "Aa1!" * 32, "Aa1!" * 16])
def test_a30_letters_of_any_script_and_128_characters(text: str) -> None:
    assert Password.parse(text) == text


def test_1_2_8_129_characters_are_too_long() -> None:
    with pytest.raises(UserError) as caught:
        Password.parse("Aa1!" * 32 + "x")
    assert [code for code, _ in codes(caught)] == [ErrorCode.PASSWORD_TOO_LONG]


@pytest.mark.parametrize("text", ["Password1!", "!Qwerty123", "Йцукен123!", "1Qaz2Wsx#"])
def test_common_passwords_are_refused_in_any_dress(text: str) -> None:
    with pytest.raises(UserError) as caught:
        Password.parse(text)
    assert [code for code, _ in codes(caught)] == [ErrorCode.PASSWORD_COMMON]


@pytest.mark.parametrize(
    "text", ["Ivanov.petr#1", "Xx-79161234567", "Xx-9161234567", "Сидоров-77", "ivanov@mail.ru#A1"]
)
def test_own_data_is_refused_in_a_password(text: str) -> None:
    personal = ("ivanov.petr@mail.ru", "ivanov@mail.ru", "+79161234567", "Сидоров", "Ли")
    with pytest.raises(UserError) as caught:
        Password.parse(text, personal=personal)
    assert [code for code, _ in codes(caught)] == [ErrorCode.PASSWORD_PERSONAL]
    assert Password.parse("Лилия-2026", personal=("Ли",))


def test_half_a_surrogate_pair_is_a_mistake_of_the_person() -> None:
    with pytest.raises(UserError) as caught:
        Password.parse("Abcdef1!\ud800")
    assert [code for code, _ in codes(caught)] == [ErrorCode.INVALID_FORMAT]


def test_1_1_11_published_policy_is_the_one_that_is_enforced() -> None:
    assert (POLICY.min_length, POLICY.max_length) == (8, 128)
    for special in POLICY.specials:
        assert Password.parse(f"Xyzzyw1{special}")
