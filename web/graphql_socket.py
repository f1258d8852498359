"""graphql-transport-ws: one socket, many operations; a bad operation never ends the others.

Queries and subscriptions only: changes go over HTTP, where their limits and cookies live.
"""

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack, aclosing, suppress

from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from models.errors import Refusal, Unavailable
from storage.patience import given_up
from web.access_log import request_id
from web.answers import Answer, EdgeCode, Fault, encode, logger, of_fault
from web.door import Doorstep, Visit
from web.graphql_request import read_parameters
from web.json_shapes import JsonObject, is_object
from web.operations import LIVE_KINDS, Call, Operations
from web.places import Places
from web.strict_json import read_json

PROTOCOL = "graphql-transport-ws"


class Closing(Exception):
    """The socket has to be closed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Sockets:
    """Opens sockets; each takes one of its person's places."""

    def __init__(self, operations: Operations, doorstep: Doorstep, places: Places) -> None:
        self.operations = operations
        self.doorstep = doorstep
        self.log = operations.log
        self.places = places

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        if not self.doorstep.admits_socket(socket.headers):
            self.log.refused("socket_origin")
            await socket.close()
            return
        if PROTOCOL not in scope["subprotocols"]:
            await socket.accept()
            await socket.close(4406, "Subprotocol not acceptable")
            return
        await socket.accept(PROTOCOL)
        self.log.metrics.sockets.inc()
        try:
            await _Socket(self, socket).run()
        finally:
            self.log.metrics.sockets.dec()


