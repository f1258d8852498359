"""A correction is offered where the right text can be known, and nowhere else (1.1.1-25)."""

import pytest

from models.values.full_words import FullWords
from tests.test_values_vectors import SHORT, hint_of, verdict


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
        "хутор Х",
        "хутор х",
        "город г. Тула",
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
        ("ул. им. Ленина", "улица имени Ленина"),
        ("ул. Ленина д. 5 кв. 12", "улица Ленина дом 5 квартира 12"),
        ("ш. Энтузиастов", "шоссе Энтузиастов"),
    ],
)
def test_1_1_1_25_a_certain_correction_is_offered(text: str, hint: str) -> None:
    assert hint_of(FullWords.parse, text) == hint
