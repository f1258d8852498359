"""ASGI middlewares around the whole site: request numbers, safe headers, a limit on bodies before parsing."""

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.access_log import RequestNumbers, request_id
from web.answers import EdgeCode, encode, of_error
from web.limits import Limits

SAFE_HEADERS = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin"}


def perimeter(app: ASGIApp, limits: Limits, new_id: Callable[[], str]) -> ASGIApp:
    """The site as the server should run it."""
    return RequestNumbers(SafeHeaders(BodyLimit(app, limits.body_bytes)), new_id)


class SafeHeaders:
    """Headers that every answer has unless it says otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFE_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, safe if scope["type"] == "http" else send)


class BodyLimit:
    """Answers 413 as soon as a body is known to be too large; nothing has parsed it by then."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        declared = headers.get("content-length", "0").lstrip("0") or "0"
        # int() refuses thousands of digits.
        fits = declared.isdecimal() and int(declared[:20]) <= self._most
        if fits and (declared != "0" or "transfer-encoding" in headers):
            body = await self._whole(receive)
            if body is None:
                return
            fits, receive = len(body) <= self._most, _again(body, receive)
        await (self._app if fits else self._refusal(scope))(scope, receive, send)

    async def _whole(self, receive: Receive) -> bytes | None:
        """The body, or as much of it as is too much; nothing of one whose sender has left in the middle."""
        body, more = bytearray(), True
        while more and len(body) <= self._most:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            more = message.get("more_body", False)
        return bytes(body)

    def _refusal(self, scope: Scope) -> Response:
        message = f"Тело запроса больше {self._most} байт."
        answer = of_error(EdgeCode.PAYLOAD_TOO_LARGE, message, request_id(scope), status=413)
        return Response(encode(answer.body), 413, media_type="application/json; charset=utf-8")


def _again(body: bytes, receive: Receive) -> Receive:
    """A body already read, then whatever the connection says."""
    waiting = [body]

    async def replayed() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replayed
