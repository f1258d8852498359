"""A GraphQL client for tests: asks, waits, signs in; every answer is checked for faults of ours."""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from gateways.outbox import Outbox
from models.clock import SystemClock
from resolvers.context import Context
from resolvers.demo import demo_token
from resolvers.demo_login import DEMO_PASSWORD
from web.app import Site

Json = dict[str, Any]
T = TypeVar("T")


@dataclass
class Answer:
    """What came back."""

    status: int
    body: Json
    headers: httpx.Headers

    @property
    def data(self) -> Json:
        """The data of an answer without errors."""
        assert "errors" not in self.body, self.body["errors"]
        data: Json = self.body["data"]
        return data

    @property
    def code(self) -> str:
        """The code of the first top-level error."""
        code: str = self.body["errors"][0]["extensions"]["code"]
        return code


@dataclass
class Api:
    """One caller."""

    site: Site
    http: httpx.AsyncClient
    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    @asynccontextmanager
    async def open(cls, site: Site) -> AsyncGenerator["Api", None]:
        transport = httpx.ASGITransport(site.app)
        async with httpx.AsyncClient(transport=transport, base_url=site.settings.origin) as http:
            yield cls(site, http)

    async def ask(self, query: str, **variables: Any) -> Answer:
        """One operation; a fault of ours fails the test at once."""
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        response = await self.http.post(
            "/graphql", json={"query": query, "variables": variables}, headers={**headers, **self.headers}
        )
        answer = Answer(response.status_code, response.json(), response.headers)
        codes = [error["extensions"]["code"] for error in answer.body.get("errors", ())]
        assert "INTERNAL" not in codes, answer.body
        return answer

    async def data(self, query: str, **variables: Any) -> Json:
        """The data of one operation that must succeed."""
        return (await self.ask(query, **variables)).data

    async def as_demo(self, name: str) -> "Api":
        """Another caller: a demo account (`demo-1`) or a provider (`provider-1`)."""
        token = await demo_token(Context(self.site.ports), name)
        assert token is not None
        return Api(self.site, self.http, token)

    def outbox(self) -> Outbox:
        """The mail and SMS caught so far."""
        return Outbox(self.site.settings.outbox, SystemClock())

    async def code(self, to: str, known: Collection[object] = ()) -> str:
        """The newest code sent to a phone or an address, in none of the messages that are `known`."""

        def found() -> str | None:
            texts = [each.text for each in self.outbox().messages() if each.to == to and each.id not in known]
            match = re.search(r"\b\d{6}\b", texts[0]) if texts else None
            return match.group() if match else None

        code: str = await eventually(found)
        return code

    async def letter(self, to: str, subject: str) -> str:
        """The text of a letter to an address whose subject holds some words."""

        def found() -> str | None:
            letters = self.outbox().messages()
            return next((m.text for m in letters if m.to == to and subject in (m.subject or "")), None)

        text: str = await eventually(found)
        return text


async def eventually(found: Callable[[], Any], seconds: float = 5.0) -> Any:
    """What `found` returns once it returns something."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (value := found()):
        assert asyncio.get_running_loop().time() < deadline, "did not happen in time"
        await asyncio.sleep(0.02)
    return value


async def once(ask: Callable[[], Awaitable[T]], wanted: Callable[[T], bool], seconds: float = 20) -> T:
    """The first answer that is wanted."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not wanted(answer := await ask()):
        assert asyncio.get_running_loop().time() < deadline, answer
        await asyncio.sleep(0.1)
    return answer


PASSWORD = DEMO_PASSWORD
