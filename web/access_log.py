"""The access log: one JSON line an operation, with its number, outcome and duration; never variables.

A request that reaches no operation has its line too, under the name of its resource, with the status of the answer.
"""

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.metrics import Metrics

_ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{16,64}")
logger = logging.getLogger("nmo.access")


@dataclass(slots=True)
class Record:
    """What will be said of one operation."""

    request_id: str
    transport: str
    started: float
    operation: str | None = None
    kind: str | None = None
    events: int = 0


class AccessLog:
    """Writes the lines and counts them."""

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics

    def record(self, scope: Scope, transport: str) -> Record:
        """The line of an operation, or of a socket; its request has no other one."""
        scope["state"]["recorded"] = True
        return Record(request_id(scope), transport, asyncio.get_running_loop().time())

    def write(self, record: Record, outcome: str) -> None:
        seconds = asyncio.get_running_loop().time() - record.started
        self.metrics.done(record.operation, record.kind, record.transport, outcome, seconds)
        write_line(record, outcome, seconds)

    def refused(self, reason: str) -> None:
        self.metrics.refused(reason)


def write_line(record: Record, outcome: str, seconds: float) -> None:
    line = {
        "requestId": record.request_id,
        "transport": record.transport,
        "operation": record.operation,
        "kind": record.kind,
        "outcome": outcome,
        "events": record.events,
        "ms": round(seconds * 1000, 1),
    }
    logger.info(orjson.dumps(line).decode())


def write_unheard(number: str, status: int, seconds: float) -> None:
    """A request that the server refused before the site heard of it."""
    write_line(Record(number, "http", 0), str(status), seconds)


class RequestNumbers:
    """ASGI middleware: every request has a number, the caller's own if harmless, is told it, and has its line."""

    def __init__(self, app: ASGIApp, new_id: Callable[[], str]) -> None:
        self._app = app
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        number, state = self.of(scope), scope["state"]
        started, answered = asyncio.get_running_loop().time(), "cancelled"

        async def numbered(message: Message) -> None:
            nonlocal answered
            answered = _outcome(message, answered)
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                MutableHeaders(scope=message)["x-request-id"] = number
            await send(message)

        try:
            await self._app(scope, receive, numbered)
        finally:
            if "recorded" not in state:
                name = getattr(scope.get("endpoint"), "__name__", "").strip("_")
                seconds = asyncio.get_running_loop().time() - started
                record = Record(number, scope["type"], started, name or None)
                write_line(record, state.get("refused", answered), seconds)

    def of(self, scope: Scope) -> str:
        """The number of a request, given once: the server may need it before the site has begun."""
        state = scope.setdefault("state", {})
        if "request_id" not in state:
            given = Headers(scope=scope).get("x-request-id", "")
            state["request_id"] = given if _ACCEPTED_ID.fullmatch(given) else self._new_id()
        return request_id(scope)


def _outcome(message: Message, before: str) -> str:
    """What the caller is told by this message; a socket that is closed before it is accepted is a 403."""
    match message["type"]:
        case "http.response.start" | "websocket.http.response.start":
            return str(message["status"])
        case "websocket.accept":
            return "closed"
        case "websocket.close":
            return str(message.get("code", 1000)) if before == "closed" else "403"
        case _:
            return before


def request_id(scope: Scope) -> str:
    """The number given by `RequestNumbers`."""
    return str(scope["state"]["request_id"])
