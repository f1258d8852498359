"""The catcher's page shows what was caught, and a letter on it can do no harm."""

from pathlib import Path
from uuid import UUID

import anyio
import httpx
import pytest
from starlette.applications import Starlette

from gateways.outbox import Kind, Outbox
from models.clock import SystemClock
from web.sandbox.outbox_page import outbox_routes

LETTER, SMS = UUID(int=1), UUID(int=2)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path, SystemClock())


def get(outbox: Outbox, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(Starlette(routes=list(outbox_routes(outbox))))

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://nmo.test") as client:
            return await client.get(path)

    return anyio.run(ask)


def test_an_empty_catcher_says_so(outbox: Outbox) -> None:
    assert "Пока пусто" in get(outbox, "/sandbox/outbox").text


def test_messages_are_shown_newest_first_with_codes_and_links_marked(outbox: Outbox) -> None:
    outbox.put(
        Kind.MAIL, LETTER, "ivanova@example.org", "Откройте http://nmo.test/c?t=1&u=2 сегодня", "Адрес"
    )
    outbox.put(Kind.SMS, SMS, "+79161234567", "Код для входа: 042513")
    page = get(outbox, "/sandbox/outbox").text
    assert page.index("+79161234567") < page.index("ivanova@example.org")
    assert "<strong>042513</strong>" in page
    assert '<a href="http://nmo.test/c?t=1&amp;u=2">' in page


def test_text_of_a_message_is_only_text(outbox: Outbox) -> None:
    hostile = "<script>alert(1)</script> http://x.test/\"onclick='1'"
    outbox.put(Kind.MAIL, LETTER, "<b>to</b>", hostile, "<i>subject</i>")
    answer = get(outbox, "/sandbox/outbox")
    assert "<script" not in answer.text
    assert "<b>" not in answer.text
    assert "<i>" not in answer.text
    assert '<a href="http://x.test/">' in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")


def test_a_whole_letter_runs_and_loads_nothing(outbox: Outbox) -> None:
    outbox.put(Kind.MAIL, LETTER, "ivanova@example.org", "text", "subject", html="<p>Подтвердить адрес</p>")
    answer = get(outbox, f"/sandbox/outbox/{LETTER}")
    assert answer.text == "<p>Подтвердить адрес</p>"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert get(outbox, f"/sandbox/outbox/{SMS}").status_code == 404
