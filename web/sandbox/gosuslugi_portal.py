"""The sandbox of Gosuslugi as a whole: what its parts work with, and how a request is let in and written down."""

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from models.clock import Clock
from models.secrets import Secrets
from web.sandbox.gosuslugi_client import ClientSystem, EsiaError
from web.sandbox.gosuslugi_issue import Issuer
from web.sandbox.gosuslugi_people import Citizen
from web.sandbox.gosuslugi_state import Book, Fault, Line, State

BASE = "/sandbox/gosuslugi"
COOKIE = "sandbox_gosuslugi"
FORM = "application/x-www-form-urlencoded"
QUIET = ("page", "control")
HUGE = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ask:
    """A request as handlers see it; they run in a thread, so the body is read already."""

    query: list[tuple[str, str]]
    form: list[tuple[str, str]]
    body: bytes
    json: bool
    path: Mapping[str, str]
    session: str
    authorization: str

    def word(self, name: str) -> str:
        return dict(self.form).get(name) or dict(self.query).get(name, "")


@dataclass(frozen=True, slots=True)
class Portal:
    """`url` is where the portal is, `home` where the cabinet is; `to_anybody` on a server that was opened to a network."""

    url: str
    home: str
    systems: Mapping[str, ClientSystem]
    people: Mapping[str, Citizen]
    issuer: Issuer
    book: Book
    clock: Clock
    secrets: Secrets
    to_anybody: bool = False

    def now(self, state: State) -> datetime:
        return self.clock.now() + timedelta(seconds=state.offset)

    def citizen(self, state: State, user: str) -> Citizen:
        found = self.people.get(user)
        if found is None:
            raise EsiaError("ESIA-007062", f"nobody is called {user}")
        return found.altered(state.changes.get(user, {}))

    def system(self, client_id: str) -> ClientSystem:
        found = self.systems.get(client_id)
        if found is None:
            raise EsiaError("ESIA-008010", f"no system is called {client_id}")
        return found

    def note(self, state: State, where: str, outcome: str, text: str = "") -> None:
        line = Line(at=self.now(state).timestamp(), where=where, outcome=outcome, note=text)
        state.journal.append(line)


Handler = Callable[[Portal, State, Ask], Response]
Refusal = Callable[[Ask, EsiaError], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def served(portal: Portal, where: str, handler: Handler, refusal: Refusal) -> Endpoint:
    """A handler behind the door: who may come in, faults that were ordered, a line in the journal."""

    def take(ask: Ask) -> Fault | None:
        with portal.book.open() as state:
            return state.take_fault(where, "delay", "status", "answer")

    def run(ask: Ask) -> Response:
        with portal.book.open() as state:
            lines = len(state.journal)
            try:
                answer = handler(portal, state, ask)
            except EsiaError as error:
                portal.note(state, where, error.code, error.note)
                return refusal(ask, error)
            if len(state.journal) == lines and where not in QUIET:
                portal.note(state, where, "ok")
            return answer

    async def endpoint(request: Request) -> Response:
        if not (portal.to_anybody or _is_local(request)):
            return PlainTextResponse("Песочница отвечает только этой машине.\n", 403)
        ask = await _read(request)
        fault = await asyncio.to_thread(take, ask)
        if fault is not None:
            await asyncio.sleep(fault.delay)
            if fault.status or fault.answer:
                return _broken(fault, request)
        return await asyncio.to_thread(run, ask)

    return endpoint


def _is_local(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


async def _read(request: Request) -> Ask:
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0]
    return Ask(
        query=parse_qsl(request.url.query, keep_blank_values=True),
        form=parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True) if kind == FORM else [],
        body=body,
        json=kind == "application/json",
        path=request.path_params,
        session=request.cookies.get(COOKIE, ""),
        authorization=request.headers.get("authorization", ""),
    )


def _broken(fault: Fault, request: Request) -> Response:
    """Answers of which a client must make nothing (A66)."""
    match fault.answer:
        case "html":
            return HTMLResponse("<h1>Технические работы</h1>")
        case "huge":
            return Response(b'{"padding": "' + b"x" * HUGE + b'"}', media_type="application/json")
        case "loop":
            return RedirectResponse(request.url, 307)
        case _:
            return PlainTextResponse("fault\n", fault.status)
