"""A form gathers every mistake; values never show themselves in logs."""

import pytest

from models.errors import ErrorCode, UserError
from models.values.email import Email
from models.values.form import Form
from models.values.inn import Inn
from models.values.passport import PassportNumber, PassportSeries
from models.values.password import Password
from models.values.person_name import PersonName
from models.values.phone import Phone
from models.values.snils import Snils
from tests.mistakes import codes


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
