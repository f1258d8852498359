"""Answers of the edge: one shape for every transport, UTF-8 JSON, errors with a code and a request number."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import orjson
from graphql import GraphQLError

from models.errors import Refusal, Unavailable, UserError
from web.json_shapes import JsonObject, is_object

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
        headers: Mapping[str, str] = {},
        errors: Sequence[GraphQLError] = (),
        extensions: Mapping[str, object] = {},
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.binding = binding
        self.reason = reason or code.value.lower()
        self.headers = headers
        self.errors = errors
        self.extensions = extensions


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One GraphQL response and what HTTP may say about it; `executed` tells null data from none."""

    errors: Sequence[JsonObject] = ()
    data: Mapping[str, object] | None = None
    executed: bool = False
    extensions: Mapping[str, object] = field(default_factory=dict[str, object])
    status: int = 200
    binding: bool = False
    outcome: str = "ok"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def body(self) -> JsonObject:
        """The response map of the specification."""
        data: JsonObject = {"data": self.data} if self.executed else {}
        errors: JsonObject = {"errors": self.errors} if self.errors else {}
        return data | errors | ({"extensions": self.extensions} if self.extensions else {})


def of_error(
    code: str,
    message: str,
    request_id: str,
    *,
    status: int,
    binding: bool = False,
    headers: Mapping[str, str] = {},
    extensions: Mapping[str, object] = {},
) -> Answer:
    """An answer that is one error and nothing else."""
    details = {"code": code, **extensions, "requestId": request_id}
    return Answer(
        errors=[{"message": message, "extensions": details}],
        status=status,
        binding=binding,
        outcome=code,
        headers=headers,
    )


QUOTED = re.compile(
    r"(?:[,;] found:|[.?] Found:|, but encountered error) .*"
    r"|(cannot represent [^:]*(?=:)|(?:Unexpected|found) (?:Name|Int|Float|(?:Block)?String)).*",
    re.DOTALL,
)
NO_SUCH_VALUE = re.compile(r"Value '.*' (?=does not exist in ')", re.DOTALL)


def unquoted(message: str) -> str:
    """What graphql-core says of a mistake, without the value it quotes: that may be a password, and callers keep logs."""
    return QUOTED.sub(r"\1.", NO_SUCH_VALUE.sub("Value ", message))


def encode(value: object) -> bytes:
    """JSON in UTF-8 with the letters as they are."""
    return orjson.dumps(value)


def of_fault(fault: Fault, request_id: str) -> Answer:
    """A refusal of the edge as a GraphQL response without `data`."""
    extensions = {"code": fault.code.value, **fault.extensions, "requestId": request_id}
    errors: list[JsonObject] = [
        {**error.formatted, "message": unquoted(error.message), "extensions": extensions}
        for error in fault.errors
    ]
    return Answer(
        errors=errors or [{"message": fault.message, "extensions": extensions}],
        status=fault.status,
        binding=fault.binding,
        outcome=fault.code.value,
        headers=fault.headers,
    )


REFUSAL_STATUS = {"UNAUTHENTICATED": 401, "FORBIDDEN": 403, "RATE_LIMITED": 429}


def of_refusal(refusal: Refusal, request_id: str) -> Answer:
    """A refusal at the door: nothing was executed."""
    code, seconds = refusal.code.value, refusal.extensions.get("retryAfterSeconds")
    return of_error(
        code,
        refusal.message,
        request_id,
        status=REFUSAL_STATUS.get(code, 400),
        headers={"retry-after": str(seconds)} if isinstance(seconds, int) else {},
        extensions=refusal.extensions,
    )


def signed_out(request_id: str) -> Answer:
    """The last word on a stream whose session has ended."""
    return of_error(EdgeCode.UNAUTHENTICATED, "Сеанс завершён. Войдите снова.", request_id, status=401)


def unavailable(request_id: str) -> Answer:
    """The state of the product cannot be reached now; the client may try again."""
    return of_error(
        EdgeCode.UNAVAILABLE,
        UNAVAILABLE_TEXT,
        request_id,
        status=503,
        binding=True,
        headers=COME_AGAIN,
    )


COME_AGAIN = {"retry-after": "3"}
UNAVAILABLE_TEXT = "Сервис временно недоступен. Повторите запрос через несколько секунд."
INTERNAL_TEXT = "Внутренняя ошибка. Сообщите в поддержку номер запроса."


def internal(error: BaseException, request_id: str) -> Answer:
    """A fault of ours outside of any field: logged once, shown without its text."""
    logger.error("request %s failed", request_id, exc_info=error)
    return of_error(EdgeCode.INTERNAL, INTERNAL_TEXT, request_id, status=500, binding=True)


def describe(error: GraphQLError, request_id: str) -> JsonObject:
    """An error of a field: foreseen ones with their code, all others masked and logged."""
    entry: JsonObject = {}
    if error.locations:
        entry["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        entry["path"] = error.path
    message, extensions = _explain(error, request_id)
    return {"message": message, **entry, "extensions": {**extensions, "requestId": request_id}}


def _explain(error: GraphQLError, request_id: str) -> tuple[str, JsonObject]:
    cause = error.original_error
    if isinstance(cause, Refusal):
        return cause.message, {"code": cause.code.value, **cause.extensions}
    if isinstance(cause, UserError):
        return cause.problems[0].message, {"code": cause.problems[0].code.value}
    if isinstance(cause, Unavailable):
        return UNAVAILABLE_TEXT, {"code": EdgeCode.UNAVAILABLE.value}
    if error.extensions and "code" in error.extensions:
        return unquoted(error.message), dict(error.extensions)
    if isinstance(cause, GraphQLError | None) and error.message.startswith("Argument '"):
        # A variable that passed validation may still be null where its default would have done.
        return unquoted(error.message), {"code": EdgeCode.BAD_USER_INPUT.value}
    logger.error("request %s failed at %s", request_id, error.path, exc_info=cause or error)
    return INTERNAL_TEXT, {"code": EdgeCode.INTERNAL.value}


def code_of(entry: JsonObject) -> str:
    """The code of one formatted error."""
    extensions = entry.get("extensions")
    return str(extensions.get("code", "INTERNAL")) if is_object(extensions) else "INTERNAL"
