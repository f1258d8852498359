"""SMS through a real HTTP server, and into the catcher."""

import asyncio
import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from gateways.errors import GatewayRefused, GatewayUnavailable
from gateways.outbox import Kind, Outbox
from gateways.sms import CaughtSms, HttpSms, Sms
from models.clock import SettableClock

SMS = Sms(UUID(int=7), "+79161234567", "Код входа: 123456")


class Provider(ThreadingHTTPServer):
    """Takes messages once by their idempotency key and answers as told."""

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), ProviderRequest)
        self.status = status
        self.authorizations: list[str] = []
        self.messages: dict[str, object] = {}
        self.silence = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/sms"


class ProviderRequest(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Provider)
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.server.status == 0:
            self.server.silence.wait(5)
            return
        self.server.authorizations.append(self.headers["authorization"])
        self.server.messages[self.headers["idempotency-key"]] = json.loads(body)
        self.send_response(self.server.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Silent: the tests look at what was taken."""


@contextmanager
def provider(status: int) -> Generator[Provider]:
    server = Provider(status)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.silence.set()
        server.shutdown()
        thread.join()
        server.server_close()


def send(url: str, times: int = 1) -> None:
    async def sending() -> None:
        async with httpx.AsyncClient() as client:
            for _ in range(times):
                await HttpSms(url, "secret", client).send(SMS)

    asyncio.run(sending())


def test_a_message_reaches_the_provider_once_however_often_it_is_tried() -> None:
    with provider(202) as server:
        send(server.url, times=2)
    assert server.authorizations == ["Bearer secret"] * 2
    assert server.messages == {str(SMS.id): {"to": SMS.to, "text": SMS.text, "id": str(SMS.id)}}


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503, 302])
def test_a_fault_that_may_pass_is_unavailable(status: int) -> None:
    with provider(status) as server, pytest.raises(GatewayUnavailable, match=str(status)):
        send(server.url)


@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_refusal_is_final(status: int) -> None:
    with provider(status) as server, pytest.raises(GatewayRefused, match=str(status)):
        send(server.url)


def test_an_absent_provider_is_unavailable() -> None:
    with pytest.raises(GatewayUnavailable):
        send("http://127.0.0.1:9/sms")


def test_a_silent_provider_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateways.sms.LIMIT_SECONDS", 0.3)
    with provider(0) as server, pytest.raises(GatewayUnavailable, match="Timeout"):
        send(server.url)


def test_without_a_provider_the_message_is_caught(tmp_path: Path) -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    outbox = Outbox(tmp_path, SettableClock(at))
    asyncio.run(CaughtSms(outbox).send(SMS))
    (caught,) = outbox.messages()
    assert (caught.id, caught.kind, caught.to, caught.text) == (SMS.id, Kind.SMS, SMS.to, SMS.text)
    assert (caught.subject, caught.html, caught.at) == ("", "", at)
