"""Signing in through the public API."""

from datetime import timedelta

import pytest

from models.clock import SettableClock
from tests.api import Api
from tests.signing_in import COMPLETE, PHONE, first_step, own_page, second_step

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "login", ["demo-1@nmo.example", "DEMO-1@nmo.example", "79161234501", "112-233-445 95"]
)
async def test_3_1_5_login_is_an_address_a_phone_or_a_snils(api: Api, login: str) -> None:
    answer = await first_step(api, login)
    assert answer["errors"] == []
    assert answer["challenge"]["methods"] == ["SMS"]
    assert answer["challenge"]["maskedPhone"] == "+7********01"


@pytest.mark.parametrize("login", ["demo-1@nmo.example", "nobody@nmo.example", "", "не адрес", "x" * 5000])
async def test_3_1_5_unknown_login_and_wrong_password_look_the_same(api: Api, login: str) -> None:
    answer = await first_step(api, login, "Wrong-password-1!")
    assert answer == {
        "challenge": None,
        "errors": [
            {
                "__typename": "FieldError",
                "code": "CREDENTIALS_WRONG",
                "message": "Неверный логин или пароль. Адрес и телефон годятся для входа, когда подтверждены.",
                "path": ["password"],
                "hint": None,
            }
        ],
    }


@pytest.mark.parametrize(
    ("login", "hint"),
    [
        ("89161234501", "79161234501"),
        ("+7 916 123-45-01", "79161234501"),
        ("8 999 000-00-00", "79990000000"),
        ("112 233 445 95", "112-233-445 95"),
        ("demo-1@nmo,example", "demo-1@nmo.example"),
    ],
)
async def test_a5_a_login_that_can_be_nobodys_is_told_how_to_write_it_and_costs_no_try(
    api: Api, login: str, hint: str
) -> None:
    for _ in range(11):
        (error,) = (await first_step(api, login))["errors"]
        assert (error["code"], error["path"], error["hint"]) == ("INVALID_FORMAT", ["login"], hint)
    assert (await first_step(api, hint))["errors"] == [] or login.startswith("8 999")


async def test_3_1_6_every_login_is_confirmed_by_a_code(api: Api) -> None:
    challenge = (await first_step(api))["challenge"]["id"]
    opened = await second_step(api, challenge, await api.code(PHONE))
    assert opened["signedIn"] is True
    assert opened["errors"] == []
    api.token = opened["accessToken"]
    assert (await api.data("{ viewer { name { lastName } } }"))["viewer"]["name"]["lastName"] == "Иванова"


async def test_2_2_6_a_wrong_code_is_counted_and_the_sixth_guess_is_not_looked_at(api: Api) -> None:
    challenge = (await first_step(api))["challenge"]["id"]
    code = await api.code(PHONE)
    wrong = "000000" if code != "000000" else "111111"
    for left in (4, 3, 2, 1, 0):
        (error,) = (await second_step(api, challenge, wrong))["errors"]
        assert (error["code"], error["attemptsLeft"]) == ("CODE_WRONG", left)
    (error,) = (await second_step(api, challenge, code))["errors"]
    assert error["code"] == "CODE_ATTEMPTS_EXHAUSTED"


async def test_2_2_6_a_code_is_good_once_and_for_five_minutes(api: Api, clock: SettableClock) -> None:
    challenge = (await first_step(api))["challenge"]["id"]
    code = await api.code(PHONE)
    assert (await second_step(api, challenge, code))["signedIn"]
    assert (await second_step(api, challenge, code))["errors"][0]["code"] == "CODE_USED"
    late = (await first_step(api))["challenge"]["id"]
    clock.advance(timedelta(minutes=5))
    assert (await second_step(api, late, "000000"))["errors"][0]["code"] == "CODE_EXPIRED"


async def test_3_1_6_a_page_keeps_its_session_in_a_cookie_that_scripts_cannot_read(api: Api) -> None:
    challenge = (await first_step(api))["challenge"]["id"]
    api.headers = own_page(api)
    answer = await api.ask(COMPLETE, id=challenge, code=await api.code(PHONE), keep="COOKIE")
    assert answer.data["completeSecondFactor"]["accessToken"] is None
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert (await api.data("{ viewer { id } }"))["viewer"]["id"]
    assert (await api.data("mutation { logout { closed errors { code } } }"))["logout"]["closed"] == 1
    assert (await api.ask("{ viewer { id } }")).code == "UNAUTHENTICATED"


FORGED: list[tuple[dict[str, str], str]] = [
    ({"origin": "https://evil.example", "graphql-require-preflight": "1"}, "Запрос с чужой страницы."),
    ({"sec-fetch-site": "same-site", "graphql-require-preflight": "1"}, "Запрос с чужой страницы."),
    (
        {"graphql-require-preflight": "1"},
        "Сеанс в куке хранят только страницы кабинета; программе нужен keep: TOKEN.",
    ),
    ({}, "Сеанс в куке хранят только страницы кабинета; программе нужен keep: TOKEN."),
    ({"origin": "OURS"}, "Нужен заголовок GraphQL-Require-Preflight."),
]


@pytest.mark.parametrize(("headers", "message"), FORGED)
async def test_3_1_6_a_cookie_is_given_to_a_page_of_ours_alone_and_a_refused_one_spends_no_code(
    api: Api, headers: dict[str, str], message: str
) -> None:
    challenge = (await first_step(api))["challenge"]["id"]
    code = await api.code(PHONE)
    api.headers = {name: value.replace("OURS", api.site.settings.origin) for name, value in headers.items()}
    answer = await api.ask(COMPLETE, id=challenge, code=code, keep="COOKIE")
    assert (answer.status, answer.code, answer.body["errors"][0]["message"]) == (403, "FORBIDDEN", message)
    assert "data" not in answer.body
    assert "set-cookie" not in answer.headers
    api.headers = {}
    assert (await second_step(api, challenge, code))["signedIn"]


async def test_3_1_6_a_session_ends_after_half_an_hour_idle_and_twelve_hours_in_all(
    api: Api, clock: SettableClock
) -> None:
    api = await api.as_demo("demo-1")
    for _ in range(25):
        clock.advance(timedelta(minutes=28))
        assert (await api.ask("{ viewer { id } }")).status == 200
    clock.advance(timedelta(minutes=28))
    assert (await api.ask("{ viewer { id } }")).code == "UNAUTHENTICATED"
    api = await api.as_demo("demo-1")
    clock.advance(timedelta(minutes=31))
    assert (await api.ask("{ viewer { id } }")).code == "UNAUTHENTICATED"


async def test_1_1_1_nothing_is_reachable_without_an_account(api: Api) -> None:
    answer = await api.ask("{ viewer { id } }")
    assert answer.body["data"] == {"viewer": None}
    assert answer.code == "UNAUTHENTICATED"
