"""GraphQL streams over HTTP: server-sent events (distinct connections) and multipart subscriptions."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Protocol

from starlette.responses import StreamingResponse

from models.errors import Unavailable
from web.accept import MULTIPART
from web.answers import Answer, encode, internal, signed_out, unavailable
from web.graphql_request import GraphQLRequest
from web.json_shapes import is_object
from web.operations import Call, Operations

HEADERS = {
    "cache-control": "no-cache, no-store, no-transform",
    "x-accel-buffering": "no",
    "vary": "Accept",
    "x-content-type-options": "nosniff",
}


class Framing(Protocol):
    """How answers are written on one kind of stream."""

    media: str
    heartbeat: bytes
    end: bytes

    def frame(self, answer: Answer) -> bytes: ...


class EventFraming:
    """text/event-stream with LF only; the cursor of an event is its id, so EventSource resumes by itself."""

    media = "text/event-stream; charset=utf-8"
    heartbeat = b":\n\n"
    end = b"event: complete\ndata: \n\n"

    def frame(self, answer: Answer) -> bytes:
        cursor = event_cursor(answer.data)
        name = b"" if cursor is None else b"id: " + cursor.encode() + b"\n"
        return name + b"event: next\ndata: " + encode(answer.body) + b"\n\n"


class PartFraming:
    """multipart/mixed as Apollo Client reads it (subscriptionSpec 1.0)."""

    media = 'multipart/mixed; boundary="graphql"; subscriptionSpec=1.0'
    _HEAD = b"\r\n--graphql\r\ncontent-type: application/json\r\n\r\n"
    heartbeat = _HEAD + b"{}"
    end = b"\r\n--graphql--\r\n"

    def frame(self, answer: Answer) -> bytes:
        payload = answer.body if answer.executed else {"payload": None, **answer.body}
        return self._HEAD + encode({"payload": payload} if answer.executed else payload)


def stream(
    operations: Operations,
    call: Call,
    asked: GraphQLRequest,
    media: str,
    leaving: asyncio.Event,
) -> StreamingResponse:
    """The response that carries every answer of the operation."""
    framing: Framing = PartFraming() if media == MULTIPART else EventFraming()
    answers = live(operations, call, asked, operations.limits.heartbeat_seconds, leaving)
    return StreamingResponse(
        _frames(answers, framing, leaving), 200, {**HEADERS, "content-type": framing.media}, media_type=None
    )


async def _frames(
    answers: AsyncGenerator[Answer | None, None], framing: Framing, leaving: asyncio.Event
) -> AsyncGenerator[bytes, None]:
    """A server that leaves says nothing of an end: the operation goes on where the client turns next."""
    async with aclosing(answers) as beats:
        async for answer in beats:
            yield framing.heartbeat if answer is None else framing.frame(answer)
    if not leaving.is_set():
        yield framing.end


async def live(
    operations: Operations, call: Call, asked: GraphQLRequest, seconds: float, leaving: asyncio.Event
) -> AsyncGenerator[Answer | None, None]:
    """The answers; None after each silence of so many seconds; the last word when the session ends."""
    async with aclosing(operations.events(call, asked)) as answers:
        ended = asyncio.ensure_future(_session_end(operations, call))
        following = asyncio.ensure_future(anext(answers, None))
        left = asyncio.ensure_future(leaving.wait())
        try:
            while True:
                done, _ = await asyncio.wait(
                    {following, ended, left}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
                )
                if following in done:
                    answer = following.result()
                    if answer is None:
                        return
                    yield answer
                    following = asyncio.ensure_future(anext(answers, None))
                elif ended in done:
                    yield _last_word(ended, call.request_id)
                    return
                elif left in done:
                    return
                else:
                    yield None
        finally:
            await _cancel(following, ended, left)


def _last_word(ended: asyncio.Future[None], request_id: str) -> Answer:
    """Signed out when the session has ended; a watch that failed says so and nothing about the session."""
    error = ended.exception()
    if isinstance(error, Unavailable):
        return unavailable(request_id)
    return signed_out(request_id) if error is None else internal(error, request_id)


async def _session_end(operations: Operations, call: Call) -> None:
    await operations.door.revoked(await call.entered)


async def _cancel(*tasks: asyncio.Future[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def event_cursor(data: object) -> str | None:
    """The cursor of the event, when the client asked for it."""
    for value in data.values() if is_object(data) else ():
        cursor = value.get("cursor") if is_object(value) else None
        if isinstance(cursor, str | int):
            return str(cursor).replace("\n", "").replace("\r", "")
    return None
