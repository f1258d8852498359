"""A sandbox of Gosuslugi on a socket of its own, and a client of it that goes there and back as a browser does."""

import asyncio
import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import uvicorn
from starlette.applications import Starlette

from gateways.gost_certificate import certificate_hash
from gateways.gost_signer import PurePythonGost
from gateways.gosuslugi import Attempt, GosuslugiRefused, Grant
from gateways.gosuslugi_http import EsiaGosuslugi, EsiaSystem
from gateways.gosuslugi_tokens import TokenCheck, TrustedKey, issuer_of
from models.clock import SettableClock
from models.secrets import SystemSecrets
from storage.folders import named_by_the_kernel
from web.sandbox.gosuslugi import CLIENT_ID, gosuslugi_routes, sandbox_portal
from web.sandbox.gosuslugi_keys import SandboxKeys, sandbox_keys
from web.sandbox.gosuslugi_portal import BASE

NOON = datetime(2026, 11, 24, 9, tzinfo=UTC)


@dataclass
class Sandbox:
    """The sandbox, its clock, its keys; every word said to it travels over a socket."""

    home: str
    keys: SandboxKeys
    clock: SettableClock
    http: httpx.Client
    at: str  # where this process listens; `home` is the address that all of them speak of

    @property
    def url(self) -> str:
        return f"{self.at}{BASE}"

    def order(self, name: str, **order: Any) -> None:
        answer = self.http.post(f"{self.url}/control/{name}", json=order)
        assert answer.status_code == 200, answer.text

    def notes(self) -> list[str]:
        """What the journal says, newest last: place, outcome, remark."""
        lines = self.http.get(f"{self.url}/control/journal").json()
        return [f"{line['where']} {line['outcome']} {line['note']}".strip() for line in lines]

    def client(self, **other: Any) -> "Client":
        return Client(self, **other)


class Altered(httpx.AsyncHTTPTransport):
    """Puts words of a form in place of those that the adapter has written, None takes one out; notes the answers."""

    def __init__(self, words: dict[str, str | None], seen: list[dict[str, Any]]) -> None:
        super().__init__(verify=False)
        self._words = words
        self._seen = seen

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return await super().handle_async_request(request)
        if self._words:
            form = dict(parse_qsl((await request.aread()).decode()))
            words = {name: text for name, text in {**form, **self._words}.items() if text is not None}
            headers = {"content-type": "application/x-www-form-urlencoded", "host": request.headers["host"]}
            request = httpx.Request("POST", request.url, headers=headers, content=urlencode(words))
        answer = await super().handle_async_request(request)
        body = await answer.aread()
        if answer.status_code == 200 and len(body) < 10_000 and body.startswith(b"{"):
            self._seen.append(json.loads(body))
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(body))


@dataclass
class Client:
    """Our side: the adapter, with any of its parts put wrong by a test."""

    sandbox: Sandbox
    certificate_hash: str | None = None
    keys: tuple[TrustedKey, ...] | None = None
    key: int | None = None
    form: dict[str, str | None] = field(default_factory=dict[str, str | None])
    seen: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def attempt(self, **other: str) -> Attempt:
        made = {
            "state": "state-of-this-attempt",
            "nonce": "nonce-of-this-attempt",
            "verifier": "verifier-of-this-attempt-that-is-long-enough",
            "redirect_uri": f"{self.sandbox.home}/gosuslugi/login",
        }
        return Attempt(**made | other)

    def adapter(self, http: httpx.AsyncClient) -> EsiaGosuslugi:
        sandbox = self.sandbox
        secrets = SystemSecrets(sandbox.clock)
        hashed = self.certificate_hash or certificate_hash(sandbox.keys.certificate)
        keys = sandbox.keys.trusted if self.keys is None else self.keys
        return EsiaGosuslugi(
            EsiaSystem(sandbox.url, CLIENT_ID, hashed),
            PurePythonGost(self.key or sandbox.keys.client, secrets),
            TokenCheck(issuer_of(f"{sandbox.home}{BASE}"), CLIENT_ID, keys),
            http,
            sandbox.clock,
            secrets,
        )

    def address(self, attempt: Attempt | None = None) -> str:
        async def ask() -> str:
            async with httpx.AsyncClient(transport=Altered(self.form, self.seen)) as http:
                return await self.adapter(http).authorization_url(attempt or self.attempt())

        return asyncio.run(ask())

    def come_back(self, user: str, attempt: Attempt | None = None, **also: str) -> dict[str, str]:
        """What the return address is called with, after one call in place of a browser's many."""
        asked = httpx.URL(self.address(attempt)).copy_merge_params({"sandbox_user": user, **also})
        return words_of(self.sandbox.http.get(asked))

    def exchange(self, code: str, attempt: Attempt | None = None) -> Grant:
        async def ask() -> Grant:
            async with httpx.AsyncClient(transport=Altered(self.form, self.seen)) as http:
                return await self.adapter(http).exchange(attempt or self.attempt(), code)

        return asyncio.run(ask())

    def renew(self, token: str | None) -> Grant:
        async def ask() -> Grant:
            async with httpx.AsyncClient(transport=Altered(self.form, self.seen)) as http:
                return await self.adapter(http).renew(token or "")

        return asyncio.run(ask())

    def grant(self, user: str) -> Grant:
        """The whole way there and back."""
        attempt = self.attempt()
        back = self.come_back(user, attempt)
        if "code" not in back:
            raise GosuslugiRefused(back["error_description"].partition(":")[0])
        assert back["state"] == attempt.state
        return self.exchange(back["code"], attempt)


def words_of(answer: httpx.Response) -> dict[str, str]:
    """The parameters of the address that an answer sends to."""
    assert answer.status_code == 303, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


@contextmanager
def sandbox_served(folder: Path, *, beside: Sandbox | None = None) -> Generator[Sandbox]:
    """A sandbox for the length of a block; `beside` makes another server of the same portal."""
    port = named_by_the_kernel()
    clock = beside.clock if beside else SettableClock(NOON)
    home = beside.home if beside else f"http://127.0.0.1:{port}"
    keys = sandbox_keys(folder / "keys", SystemSecrets(clock))
    portal = sandbox_portal(home, [], folder / "state", keys, clock)
    app = Starlette(routes=gosuslugi_routes(portal))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    try:
        with httpx.Client(verify=False) as http:
            yield Sandbox(home, keys, clock, http, f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join(10)
