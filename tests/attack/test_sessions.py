"""Attacks on sessions (security cases A25, A52-A54)."""

import json
from base64 import urlsafe_b64encode

import pytest

from models.clock import SettableClock
from models.devices import device
from resolvers.demo_catalog import demo_id
from tests.api import PASSWORD, Api
from tests.live_site import live_site
from tests.product import live
from tests.signing_in import CHANGE_PASSWORD, COMPLETE, challenged, own_page, sign_in
from web.app import Site
from web.settings import Settings

pytestmark = pytest.mark.anyio
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SESSIONS = "{ viewer { sessions { id current device ipMasked via createdAt lastSeenAt } } }"
CLOSE = "mutation ($id: ID!) { closeSession(id: $id) { closed errors { code } } }"
VIEWER = "{ viewer { id } }"
STREAM = "subscription { documents { __typename } }"


async def test_1_2_19_and_a52_sessions_are_listed_and_one_is_ended(api: Api) -> None:
    api.headers = {"user-agent": FIREFOX}
    first = await sign_in(api)
    second = await sign_in(api)
    listed = (await first.data(SESSIONS))["viewer"]["sessions"]
    (other,) = [each for each in listed if not each["current"]]
    assert (other["device"], other["ipMasked"], other["via"]) == ("Firefox, Windows", "127.0.0.0", "SITE")
    assert (await first.data(CLOSE, id=other["id"]))["closeSession"] == {"closed": 1, "errors": []}
    assert (await second.ask(VIEWER)).code == "UNAUTHENTICATED"
    again = (await first.data(CLOSE, id=other["id"]))["closeSession"]
    assert again == {"closed": 0, "errors": [{"code": "NOT_FOUND"}]}


async def test_a52_a_session_of_another_person_cannot_be_ended(api: Api) -> None:
    owner, stranger = await sign_in(api), await sign_in(api, 2)
    (mine,) = (await owner.data(SESSIONS))["viewer"]["sessions"]
    assert (await stranger.data(CLOSE, id=mine["id"]))["closeSession"]["errors"] == [{"code": "NOT_FOUND"}]
    assert (await owner.data(VIEWER))["viewer"]


async def test_a52_the_sockets_of_an_ended_session_close_within_a_second(api: Api) -> None:
    owner, other = await sign_in(api), await sign_in(api)
    (theirs,) = [each for each in (await owner.data(SESSIONS))["viewer"]["sessions"] if not each["current"]]
    async with live_site(api.site) as url, live(url, other.token) as connection:
        await connection.subscribe(STREAM)
        assert (await connection.next())["type"] == "next"
        await owner.data(CLOSE, id=theirs["id"])
        assert await connection.closed(1.0) == 4401


async def test_a53_a_token_after_logout_opens_nothing(api: Api) -> None:
    owner = await sign_in(api)
    await sign_in(api)
    logout = "mutation { logout(allSessions: true) { closed } }"
    assert (await owner.data(logout))["logout"]["closed"] == 2
    assert (await owner.ask(VIEWER)).code == "UNAUTHENTICATED"
    assert (await owner.ask(logout)).code == "UNAUTHENTICATED"


async def test_1_2_19_a_new_password_ends_the_other_sessions_and_half_done_logins(api: Api) -> None:
    owner, other = await sign_in(api), await sign_in(api)
    changed = (await owner.data(CHANGE_PASSWORD, old=PASSWORD, new="Новый-пароль-7"))["changePassword"]
    assert changed == {"success": True, "sessionsClosed": 1, "errors": []}
    assert (await other.ask(VIEWER)).code == "UNAUTHENTICATED"
    assert (await owner.data(VIEWER))["viewer"]
    await api.letter("demo-1@nmo.example", "Пароль")


async def test_a25_the_cookie_of_a_session_is_locked_to_the_site(
    settings: Settings, clock: SettableClock
) -> None:
    behind = Site(settings.model_copy(update={"public_origin": "https://nmo.example"}), clock=clock)
    async with behind.starlette.router.lifespan_context(behind.starlette), Api.open(behind) as api:
        challenge, code = await challenged(api)
        api.headers = own_page(api)
        answer = await api.ask(COMPLETE, id=challenge, code=code, keep="COOKIE")
        (cookie,) = answer.headers.get_list("set-cookie")
    pair, *flags = cookie.split("; ")
    assert pair.startswith("__Host-nmo_session=")
    assert len(pair) > len("__Host-nmo_session=") + 40
    assert {flag for flag in flags if not flag.startswith("Max-Age")} == {
        "Path=/",
        "HttpOnly",
        "SameSite=Lax",
        "Secure",
    }
    assert answer.body["data"]["completeSecondFactor"]["accessToken"] is None


async def test_a26_no_token_that_says_who_it_is_for_is_believed(api: Api) -> None:
    account = demo_id("account", 1)
    for head in ({"alg": "none"}, {"alg": "HS256", "typ": "JWT"}):
        parts = (head, {"sub": str(account), "exp": 4_000_000_000})
        said = ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
        for token in (f"{said}.", f"{said}.c2lnbmF0dXJl", str(account), account.hex):
            assert (await Api(api.site, api.http, token).ask(VIEWER)).code == "UNAUTHENTICATED"


async def test_all_mistakes_of_a_new_password_come_at_once(api: Api, clock: SettableClock) -> None:
    owner = await sign_in(api)
    answer = (await owner.data(CHANGE_PASSWORD, old="Wrong-password-1!", new="иванова"))["changePassword"]
    assert {(error["code"], *error["path"]) for error in answer["errors"]} == {
        ("PASSWORD_TOO_SHORT", "newPassword"),
        ("PASSWORD_NO_UPPER", "newPassword"),
        ("PASSWORD_NO_DIGIT", "newPassword"),
        ("PASSWORD_NO_SPECIAL", "newPassword"),
        ("PASSWORD_PERSONAL", "newPassword"),
        ("CREDENTIALS_WRONG", "oldPassword"),
    }


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (FIREFOX, "Firefox, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 YaBrowser/26.1",
            "Яндекс Браузер, Android",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, macOS"),
        ("python-httpx/0.28", "Неизвестное устройство"),
        (None, "Неизвестное устройство"),
    ],
)
def test_1_2_19_a_device_is_named_by_browser_and_system(user_agent: str | None, expected: str) -> None:
    assert device(user_agent) == expected
