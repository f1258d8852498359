"""The access log: one JSON line an operation, with its number, outcome and duration; never variables."""

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

    def record(self, request_id: str, transport: str) -> Record:
        return Record(request_id, transport, asyncio.get_running_loop().time())

    def write(self, record: Record, outcome: str) -> None:
        seconds = asyncio.get_running_loop().time() - record.started
        self.metrics.done(record.operation, record.kind, record.transport, outcome, seconds)
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

    def refused(self, reason: str) -> None:
        self.metrics.refused(reason)


class RequestNumbers:
    """ASGI middleware: every request has a number, the caller's own if harmless, and is told it."""

    def __init__(self, app: ASGIApp, new_id: Callable[[], str]) -> None:
        self._app = app
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        number = given if _ACCEPTED_ID.fullmatch(given) else self._new_id()
        scope.setdefault("state", {})["request_id"] = number

        async def numbered(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                MutableHeaders(scope=message)["x-request-id"] = number
            await send(message)

        await self._app(scope, receive, numbered)


def request_id(scope: Scope) -> str:
    """The number given by `RequestNumbers`."""
    return str(scope["state"]["request_id"])
