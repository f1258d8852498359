"""A person at the sandbox of Gosuslugi, page by page: password, code, consent, and what can be done there besides."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.gosuslugi import Sandbox, sandbox_served, words_of
from web.sandbox.gosuslugi_pages import BANNER, SCOPE_WORDS
from web.sandbox.gosuslugi_people import PASSWORD
from web.sandbox.gosuslugi_portal import BASE


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox_served(tmp_path_factory.mktemp("gosuslugi")) as running:
        yield running


@dataclass
class Reader:
    """A browser without scripts: follows what the pages offer, keeps cookies."""

    sandbox: Sandbox
    http: httpx.Client
    page: httpx.Response

    def come(self) -> "Reader":
        """From the cabinet to the first page of the portal."""
        self.page = self.http.get(self.sandbox.client().address())
        return self.follow()

    def follow(self) -> "Reader":
        """As far as the portal itself leads."""
        while self.page.is_redirect and BASE in self.page.headers["location"]:
            self.page = self.http.get(httpx.URL(self.sandbox.at).join(self.page.headers["location"]))
        return self

    def send(self, **words: str) -> "Reader":
        """Fill in the first form of the page."""
        [action, *_] = re.findall(r'<form method="post" action="([^"]+)"', self.page.text)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.page.text))
        self.page = self.http.post(self.sandbox.at + action, data={**hidden, **words})
        return self.follow()

    def sign_in(self, login: str, password: str = PASSWORD) -> "Reader":
        return self.send(login=login, password=password)

    @property
    def title(self) -> str:
        [title] = re.findall("<h1>(.*?)</h1>", self.page.text)
        return str(title)


@pytest.fixture
def reader(served: Sandbox) -> Iterator[Reader]:
    served.order("reset")
    with httpx.Client(verify=False) as http:
        yield Reader(served, http, httpx.Response(200))


@pytest.mark.parametrize("login", ["demo-1", "+7 916 123-45-01", "demo-1@nmo.example", "112-233-445 95"])
def test_who_signs_in_and_allows_comes_back_with_a_code(reader: Reader, login: str) -> None:
    assert reader.come().title == "Вход"
    assert reader.sign_in(login).title == "Передача данных"
    for scope in ("fullname", "snils", "id_doc", "addresses"):
        assert SCOPE_WORDS[scope] in reader.page.text
    back = words_of(reader.send(answer="allow").page)
    assert reader.sandbox.client().exchange(back["code"]).person.last_name == "Иванова"


def test_who_refuses_is_not_remembered_as_allowing(reader: Reader) -> None:
    reader.come().sign_in("demo-1")
    assert words_of(reader.send(answer="refuse").page)["error"] == "access_denied"
    assert reader.come().title == "Передача данных"


def test_what_was_allowed_is_remembered_until_it_is_withdrawn(reader: Reader) -> None:
    reader.come().sign_in("demo-1").send(answer="allow")
    assert "code" in words_of(reader.come().page)
    reader.page = reader.http.get(f"{reader.sandbox.url}/agreements")
    assert "СНИЛС" in reader.page.text
    assert "действующих согласий нет" in reader.send().page.text
    assert reader.come().title == "Передача данных"


def test_agreements_are_shown_to_who_is_signed_in(reader: Reader) -> None:
    page = reader.http.get(f"{reader.sandbox.url}/agreements")
    assert "Сначала войдите" in page.text


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(reader: Reader) -> None:
    reader.come()
    for _ in range(5):
        assert "Неверный логин или пароль" in reader.sign_in("demo-1", "wrong").page.text
    assert "Вход закрыт на 15 минут" in reader.sign_in("demo-1").page.text
    assert reader.sign_in("demo-2").title == "Передача данных"
    reader.sandbox.clock.advance(timedelta(minutes=15))
    reader.http.cookies.clear()
    assert "ESIA-007038" in reader.sign_in("demo-1").page.text  # the request itself is over by now
    assert reader.come().sign_in("demo-1").title == "Передача данных"


def test_nobody_is_told_whether_a_login_exists(reader: Reader) -> None:
    known, unknown = (reader.come().sign_in(login, "wrong").page.text for login in ("demo-1", "nobody"))
    hidden = re.compile(r'name="flow" value="[^"]*"')
    assert hidden.sub("", known) == hidden.sub("", unknown)


def test_a_code_is_asked_for_where_the_person_wants_it(reader: Reader) -> None:
    assert reader.come().sign_in("two-step").title == "Код подтверждения"
    [code] = re.findall(r"код <code>(\d{6})</code>", reader.page.text)
    assert "Код не подходит" in reader.send(code="000000" if code != "000000" else "000001").page.text
    assert reader.send(code=code).title == "Передача данных"


def test_the_consent_of_another_is_not_given_by_a_stranger(reader: Reader) -> None:
    """The number of a request alone opens nothing: who has not signed in is asked to."""
    reader.come()
    flow = parse_qs(urlsplit(str(reader.page.url)).query)["flow"][0]
    reader.page = reader.http.post(f"{reader.sandbox.url}/consent", data={"flow": flow, "answer": "allow"})
    assert reader.follow().title == "Вход"


def test_another_person_may_come_in_instead(reader: Reader) -> None:
    reader.come().sign_in("demo-1")
    flow = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', reader.page.text))
    reader.page = reader.http.post(f"{reader.sandbox.url}/leave", data=flow)
    assert reader.follow().title == "Вход"
    assert "Ли Анна" in reader.sign_in("demo-3").page.text


def test_an_account_that_is_not_confirmed_goes_back_with_the_reason(reader: Reader) -> None:
    back = words_of(reader.come().sign_in("standard").page)
    assert back["error_description"].startswith("ESIA-007055")


def test_who_leaves_the_portal_has_to_sign_in_again(reader: Reader) -> None:
    reader.come().sign_in("demo-1").send(answer="allow")
    url = f"{reader.sandbox.url}/idp/ext/Logout"
    left = reader.http.get(
        url, params={"client_id": "NMO_SANDBOX", "redirect_url": f"{reader.sandbox.home}/"}
    )
    assert left.headers["location"] == f"{reader.sandbox.home}/"
    assert reader.come().title == "Вход"
    foreign = {"client_id": "NMO_SANDBOX", "redirect_url": "https://elsewhere.example/"}
    assert reader.http.get(url, params=foreign).status_code == 400


@pytest.mark.parametrize("path", ["/", "/recovery", "/agreements", "/go?flow=none"])
def test_no_page_can_be_taken_for_the_state_portal(reader: Reader, path: str) -> None:
    page = reader.http.get(f"{reader.sandbox.url}{path}")
    assert BANNER in page.text
    assert "<script" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    assert page.headers["x-frame-options"] == "DENY"


def test_the_start_page_leads_to_the_cabinet_and_the_login_to_new_passwords(reader: Reader) -> None:
    home = reader.sandbox.home
    start = reader.http.get(f"{reader.sandbox.url}/").text
    assert f'href="{home}/gosuslugi/login">Войти в личный кабинет НМО' in start
    assert f'href="{BASE}/recovery">Восстановить пароль' in reader.come().page.text
    assert f'href="{home}/recovery"' in reader.http.get(f"{reader.sandbox.url}/recovery").text


def test_words_of_a_request_are_text_and_nothing_else(reader: Reader) -> None:
    wrong = f"{reader.sandbox.url}/aas/oauth2/v2/ac?client_id=<script>alert(1)</script>&redirect_uri=x"
    assert "<script" not in reader.http.get(wrong).text
    assert "<script" not in reader.http.get(f'{reader.sandbox.url}/go?flow="><script>').text


def test_orders_are_json_and_name_what_exists(reader: Reader) -> None:
    url = f"{reader.sandbox.url}/control"
    assert reader.http.post(f"{url}/withdraw", content='{"user": "demo-1"}').status_code == 400
    for name, order in (
        ("withdraw", {"user": "nobody"}),
        ("withdraw", {"person": "demo-1"}),
        ("fault", {"at": "te", "token": "strange"}),
        ("fault", {"at": "nowhere", "status": 500}),
        ("switch", {"algorithm": "HS256"}),
        ("person", {"user": "demo-1", "name": "x"}),
    ):
        assert reader.http.post(f"{url}/{name}", json=order).status_code == 400, order
