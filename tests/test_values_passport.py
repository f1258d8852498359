"""Birth dates, passports and their terms beyond the numbered examples."""

from datetime import date
from functools import partial

import pytest

from models.errors import ErrorCode, UserError
from models.values.form import Form
from models.values.passport import DepartmentCode, PassportNumber, PassportSeries, passport_term
from models.values.ru_date import RuDate, birth_date
from tests.mistakes import codes

TODAY = date(2026, 11, 23)


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
