"""Requests that no route takes, or that one fails at: Russian words with a code and a number, for programs and people."""

import json

import httpx
import pytest

from tests.api import Api
from tests.live_site import live_site
from web.app import Site

pytestmark = pytest.mark.anyio
NUMBER = {"x-request-id": "caller-number-0051"}
BROWSER = {**NUMBER, "accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "message"),
    [
        ("GET", "/none", 404, "NOT_FOUND", "Нет такой страницы."),
        ("GET", "/assets/none.js", 404, "NOT_FOUND", "Нет такой страницы."),
        ("POST", "/xapi/none", 404, "NOT_FOUND", "Нет такой страницы."),
        ("GET", "/sandbox/gosuslugi/none", 404, "NOT_FOUND", "Нет такой страницы."),
        ("POST", "/", 405, "BAD_REQUEST", "Метод не поддерживается."),
        ("DELETE", "/readyz", 405, "BAD_REQUEST", "Метод не поддерживается."),
        ("PUT", "/sandbox/gosuslugi/", 405, "BAD_REQUEST", "Метод не поддерживается."),
    ],
)
async def test_a_request_that_no_route_takes_is_refused_in_the_shape_of_the_edge(
    api: Api, method: str, path: str, status: int, code: str, message: str
) -> None:
    answer = await api.http.request(method, path, headers=NUMBER)
    extensions = {"code": code, "requestId": NUMBER["x-request-id"]}
    assert answer.status_code == status
    assert answer.json() == {"errors": [{"message": message, "extensions": extensions}]}
    assert message in answer.text  # as it is, no escapes
    allowed = {name for name in answer.headers.get("allow", "").split(", ") if name}  # a set has no order
    assert allowed == ({"GET", "HEAD"} if status == 405 else set())
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_browser_shows_the_same_as_text(api: Api) -> None:
    answer = await api.http.get("/none", headers=BROWSER)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")
    assert answer.text == "Нет такой страницы.\nNOT_FOUND, номер запроса caller-number-0051\n"


async def test_a_fault_outside_graphql_is_logged_once_under_its_number_and_shown_without_its_words(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*args: object, **named: object) -> None:
        raise RuntimeError("words of ours")

    monkeypatch.setattr("web.certificate_check.verify_certificate", broken)
    async with live_site(site) as url, httpx.AsyncClient() as http:
        page = url.replace("graphql", "verify/1")
        shown = await http.get(page, headers=BROWSER)
        told = await http.get(page, headers=NUMBER)
    assert (shown.status_code, told.status_code) == (500, 500)
    assert shown.text.startswith("Внутренняя ошибка. ")
    assert json.loads(told.text)["errors"][0]["extensions"] == {
        "code": "INTERNAL",
        "requestId": "caller-number-0051",
    }
    assert "words" not in shown.text + told.text
    logged = [record.getMessage() for record in caplog.records if record.exc_info]
    assert logged == ["request caller-number-0051 failed"] * 2
