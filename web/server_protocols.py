"""Connections that lose patience: a client may not send its request, or read its answer, for ever.

uvicorn times out idle keep-alive connections only; these subclasses bound the rest.
"""

import asyncio
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from web.access_log import RequestNumbers, write_unheard
from web.answers import EdgeCode, encode, of_error
from web.limits import Limits

UNHEARD = {
    400: (EdgeCode.BAD_REQUEST, "Запрос не по правилам HTTP или WebSocket."),
    408: (EdgeCode.TIMEOUT, "Запрос не пришёл целиком вовремя."),
    431: (EdgeCode.PAYLOAD_TOO_LARGE, "Адрес и заголовки запроса слишком велики."),
}


class PatientConfig(uvicorn.Config):
    """uvicorn's options with our limits beside them."""

    limits = Limits()


def limits_of(config: uvicorn.Config) -> Limits:
    """The limits the server was started with."""
    return config.limits if isinstance(config, PatientConfig) else Limits()


def number_of(config: uvicorn.Config, scope: Any) -> str:
    """The number of a request from where the site takes it, also of one that the site never hears of."""
    return config.app.of(scope) if isinstance(config.app, RequestNumbers) else ""


class PatientHttp(HttpToolsProtocol):
    """HTTP/1.1 with time limits for the head, the body and a stuck reader, and a size limit for the head."""

    _arrival: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _in_head = True
    _unreadable = 400
    _awaited = 0.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        self._head_bytes += len(data) if self._in_head else 0
        if self._arrival is None and (not self.cycle or self.cycle.response_complete):
            self._expect_head()
        super().data_received(data)
        if self._in_head and self._head_bytes > self._most_head():
            self._refuse(431)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True

    def on_headers_complete(self) -> None:
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > self._most_head():
            self._unreadable = 431
            raise ValueError("a head that is too large, and came at once")
        hosts = [name for name, _ in self.headers].count(b"host")
        if self.parser and self.parser.get_http_version() == "1.1" and hosts != 1:
            raise ValueError("HTTP/1.1 names one host")  # RFC 9112, 3.2; the parser makes a 400 of it
        self._in_head = False
        self._head_bytes = 0
        self._expect(limits_of(self.config).body_seconds)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._forget_arrival()
        # Whatever comes next is the head of the next request.
        self._in_head = True
        self._head_bytes = 0
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._forget_arrival()
        super().handle_websocket_upgrade()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_arrival()
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stuck = self.loop.call_later(limits_of(self.config).stuck_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None
        super().resume_writing()

    def _most_head(self) -> int:
        return limits_of(self.config).header_bytes

    def _expect_head(self) -> None:
        self._in_head = True
        self._expect(limits_of(self.config).header_seconds)

    def _expect(self, seconds: float) -> None:
        self._forget_arrival()
        self._awaited = self.loop.time()
        self._arrival = self.loop.call_later(seconds, self._refuse, 408)

    def _forget_arrival(self) -> None:
        if self._arrival is not None:
            self._arrival.cancel()
            self._arrival = None

    def _refuse(self, status: int) -> None:
        self._forget_arrival()
        if self.transport.is_closing():
            return
        if self._may_answer():
            self.transport.write(_unheard(status, self._noted(status)))
        self.transport.close()

    def send_400_response(self, msg: str) -> None:
        self._refuse(self._unreadable)

    def _noted(self, status: int) -> str:
        """The number of what is refused. The site writes the line of a request that it has begun, we all others."""
        if not self._in_head and self.cycle:
            self.cycle.scope.setdefault("state", {})["refused"] = str(status)
            return number_of(self.config, self.cycle.scope)
        number = number_of(self.config, {"headers": []})
        if self._head_bytes:
            write_unheard(number, status, self.loop.time() - self._awaited)
        return number

    def _may_answer(self) -> bool:
        """Whether the next bytes on the wire belong to the request being refused, not to one before it."""
        if not self.cycle:
            return True
        if self._in_head:
            return self.cycle.response_complete
        return not self.pipeline and not self.cycle.response_started


def _unheard(status: int, number: str) -> bytes:
    """An answer to what the site has not heard of, or not in full."""
    code, message = UNHEARD[status]
    body = encode(of_error(code, message, number, status=status).body)
    head = b"content-type: application/json; charset=utf-8\r\nconnection: close\r\n"
    about = b"content-length: %d\r\nx-request-id: %s\r\n\r\n" % (len(body), number.encode())
    return STATUS_LINE[status] + head + about + body


class PatientWebSocket(WebSocketsSansIOProtocol):
    """A WebSocket that is closed with 1013 (try again later) when its reader has been stuck too long."""

    _stuck: asyncio.TimerHandle | None = None

    def handle_connect(self, event: Request) -> None:
        """The library would refuse a handshake in its own words."""
        if self.conn.accept(event).status_code == 101:
            super().handle_connect(event)
            return
        self.handshake_complete = self.close_sent = True
        number = number_of(self.config, {"headers": []})
        write_unheard(number, 400, 0)
        self.transport.write(_unheard(400, number))
        self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stuck = self.loop.call_later(limits_of(self.config).stuck_seconds, self._give_up)

    def resume_writing(self) -> None:
        self._forget_stuck()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_stuck()
        super().connection_lost(exc)

    def send_receive_event_to_app(self) -> None:
        if self.curr_msg_data_type == "text" and not _is_utf8(b"".join(self.frames)):
            self.conn.send_close(1007)
            self.handle_parser_exception()
            return
        super().send_receive_event_to_app()

    def _give_up(self) -> None:
        """What waits to be sent stays in the buffer for a while, the close frame behind it."""
        self._stuck = self.loop.call_later(limits_of(self.config).stuck_seconds, self.transport.abort)
        if not self.close_sent:
            self.conn.send_close(1013, "Reader too slow")
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": 1013, "reason": "Reader too slow"})
        self.disconnected = True
        self.writable.set()
        self.transport.close()

    def _forget_stuck(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
