"""Answers of the edge: one shape for every transport, UTF-8 JSON, errors with a code and a request number."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

import orjson
from graphql import GraphQLError

from models.errors import Refusal, Unavailable, UserError

JsonObject: TypeAlias = dict[str, object]

logger = logging.getLogger("nmo.edge")


class EdgeCode(StrEnum):
    """Codes of what goes wrong before or around the product's own rules."""

    BAD_REQUEST = "BAD_REQUEST"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    FORBIDDEN = "FORBIDDEN"
    DOCUMENT_UNKNOWN = "DOCUMENT_UNKNOWN"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    QUERY_REJECTED = "QUERY_REJECTED"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    RATE_LIMITED = "RATE_LIMITED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    TIMEOUT = "TIMEOUT"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


class Fault(Exception):
    """A request the edge refuses by itself.

    `binding`: the status holds for every media type; otherwise only for application/graphql-response+json,
    because older clients read GraphQL errors from a 200 alone.
    """

    def __init__(
        self,
        status: int,
        code: EdgeCode,
        message: str,
        *,
        binding: bool = True,
        reason: str | None = None,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[GraphQLError] = (),
        extensions: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.binding = binding
        self.reason = reason or code.value.lower()
        self.headers = dict(headers or {})
        self.errors = errors
        self.extensions = dict(extensions or {})


@dataclass(frozen=True, slots=True)
class Answer:
    """One GraphQL response and what HTTP may say about it."""

    body: JsonObject
    status: int = 200
    binding: bool = False
    outcome: str = "ok"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def errors(self) -> list[JsonObject]:
        found = self.body.get("errors", [])
        return found if isinstance(found, list) else []

    @property
    def executed(self) -> bool:
        return "data" in self.body


def encode(value: object) -> bytes:
    """JSON in UTF-8 with the letters as they are."""
    return orjson.dumps(value)


def of_fault(fault: Fault, request_id: str) -> Answer:
    """A refusal of the edge as a GraphQL response without `data`."""
    extensions = {"code": fault.code.value, **fault.extensions, "requestId": request_id}
    entries: list[JsonObject] = [
        {**error.formatted, "extensions": {**extensions}} for error in fault.errors
    ] or [{"message": fault.message, "extensions": extensions}]
    return Answer({"errors": entries}, fault.status, fault.binding, fault.code.value, fault.headers)


REFUSAL_STATUS = {"UNAUTHENTICATED": 401, "FORBIDDEN": 403, "RATE_LIMITED": 429}


def of_refusal(refusal: Refusal, request_id: str) -> Answer:
    """A refusal at the door: nothing was executed."""
    entry = {"message": refusal.message, "extensions": _refused(refusal, request_id)}
    seconds = refusal.extensions.get("retryAfterSeconds")
    headers = {"retry-after": str(seconds)} if isinstance(seconds, int) else {}
    status = REFUSAL_STATUS.get(refusal.code, 400)
    return Answer({"errors": [entry]}, status, False, refusal.code.value, headers)


def _refused(refusal: Refusal, request_id: str) -> JsonObject:
    return {"code": refusal.code.value, **refusal.extensions, "requestId": request_id}


def signed_out(request_id: str) -> Answer:
    """The last word on a stream whose session has ended."""
    extensions = {"code": EdgeCode.UNAUTHENTICATED.value, "requestId": request_id}
    entry = {"message": "Сеанс завершён. Войдите снова.", "extensions": extensions}
    return Answer({"errors": [entry]}, 401, False, EdgeCode.UNAUTHENTICATED.value)


def unavailable(request_id: str) -> Answer:
    """The state of the product cannot be reached now; the client may try again."""
    entry = {"message": UNAVAILABLE_TEXT, "extensions": {"code": "UNAVAILABLE", "requestId": request_id}}
    return Answer({"errors": [entry]}, 503, True, "UNAVAILABLE", {"retry-after": "3"})


UNAVAILABLE_TEXT = "Сервис временно недоступен. Повторите запрос через несколько секунд."
INTERNAL_TEXT = "Внутренняя ошибка. Сообщите в поддержку номер запроса."


def internal(error: BaseException, request_id: str) -> Answer:
    """A fault of ours outside of any field: logged once, shown without its text."""
    logger.error("request %s failed", request_id, exc_info=error)
    entry = {"message": INTERNAL_TEXT, "extensions": {"code": "INTERNAL", "requestId": request_id}}
    return Answer({"errors": [entry]}, 500, True, "INTERNAL")


def describe(error: GraphQLError, request_id: str) -> JsonObject:
    """An error of a field: foreseen ones with their code, all others masked and logged."""
    entry: JsonObject = {"message": error.message}
    if error.locations:
        entry["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        entry["path"] = error.path
    message, extensions = _explain(error, request_id)
    return {**entry, "message": message, "extensions": {**extensions, "requestId": request_id}}


def _explain(error: GraphQLError, request_id: str) -> tuple[str, JsonObject]:
    cause = error.original_error
    if isinstance(cause, Refusal):
        return cause.message, {"code": cause.code.value, **cause.extensions}
    if isinstance(cause, UserError):
        return cause.problems[0].message, {"code": cause.problems[0].code.value}
    if isinstance(cause, Unavailable):
        return UNAVAILABLE_TEXT, {"code": EdgeCode.UNAVAILABLE.value}
    if error.extensions and "code" in error.extensions:
        return error.message, dict(error.extensions)
    logger.error("request %s failed at %s", request_id, error.path, exc_info=cause or error)
    return INTERNAL_TEXT, {"code": EdgeCode.INTERNAL.value}


def code_of(entry: JsonObject) -> str:
    """The code of one formatted error."""
    extensions = entry.get("extensions")
    return str(extensions.get("code", "INTERNAL")) if isinstance(extensions, dict) else "INTERNAL"
