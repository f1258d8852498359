"""A correction is offered where the right text can be known, and nowhere else (1.1.1-25)."""

from collections.abc import Callable

import pytest

from models.values.email import Email
from models.values.full_words import FullWords, IssuingBody
from models.values.passport import DepartmentCode, PassportNumber
from models.values.person_name import PersonName
from models.values.phone import Phone
from models.values.places import BirthPlace, Region, Street
from models.values.ru_date import RuDate
from tests.test_values_vectors import FORMAT, SHORT, hint_of, verdict

YUGRA = "Ханты-Мансийский автономный округ — Югра"


@pytest.mark.parametrize(
    "text",
    [
        "улица Д. Бедного",
        "улица г. Титова",
        "Г. Титова ул.",
        "Д. С. Лихачёва улица",
        "улица К. Маркса",
        "улица Пос. Мирный",
        "село С.-Кордон",
        "Еврейская АО",
        "ж/д станция",
        "с. Ивановка Тульской обл.",
        "в г. Туле",
        "город Алма-Ата Казахской ССР",
        "БАССР",
        "РТ",
        "хутор Х",
        "хутор х",
        "город г. Тула",
        *("г. Кр. Сулин", "село Кр. Яр", "пос. Кр. Октябрь", "кр. Приморский", "посёлок Новый Кр. Яр"),
        *("П. Посад", "С. Посад", "Г. Хрустальный", "Ш. Руставели", "Ал. Невского"),
        *("г. Москва, РФ", "РФ", "гражданин РФ"),
        *("роддом г. Москвы", "роддом гор. Орла", "роддом № 3 г. Москвы", "территория снт Ромашка"),
        "площадь Д Бедного",
        "ж.д. посёлок Мирный",
    ],
)
def test_1_1_1_25_a_doubtful_correction_is_not_offered(text: str) -> None:
    assert verdict(FullWords.parse, text) == SHORT
    assert hint_of(FullWords.parse, text) is None


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("С.-Петербург", "Санкт-Петербург"),
        ("г. С-Петербург", "город Санкт-Петербург"),
        ("Наб. Челны", "Набережные Челны"),
        ("СНТ Ромашка", "садоводческое некоммерческое товарищество Ромашка"),
        ("Тульская обл. г. Тула", "Тульская область город Тула"),
        ("Республика Крым г. Ялта", "Республика Крым город Ялта"),
        ("Казахская ССР", "Казахская Советская Социалистическая Республика"),
        ("г. Харьков, УССР", "город Харьков, Украинская Советская Социалистическая Республика"),
        ("Чувашская АССР", "Чувашская Автономная Советская Социалистическая Республика"),
        ("ГДР", "Германская Демократическая Республика"),
        ("ХМАО", "Ханты-Мансийский автономный округ — Югра"),
        ("ХМАО-Югра", "Ханты-Мансийский автономный округ — Югра"),
        ("КЧР", "Карачаево-Черкесская Республика"),
        ("ул. им. Ленина", "улица имени Ленина"),
        ("ул. Ленина д. 5 кв. 12", "улица Ленина дом 5 квартира 12"),
        ("ш. Энтузиастов", "шоссе Энтузиастов"),
        *((f"ХМАО{dash}Югра", YUGRA) for dash in (" — ", " - ", " – ", "—", "–")),
        ("ХМАО — Югра, г. Сургут", f"{YUGRA}, город Сургут"),
        ("Краснодарский кр.", "Краснодарский край"),
        ("АЛТАЙСКИЙ КР.", "АЛТАЙСКИЙ край"),
        ("Ул. Ленина", "Улица Ленина"),
        ("улица им. Ленина", "улица имени Ленина"),
        ("Тульская область г. Тула", "Тульская область город Тула"),
        ("рабочий пос. Мирный", "рабочий посёлок Мирный"),
        ("ж.д. ст. Тайга", "железнодорожная станция Тайга"),
        ("ж/д ст. Тайга", "железнодорожная станция Тайга"),
        ("мкр Г", "микрорайон Г"),
    ],
)
def test_1_1_1_25_a_certain_correction_is_offered(text: str, hint: str) -> None:
    assert hint_of(FullWords.parse, text) == hint


@pytest.mark.parametrize(
    ("parse", "text", "hint"),
    [
        (PersonName.parse, "И\u200bван", "Иван"),
        (PersonName.parse, "\u200fИван", "Иван"),
        (PersonName.parse, "Д‘Артаньян", "Д'Артаньян"),
        (Phone.parse, "\u202a+79161234567\u202c", "79161234567"),
        (BirthPlace.parse, "город Ту\u00adла", "город Тула"),
        (BirthPlace.parse, "\u200eг. Тула", "город Тула"),
        (Email.parse, "ivanov\u200b@mail.ru", "ivanov@mail.ru"),
        (Email.parse, "ivanov@mail.ru.", "ivanov@mail.ru"),
        (Email.parse, "ivаn@gmail.com", "ivan@gmail.com"),
        (Email.parse, "ivanov@gmаil.com", "ivanov@gmail.com"),
        (Email.parse, "ivщan@gmail.com", None),
        (Email.parse, "ivanov@mail.r", None),
        (DepartmentCode.parse, "770–001", "770-001"),
        (PassportNumber.parse, "№123456", "123456"),
        (RuDate.parse, "10. 05.1985", "10.05.1985"),
        (Street.parse, "улица Ленина, дом 5", "улица Ленина"),
        (Street.parse, "дом 5", None),
        (Street.parse, "улица Ленина, 5", "улица Ленина"),
        (Street.parse, "улица Ленина, 5А, кв. 12", "улица Ленина"),
        (Street.parse, "улица Ленина, 5/7, 12", "улица Ленина"),
        (Street.parse, "Ленинский пр-т, 5", "Ленинский проспект"),
        (Street.parse, "проезд Строение 5", None),
        (Street.parse, "улица, 5", None),
        (BirthPlace.parse, "1", None),
        (IssuingBody.parse, "123", None),
        (Region.parse, "71", None),
    ],
)
def test_1_1_1_25_what_came_along_by_the_way_is_taken_out(
    parse: Callable[..., object], text: str, hint: str | None
) -> None:
    assert verdict(parse, text) in {FORMAT, SHORT}
    assert hint_of(parse, text) == hint


def test_1_1_1_25_a_shortened_street_with_its_house_is_offered_without_it() -> None:
    assert hint_of(Street.parse, "ул. Ленина, д. 5, кв. 12") == "улица Ленина"


@pytest.mark.parametrize("text", ["иванов@почта.рф", "иванов@mail.ru", "ivanov-2@mail.ru"])
def test_1_1_9_an_address_of_either_alphabet_is_right(text: str) -> None:
    assert Email.parse(text) == text
