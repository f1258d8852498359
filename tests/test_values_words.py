"""Words, names, e-mail and addresses beyond the numbered examples."""

from collections.abc import Callable

import pytest

from models.errors import ErrorCode, UserError
from models.values.email import Email
from models.values.full_words import FullWords, IssuingBody
from models.values.person_name import PersonName
from models.values.places import City, Street
from tests.mistakes import codes


@pytest.mark.parametrize(
    "text",
    [
        "Отделом УФМС России по городу Москве",
        "ГУ МВД РОССИИ ПО МОСКОВСКОЙ ОБЛАСТИ",
        "УМВД России по ХМАО",
        "УМВД России по ХМАО - Югра",
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
        "город Тула, СССР",
        "улица XXII Партсъезда",
        "улица 1-я Тверская-Ямская",
        "Республика Саха (Якутия)",
        "улица Дружбы с Кубой",
        "Комсомольск-на-Амуре",
        "Кот-д’Ивуар",
        "Ханты-Мансийский автономный округ — Югра",
        *("микрорайон Г", "улица Г", "квартал Г", "город Тула, микрорайон Д, дом 5"),
    ],
)
def test_1_1_1_22_official_names_are_accepted_as_they_are(text: str) -> None:
    assert FullWords.parse(text) == text


@pytest.mark.parametrize("parse", [City.parse, Street.parse])
@pytest.mark.parametrize("text", ["улица МЖК", "улица РТС", "посёлок РТС", "8 Марта, 5-я линия"])
def test_1_1_1_22_initials_may_be_the_name_of_a_place(parse: Callable[[str], str], text: str) -> None:
    assert parse(text) == text


@pytest.mark.parametrize("text", ["СНТ Ромашка", "город Уфа, БАССР", "ПГТ МРНЙ", "посёлок мжк", "улица МЖК."])
def test_1_1_1_31_not_all_initials_are_names(text: str) -> None:
    with pytest.raises(UserError) as caught:
        City.parse(text, "city")
    assert codes(caught) == [(ErrorCode.ABBREVIATION, ("city",))]


@pytest.mark.parametrize(
    "text",
    [
        "с. Красное",
        "пр. Мира",
        "мкр Северный",
        "переулок А.С.Пушкина",
        "кв12",
        "обл.г.Москва",
        "р/п Мирный",
        "Ростов-н/Д",
        "Азов (Рост.)",
    ],
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


@pytest.mark.parametrize(
    "text",
    [
        "О'Генри",
        "О’Коннор",
        "О\u02bcКоннор",
        "Салтыков-Щедрин",
        "Мамед оглы",
        "ИВАНОВ",
        "Алёна",
        "Нур-Султан",
    ],
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
