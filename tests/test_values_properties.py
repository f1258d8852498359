"""What holds for every value, not only for examples."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.errors import Problem, UserError
from models.values.email import Email
from models.values.full_words import FullWords, IssuingBody
from models.values.house import Building, HouseNumber
from models.values.inn import Inn
from models.values.passport import DepartmentCode, PassportNumber, PassportSeries, passport_term
from models.values.password import Password
from models.values.person_name import PersonName
from models.values.phone import Phone
from models.values.places import BirthPlace, City, Region, Street
from models.values.ru_date import RuDate, anniversary, birth_date
from models.values.snils import Snils
from models.values.text import Checked

TODAY = date(2026, 11, 23)
PARSERS: list[Callable[..., object]] = [
    Inn.parse, Snils.parse, Phone.parse, RuDate.parse, partial(birth_date, today=TODAY),
    PassportSeries.parse, PassportNumber.parse, DepartmentCode.parse, IssuingBody.parse,
    HouseNumber.parse, Building.parse,
    FullWords.parse, BirthPlace.parse, Region.parse, City.parse, Street.parse, PersonName.parse, Email.parse, Password.parse,
]  # fmt: skip

address_words = st.sampled_from(
    [
        *(
            "ул.",
            "ул",
            "улица",
            "Ленина",
            ",",
            "д.",
            "5",
            "кв12",
            "пр-т",
            "пр.",
            "г.",
            "Москва",
            "А.С.",
            "с/с",
        ),
        *("пгт.", "м.р-н", "им.", "-", ".", "8", "Марта", "XX", "Ё", "(Якутия)", "с", "обл.", "ао", "Mосква"),
    ]
)
digits_with_noise = st.text("0123456789 -+().ОO", max_size=20)
texts = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(), max_size=20),  # half surrogate pairs too
    digits_with_noise,
    st.lists(address_words, max_size=8).map(" ".join),
    st.lists(address_words, max_size=8).map("".join),
)


def refusals(parse: Callable[..., object], text: str) -> tuple[Problem, ...]:
    try:
        parse(text, "some", "field")
    except UserError as error:
        return error.problems
    return ()


def right(parse: Callable[..., object], text: str) -> bool:
    return not refusals(parse, text)


@pytest.mark.parametrize("parse", PARSERS)
@settings(max_examples=150)
@given(text=texts)
@example(text="")
@example(text="\x00")
@example(text="\ud800")
@example(text="9" * 5000)
def test_1_1_1_28_any_text_is_either_right_or_refused_with_advice(
    parse: Callable[..., object], text: str
) -> None:
    for problem in refusals(parse, text):
        assert problem.path == ("some", "field")
        assert problem.message
        assert problem.expected


@pytest.mark.parametrize("parse", PARSERS)
@settings(max_examples=150)
@given(text=texts)
def test_1_1_1_25_offered_correction_is_itself_right(parse: Callable[..., object], text: str) -> None:
    for hint in (problem.hint for problem in refusals(parse, text) if problem.hint is not None):
        assert not refusals(parse, hint)


@given(st.integers(0, 10**10 - 1))
@settings(max_examples=200)
def test_1_1_7_exactly_one_pair_of_check_digits_fits_each_inn(head: int) -> None:
    fitting = [f"{head:010d}{tail:02d}" for tail in range(100) if right(Inn.parse, f"{head:010d}{tail:02d}")]
    assert len(fitting) == (1 if head else 0)
    assert fitting == [f"{head:010d}{_inn_tail(f'{head:010d}')}"] * len(fitting)


def _inn_tail(head: str) -> str:
    """The rule written a second time, growing from the right, to check the first writing."""
    weights = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]
    number = head
    for _ in range(2):
        used = weights[-len(number) :]
        number += str(
            sum(int(d) * w for d, w in zip(reversed(number), reversed(used), strict=True)) % 11 % 10
        )
    return number[-2:]


@given(st.integers(1_001_999, 10**9 - 1))
@settings(max_examples=200)
def test_a1_exactly_one_control_number_fits_each_snils(head: int) -> None:
    fitting = [tail for tail in range(100) if right(Snils.parse, f"{head:09d}{tail:02d}")]
    total = sum((index + 1) * int(digit) for index, digit in enumerate(reversed(f"{head:09d}")))
    while total > 101:
        total -= 101
    assert fitting == [0 if total in (100, 101) else total]


@given(st.integers(1_100_000, 10**9 - 1), st.integers(0, 8), st.integers(1, 9))
def test_a1_one_wrong_digit_of_a_snils_is_noticed(head: int, place: int, shift: int) -> None:
    tail = next(tail for tail in range(100) if right(Snils.parse, f"{head:09d}{tail:02d}"))
    text = f"{head:09d}"
    wrong = text[:place] + str((int(text[place]) + shift) % 10) + text[place + 1 :]
    differs = _weighted(wrong) != _weighted(text)
    checked = int(wrong) > 1_001_998
    assert right(Snils.parse, f"{wrong}{tail:02d}") == (not differs or not checked)


def _weighted(head: str) -> int:
    """Remainders 0 and 100 share one control number: the only wrong digits that the rule cannot see."""
    total = sum((9 - index) * int(digit) for index, digit in enumerate(head)) % 101
    return 0 if total == 100 else total


@given(st.from_regex(r"[0-9]{11}", fullmatch=True))
def test_a1_both_spellings_of_a_snils_are_one_value(digits: str) -> None:
    printed = Snils(digits).printed
    assert right(Snils.parse, digits) == right(Snils.parse, printed)
    if right(Snils.parse, digits):
        assert Snils.parse(printed) == Snils.parse(digits) == digits


@given(st.dates())
def test_1_1_1_20_every_day_has_one_spelling(day: date) -> None:
    printed = RuDate(day.year, day.month, day.day).printed
    assert re.fullmatch(r"[0-9]{2}\.[0-9]{2}\.[0-9]{4}", printed)
    assert RuDate.parse(printed) == day


@given(st.dates(date(1930, 1, 1), date(2010, 1, 1)), st.dates(date(1997, 10, 1), TODAY), st.integers(0, 400))
def test_1_1_1_9_passport_once_expired_never_comes_back(born: date, issued: date, later: int) -> None:
    def expired(on: date) -> bool:
        try:
            passport_term(born, issued, on)
        except UserError:
            return True
        return False

    if issued >= anniversary(born, 14) and expired(TODAY):
        assert expired(TODAY + timedelta(days=later))


@given(st.integers(9_000_000_000, 9_999_999_999))
def test_a5_plus_or_not_a_phone_is_one_value(national: int) -> None:
    number = f"7{national}"
    assert right(Phone.parse, number) == right(Phone.parse, f"+{number}")
    if right(Phone.parse, number):
        assert Phone.parse(number) == Phone.parse(f"+{number}") == f"+{number}"
        assert not right(Phone.parse, f"8{national}")


@pytest.mark.parametrize("parse", PARSERS)
@given(
    text=st.one_of(
        st.from_regex(r"[0-9]{4,12}", fullmatch=True), st.from_regex(r"[А-Я][а-я]{3,20}", fullmatch=True)
    )
)
def test_mask_shows_at_most_half_of_a_number_and_one_letter_of_a_name(
    parse: Callable[..., object], text: str
) -> None:
    value = parse(text) if right(parse, text) else None
    if isinstance(value, Checked):
        shown = [sign for sign in value.masked if sign.isalnum()]
        assert len(shown) <= (len(value) // 2 if value.isdigit() else 4)
        assert str(value) not in repr(value)


@given(st.text("абвгдежзийклмнопрстуфхцчшщъыьэюя ,.-/5", max_size=200))
@settings(max_examples=100)
def test_1_1_1_31_rule_of_full_words_is_fast_on_any_text(text: str) -> None:
    right(FullWords.parse, text * 50)