class _Socket:
    """The state of one connection."""

    def __init__(self, sockets: Sockets, socket: WebSocket) -> None:
        self._sockets = sockets
        self._socket = socket
        self._limits = sockets.operations.limits
        self._operations = sockets.operations
        self._request_id = request_id(socket.scope)
        self._token: str | None = None
        self._running: dict[str, asyncio.Task[None]] = {}
        self._watch: asyncio.Task[None] | None = None
        self._place = ExitStack()

    async def run(self) -> None:
        record = self._sockets.log.record(self._socket.scope, "websocket")
        record.kind = "connection"
        outcome = "closed"
        try:
            await self._talk()
        except Closing as closing:
            outcome = str(closing.code)
            await self._cancel_operations()
            await self._close(closing)
        except (WebSocketDisconnect, WebSocketDisconnected):
            outcome = "disconnected"
        finally:
            await self._leave()
            self._sockets.log.write(record, outcome)

    async def _talk(self) -> None:
        try:
            async with given_up(self._limits.socket_init_seconds):
                while self._watch is None:
                    await self._handle(await self._message())
        except TimeoutError:
            raise Closing(4408, "Connection initialisation timeout") from None
        while True:
            await self._handle(await self._message())

    async def _message(self) -> Mapping[str, object]:
        event = await self._socket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event.get("code", 1005))
        text = event.get("text")
        if not isinstance(text, str):
            raise Closing(4400, "Text messages only")
        try:
            message = read_json(text.encode(), self._limits.json_depth)
        except Fault:
            raise Closing(4400, "Invalid JSON") from None
        if not is_object(message):
            raise Closing(4400, "A message is an object")
        return message

    async def _handle(self, message: Mapping[str, object]) -> None:
        payload = message.get("payload")
        match message.get("type"):
            case "ping":
                await self._send({"type": "pong", **({"payload": payload} if payload is not None else {})})
            case "pong":
                pass
            case "connection_init":
                await self._init(payload)
            case "subscribe":
                await self._subscribe(message.get("id"), payload)
            case "complete":
                self._complete(message.get("id"))
            case _:
                raise Closing(4400, "Unknown message type")

    async def _init(self, payload: object) -> None:
        if self._watch is not None:
            raise Closing(4429, "Too many initialisation requests")
        if payload is not None and not is_object(payload):
            raise Closing(4400, "Payload is an object")
        token = payload.get("token") if is_object(payload) else None
        connection = HTTPConnection(self._socket.scope)
        self._token = token if isinstance(token, str) else self._sockets.doorstep.token_of_socket(connection)
        visit = await self._enter(connection)
        self._take_place(connection, visit)
        self._watch = asyncio.create_task(self._until_revoked(visit))
        await self._send({"type": "connection_ack"})

    async def _enter(self, connection: HTTPConnection) -> Visit:
        try:
            return await self._operations.door.enter(connection, self._token, None)
        except Exception as error:
            raise self._closing(error) from None

    def _take_place(self, connection: HTTPConnection, visit: Visit) -> None:
        try:
            self._place.enter_context(self._sockets.places.taken(connection, visit))
        except Fault as fault:
            self._sockets.log.refused(fault.reason)
            raise Closing(4429, "Too many connections") from None

    def _closing(self, error: Exception) -> Closing:
        """What the door could not do, as a close code."""
        if isinstance(error, Refusal):
            signed_out = error.code.value == EdgeCode.UNAUTHENTICATED
            return Closing(4401 if signed_out else 4403, error.code.value)
        if isinstance(error, Unavailable):
            return Closing(1013, "Try again later")
        logger.error("request %s failed", self._request_id, exc_info=error)
        return Closing(1011, "Internal error")

    async def _until_revoked(self, visit: Visit) -> None:
        """A socket that nobody watches may not stay open either."""
        try:
            await self._operations.door.revoked(visit)
            closing = Closing(4401, "Session ended")
        except Exception as error:
            closing = self._closing(error)
        await self._cancel_operations()
        await self._close(closing)

    async def _subscribe(self, key: object, payload: object) -> None:
        if self._watch is None:
            raise Closing(4401, "Unauthorized")
        if not isinstance(key, str) or not key or not is_object(payload):
            raise Closing(4400, "Subscribe needs an id and a payload")
        if key in self._running:
            raise Closing(4409, "Subscriber already exists")
        if len(self._running) >= self._limits.socket_subscriptions:
            await self._send_error(key, self._too_many())
            return
        self._running[key] = asyncio.create_task(self._operation(key, payload))

    def _complete(self, key: object) -> None:
        task = self._running.pop(key, None) if isinstance(key, str) else None
        if task is not None:
            task.cancel()

    async def _operation(self, key: str, payload: Mapping[str, object]) -> None:
        """Sends every answer of one operation and then its end."""
        try:
            last = await self._answers(key, payload)
            if self._running.get(key) is asyncio.current_task():
                del self._running[key]
                await self._end(key, last)
        except (WebSocketDisconnect, WebSocketDisconnected):
            self._running.pop(key, None)

    async def _end(self, key: str, last: Answer | None) -> None:
        if last is None:
            await self._send({"id": key, "type": "complete"})
        else:
            await self._send_error(key, last)

    async def _answers(self, key: str, payload: Mapping[str, object]) -> Answer | None:
        connection = HTTPConnection(self._socket.scope)
        call = Call(connection, self._token, self._request_id, "websocket", LIVE_KINDS)
        try:
            asked = read_parameters(payload)
        except Fault as fault:
            return of_fault(fault, self._request_id)
        async with aclosing(self._operations.events(call, asked)) as answers:
            async for answer in answers:
                if not answer.executed:
                    return answer
                await self._send({"id": key, "type": "next", "payload": answer.body})
        return None

    def _too_many(self) -> Answer:
        most = self._limits.socket_subscriptions
        self._sockets.log.refused("socket_subscriptions")
        fault = Fault(429, EdgeCode.RATE_LIMITED, f"Не больше {most} операций на одном соединении.")
        return of_fault(fault, self._request_id)

    async def _send_error(self, key: str, answer: Answer) -> None:
        await self._send({"id": key, "type": "error", "payload": answer.errors})

    async def _send(self, message: JsonObject) -> None:
        await self._socket.send({"type": "websocket.send", "text": encode(message).decode()})

    async def _close(self, closing: Closing) -> None:
        # The peer may have closed first.
        with suppress(RuntimeError, WebSocketDisconnect):
            await self._socket.close(closing.code, closing.reason)

    async def _cancel_operations(self) -> None:
        tasks = list(self._running.values())
        self._running.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _leave(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        await self._cancel_operations()
        self._place.close()
