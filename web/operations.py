"""Running operations: one way for every transport, with a deadline, own context, masked errors and a record.

The schema is executed by graphql-core directly, so that a document is parsed and validated once, a
subscription gets fresh loaders for each event, and the executor is named in one place.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, TypeAlias, TypeVar

from graphql import ExecutionResult, GraphQLError, OperationType
from starlette.requests import HTTPConnection

from models.errors import Refusal, Unavailable, UserError, as_refusal
from storage.patience import given_up
from web.access_log import AccessLog, Record
from web.answers import COME_AGAIN, Answer, EdgeCode, Fault, code_of, describe, internal, of_fault, of_refusal
from web.answers import unavailable as unavailable_answer
from web.budget import check_values, rejected
from web.documents import Documents
from web.door import Door, Visit
from web.executor import Core, Run
from web.graphql_request import GraphQLRequest
from web.json_shapes import JsonObject
from web.operation_facts import OperationFacts
from web.places import Places
from web.turns import Turns

Profile = Literal["classic", "draft-2026-08"]
EVERY_KIND = frozenset(OperationType)
LIVE_KINDS = frozenset({OperationType.QUERY, OperationType.SUBSCRIPTION})
T = TypeVar("T")
Answers: TypeAlias = AsyncGenerator[Answer, None]


@dataclass(slots=True)
class Call:
    """The circumstances of one operation; `places` where a subscription is a connection of its own."""

    connection: HTTPConnection
    token: str | None
    request_id: str
    transport: str
    kinds: frozenset[OperationType] = EVERY_KIND
    places: Places | None = None
    entered: asyncio.Future[Visit] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Operations:
    """Executes what the documents let through."""

    def __init__(
        self, core: Core, documents: Documents, door: Door, log: AccessLog, profile: Profile
    ) -> None:
        self._core = core
        self._documents = documents
        self.door = door
        self.limits = documents.limits
        self.log = log
        self._draft = profile != "classic"
        self._turns = Turns(self.limits.events_at_once)

    def facts(self, request: GraphQLRequest) -> OperationFacts:
        """What the request asks for; a `Fault` when it cannot be run at all."""
        return self._documents.prepare(request).operation(request.operation_name)

    async def answer(self, call: Call, request: GraphQLRequest) -> Answer:
        """One answer to a query or a mutation."""
        async with aclosing(self.events(call, request)) as answers:
            async for answer in answers:
                return answer
        raise RuntimeError("an operation gave no answer")

    async def events(self, call: Call, request: GraphQLRequest) -> Answers:
        """Every answer of an operation: one, or as many as a subscription has events."""
        record = self.log.record(call.connection.scope, call.transport)
        outcome = "cancelled"
        try:
            async with aclosing(self._answers(call, request, record)) as answers:
                async for answer in answers:
                    outcome = answer.outcome
                    record.events += 1
                    yield answer
        finally:
            self.log.write(record, outcome)

    async def _answers(self, call: Call, request: GraphQLRequest, record: Record) -> Answers:
        try:
            prepared = self._documents.prepare(request)
            operation = prepared.operation(request.operation_name)
            record.operation, record.kind = operation.name, operation.kind.value
            extensions = self._admit(call, request, operation)
            ends = self._deadline()
            visit = await self._limited(self.door.enter(call.connection, call.token, operation), ends)
            call.entered.set_result(visit)
            run = self._core.bind(prepared.document, request, visit)
            if isinstance(run, list):
                raise _uncoerced(run)
            if operation.kind is not OperationType.SUBSCRIPTION:
                result = await self._limited(run.result(), ends)
                yield self._answer(result, call.request_id, extensions)
                return
            with call.places.taken(call.connection, visit) if call.places else nullcontext():
                async with aclosing(self._subscription(run, call, extensions, ends)) as answers:
                    async for answer in answers:
                        yield answer
        except Fault as fault:
            self.log.refused(fault.reason)
            yield self._refusal(fault, call.request_id)
        except Refusal as refusal:
            yield of_refusal(refusal, call.request_id)
        except UserError as error:
            yield of_refusal(as_refusal(error), call.request_id)
        except Unavailable:
            yield unavailable_answer(call.request_id)
        except Exception as error:
            yield internal(error, call.request_id)

    def _refusal(self, fault: Fault, request_id: str) -> Answer:
        if self._draft and fault.status == 400 and fault.code in UNPROCESSABLE:
            fault.status = 422
        return of_fault(fault, request_id)

    def _admit(self, call: Call, request: GraphQLRequest, operation: OperationFacts) -> JsonObject:
        """The last checks before the door: kind, cost, form of the variables."""
        if operation.kind not in call.kinds:
            raise _misplaced(call, operation)
        check_values(request.variables, self.limits.list_items)
        cost = operation.nodes(request.variables, self.limits)
        if cost > self.limits.nodes:
            raise rejected("nodes", f"Запрос требует {cost} объектов, а можно {self.limits.nodes}.")
        most = self.limits.nodes
        return {"cost": {"requested": cost, "maximum": most, "remaining": most - cost}}

    async def _subscription(self, run: Run, call: Call, extensions: JsonObject, ends: float) -> Answers:
        source = await self._limited(run.source(), ends)
        if isinstance(source, ExecutionResult):
            yield self._answer(source, call.request_id, extensions)
            return
        with self.log.metrics.subscriptions.track_inprogress():
            in_turn = partial(self._in_turn, run.visit.subject)
            async with aclosing(run.responses(source, in_turn)) as results:
                async for result in results:
                    answer = self._answer(result, call.request_id, extensions)
                    if LOST.isdisjoint(map(code_of, answer.errors)):
                        yield answer
                        continue
                    # A client that saw its cursor would never ask for this event again.
                    yield replace(answer, data=None, executed=False)
                    return

    async def _in_turn(self, subject: str | None, work: Awaitable[T]) -> T:
        """One change may concern every open page: they are served a few at a time, and wait without a deadline."""
        async with self._turns.taken(subject):
            return await self._limited(work, self._deadline())

    def _deadline(self) -> float:
        """When what begins now is given up, by the clock of the loop."""
        return asyncio.get_running_loop().time() + self.limits.deadline_seconds

    async def _limited(self, work: Awaitable[T], ends: float) -> T:
        try:
            async with given_up(ends - asyncio.get_running_loop().time()):
                return await work
        except TimeoutError:
            raise late(self.limits.deadline_seconds) from None

    def _answer(self, result: ExecutionResult, request_id: str, extensions: JsonObject) -> Answer:
        for error in result.errors or []:
            if isinstance(error.original_error, Fault):
                raise error.original_error
        errors = [describe(error, request_id) for error in result.errors or []]
        codes = [code_of(error) for error in errors]
        down = result.data is None and EdgeCode.UNAVAILABLE in codes
        partly = self._draft and errors and result.data is not None
        return Answer(
            data=result.data,
            executed=True,
            errors=errors,
            extensions={"requestId": request_id, **extensions},
            status=503 if down else 294 if partly else 200,
            binding=down,
            outcome=codes[0] if codes else "ok",
            headers=COME_AGAIN if down else {},
        )


LOST = frozenset({EdgeCode.UNAVAILABLE, EdgeCode.TIMEOUT, EdgeCode.INTERNAL})
UNPROCESSABLE = (EdgeCode.GRAPHQL_VALIDATION_FAILED, EdgeCode.BAD_USER_INPUT, EdgeCode.QUERY_REJECTED)


def late(seconds: float) -> Fault:
    """The operation was cancelled at its deadline."""
    message = f"Запрос выполнялся дольше {seconds:g} с и остановлен."
    return Fault(503, EdgeCode.TIMEOUT, message, headers=COME_AGAIN)


def _uncoerced(errors: list[GraphQLError]) -> Fault:
    message = errors[0].message
    return Fault(400, EdgeCode.BAD_USER_INPUT, message, binding=False, errors=errors)


def _misplaced(call: Call, operation: OperationFacts) -> Fault:
    if call.transport == "get":
        message = "По GET выполняются только запросы на чтение."
        return Fault(405, EdgeCode.BAD_REQUEST, message, headers={"allow": "POST"}, reason="get_mutation")
    if operation.kind is OperationType.SUBSCRIPTION:
        message = "Подписке нужен поток: text/event-stream, multipart/mixed или WebSocket."
        return Fault(406, EdgeCode.BAD_REQUEST, message, reason="json_subscription")
    message = "Изменения принимаются только обычным запросом POST с ответом в JSON."
    return Fault(400, EdgeCode.BAD_REQUEST, message, reason="live_mutation")
