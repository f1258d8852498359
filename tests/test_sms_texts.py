"""What people read in an SMS: a code stands first and alone looks like one, in one segment of 70 Cyrillic characters."""

import re

import pytest

from tests.api import PASSWORD, Api, eventually
from tests.changing import ask
from tests.recovering import ADDRESS, PHONE, Forgetful
from tests.registering import FORM, Newcomer
from tests.signing_in import sign_in

pytestmark = pytest.mark.anyio

SEGMENT = 70
TWO_SEGMENTS = 2 * 67


async def newest(api: Api, to: str) -> str:
    text: str = await eventually(lambda: next(iter(Newcomer(api).messages(to)), None))
    return text


def is_a_code(text: str) -> None:
    assert re.fullmatch(r"\d{6} — код для [^\d]+ НМО\. Никому его не сообщайте\.", text), text
    assert len(text) <= SEGMENT, len(text)


async def test_1_2_6_the_code_of_a_recovery_is_the_only_number_of_its_sms(api: Api) -> None:
    person = Forgetful(api)
    number = (await person.request(PHONE))["flow"]["number"]
    is_a_code(await newest(api, f"+{PHONE}"))
    answer = await person.request(ADDRESS)
    letter = await api.letter(ADDRESS, "Код")
    assert answer["flow"]["number"] in letter
    assert number not in letter


async def test_1_1_12_the_code_of_a_registration_stands_first(api: Api) -> None:
    await Newcomer(api).begin()
    is_a_code(await newest(api, f"+{FORM['phone']}"))


async def test_3_1_6_the_code_of_a_login_stands_first(api: Api) -> None:
    await Newcomer(api).login("demo-1@nmo.example", PASSWORD)
    is_a_code(await newest(api, f"+{PHONE}"))


async def test_the_code_of_a_new_phone_stands_first(api: Api) -> None:
    await ask(await sign_in(api), "79031112299", "phone")
    is_a_code(await newest(api, "+79031112299"))


async def test_2_2_3_a_temporary_password_fits_one_segment(api: Api) -> None:
    await Newcomer(api).registered(password=None)
    to = f"+{FORM['phone']}"
    await eventually(lambda: "пароль" in Newcomer(api).messages(to)[0])
    text = await newest(api, to)
    assert re.fullmatch(r"Временный пароль НМО: \w{4}-\d{4}-\w{4} .*", text), text
    assert len(text) <= SEGMENT, len(text)


async def test_whoever_has_an_account_already_is_told_so_without_a_number(api: Api) -> None:
    await Newcomer(api).begin(phone=PHONE)
    text = await newest(api, f"+{PHONE}")
    assert "уже есть" in text
    assert not re.search(r"\d", text)
    assert len(text) <= TWO_SEGMENTS, len(text)
