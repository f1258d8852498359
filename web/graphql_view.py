"""GraphQL over HTTP: one ASGI application for /graphql, conforming to the GraphQL-over-HTTP draft.

Needs `RequestNumbers` around it; the body limit, time-outs and headers of the whole site stand outside.
"""

import asyncio
from collections.abc import Mapping

import strawberry
from graphql import GraphQLSchema, OperationType, specified_rules
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from web.accept import GRAPHQL_JSON, JSON, MULTIPART, STREAMS, preferences
from web.access_log import request_id
from web.answers import Answer, EdgeCode, Fault, encode, of_fault
from web.door import Doorstep
from web.executor import Core
from web.graphql_request import GraphQLRequest, read_parameters, read_query_string
from web.graphql_socket import Sockets
from web.graphql_stream import stream
from web.operations import LIVE_KINDS, Call, Operations
from web.places import Places
from web.strict_json import read_json

HTTP_ALLOW = "GET, POST"


def core_of(schema: strawberry.Schema) -> Core:
    """The parts of a Strawberry schema that graphql-core runs."""
    # Strawberry has no public name for the schema it builds.
    built: GraphQLSchema = vars(schema)["_schema"]
    rules = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
    return Core(built, vars(schema)["execution_context_class"], rules)


class GraphQLEdge:
    """The ASGI application: HTTP answers here, streams and sockets beside."""

    def __init__(self, operations: Operations, doorstep: Doorstep, leaving: asyncio.Event) -> None:
        self._operations = operations
        self._limits = operations.limits
        self._log = operations.log
        self._places = Places(self._limits.sockets_per_user)
        self._sockets = Sockets(operations, doorstep, self._places)
        self._doorstep = doorstep
        self._leaving = leaving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._sockets.serve(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except Fault as fault:
            record = self._log.record(scope, "http")
            self._log.refused(fault.reason)
            self._log.write(record, fault.code.value)
            best = preferences(request.headers.get("accept"))[:1]
            media = GRAPHQL_JSON if best == [GRAPHQL_JSON] else JSON
            response = self._response(of_fault(fault, request_id(scope)), media)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        accepted = _check_form(request)
        token = self._doorstep.token_of_request(request)
        asked = await self._read(request)
        call = Call(request, token, request_id(request.scope), _transport(request))
        media = self._media(asked, accepted)
        if media in STREAMS:
            call.transport = "multipart" if media == MULTIPART else "sse"
            call.kinds = LIVE_KINDS
            call.places = self._places
            resumed = self._resumed(request, asked)
            return stream(self._operations, call, resumed, media, self._leaving)
        call.kinds = HTTP_KINDS[request.method]
        answer = await self._operations.answer(call, asked)
        response = self._response(answer, media)
        for value, seconds in call.entered.result().cookies if call.entered.done() else ():
            response.headers.append("set-cookie", self._doorstep.set_cookie(value, seconds))
        return response

    async def _read(self, request: Request) -> GraphQLRequest:
        if request.method == "GET":
            return read_query_string(request.query_params, self._limits.json_depth)
        return read_parameters(read_json(await request.body(), self._limits.json_depth))

    def _media(self, asked: GraphQLRequest, accepted: list[str]) -> str:
        """The first acceptable type, but a stream for every subscription and for no mutation if there is a choice."""
        streams = [media for media in accepted if media in STREAMS]
        plain = [media for media in accepted if media not in STREAMS]
        if not (streams and plain):
            return accepted[0]
        try:
            kind = self._operations.facts(asked).kind
        except Fault:
            return accepted[0]
        best = {OperationType.SUBSCRIPTION: streams[0], OperationType.MUTATION: plain[0]}
        return best.get(kind, accepted[0])

    def _resumed(self, request: Request, asked: GraphQLRequest) -> GraphQLRequest:
        """An EventSource that comes back names the last event it saw."""
        cursor = request.headers.get("last-event-id")
        if not cursor or asked.variables.get("after") is not None:
            return asked
        return asked.resumed_after(cursor)

    def _response(self, answer: Answer, media: str) -> Response:
        status = answer.status if answer.binding or media == GRAPHQL_JSON else 200
        headers: Mapping[str, str] = {**HEADERS, **answer.headers}
        return Response(encode(answer.body), status, headers, f"{media}; charset=utf-8")


HEADERS = {"vary": "Accept", "cache-control": "no-store", "x-content-type-options": "nosniff"}
READ_ONLY = frozenset({OperationType.QUERY})
HTTP_KINDS = {"GET": READ_ONLY, "POST": READ_ONLY | {OperationType.MUTATION}}


def _transport(request: Request) -> str:
    return "get" if request.method == "GET" else "post"


def _check_form(request: Request) -> list[str]:
    """Method, content type and Accept, before anything is read."""
    if request.method not in ("GET", "POST"):
        raise _refused(405, "Метод не поддерживается.", {"allow": HTTP_ALLOW})
    if request.method == "POST":
        _check_content(request)
    accepted = preferences(request.headers.get("accept"))
    if not accepted:
        raise _refused(406, f"Ответ может быть {GRAPHQL_JSON}, {JSON}, {' или '.join(STREAMS)}.")
    return accepted


def _check_content(request: Request) -> None:
    media, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    if media.strip() != JSON or charset not in ("", "charset=utf-8", "charset=utf8"):
        raise _refused(415, f"Тело запроса должно быть {JSON} в UTF-8.", {"accept-post": JSON})
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise _refused(415, "Сжатые тела не принимаются.")


def _refused(status: int, message: str, headers: Mapping[str, str] = {}) -> Fault:
    return Fault(status, EdgeCode.BAD_REQUEST, message, reason=f"http_{status}", headers=headers)
