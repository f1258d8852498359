"""The statements resource of xAPI 1.0.3: course players report by POST or PUT (3.4-16)."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.errors import ErrorCode, Problem, Refusal, Unavailable, UserError
from models.organizers import Scope
from resolvers.rights import demand, provider
from resolvers.xapi import take_statements
from storage.patience import unavailable_after
from web.access_log import request_id
from web.answers import COME_AGAIN, REFUSAL_STATUS, UNAVAILABLE_TEXT, EdgeCode, Fault, encode
from web.door import Doorstep
from web.doorkeeper import Doorkeeper
from web.json_shapes import is_array, is_object
from web.limits import Limits
from web.strict_json import bad_request, read_json

VERSION = "X-Experience-API-Version"
HEADERS = {VERSION: "1.0.3", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
SPOKEN = re.compile(r"1\.0(?:\.\d+)?")
METHODS = ["POST", "PUT"]
OTHERS = ["GET", "DELETE", "PATCH", "OPTIONS", "TRACE"]  # refused by us, in the form of the rest


def xapi_route(doorkeeper: Doorkeeper, doorstep: Doorstep, limits: Limits) -> Route:
    """`/xapi/statements` for service accounts with the right to report results."""

    async def statements(request: Request) -> Response:
        try:
            if request.method not in METHODS:
                raise Fault(
                    405, EdgeCode.BAD_REQUEST, "Только POST и PUT.", headers={"allow": ", ".join(METHODS)}
                )
            _check_form(request)
            sent = await request.body()
            async with unavailable_after(limits.deadline_seconds):
                context = await doorkeeper.enter(request, doorstep.bearer_of(request), None)
                demand(context, provider(Scope.RESULTS))
                given = _statements(request, read_json(sent, limits.json_depth), limits.list_items)
                ids = await take_statements(context, statements=given)
        except UserError as error:
            conflict = any(problem.code is ErrorCode.CONFLICT for problem in error.problems)
            return _refused(request, 409 if conflict else 400, error.problems)
        except Refusal as refusal:
            status = REFUSAL_STATUS.get(refusal.code.value, 400)
            return _refused(request, status, [Problem(refusal.code, refusal.message)])
        except Fault as fault:
            told = [_error(fault.code.value, fault.message, ())]
            return _answer(
                fault.status, {"errors": told, "requestId": request_id(request.scope)}, fault.headers
            )
        except Unavailable:
            told = [_error(EdgeCode.UNAVAILABLE.value, UNAVAILABLE_TEXT, ())]
            return _answer(503, {"errors": told, "requestId": request_id(request.scope)}, COME_AGAIN)
        return Response(status_code=204, headers=HEADERS) if request.method == "PUT" else _answer(200, ids)

    return Route("/xapi/statements", statements, methods=[*METHODS, *OTHERS])


def _check_form(request: Request) -> None:
    if not SPOKEN.fullmatch(request.headers.get(VERSION, "")):
        raise bad_request(f"Нужен заголовок {VERSION}: 1.0.3.")
    media, _, _ = request.headers.get("content-type", "").lower().partition(";")
    if media.strip() != "application/json":
        raise Fault(415, EdgeCode.BAD_REQUEST, "Тело запроса должно быть application/json.")


def _statements(request: Request, body: object, most: int) -> list[object]:
    """What was sent: one statement by PUT under its id, one or several by POST."""
    if request.method == "PUT":
        return [_named(request.query_params.get("statementId", ""), body)]
    given = body if is_array(body) else [body]
    if not 1 <= len(given) <= most:
        raise bad_request(f"От 1 до {most} сообщений за раз.")
    ids = [one["id"] for one in given if is_object(one) and isinstance(one.get("id"), str)]
    if len({*ids}) < len(ids):
        raise bad_request("Идентификаторы сообщений в пачке должны различаться.")
    return given


def _named(key: str, body: object) -> object:
    try:
        UUID(key)
    except ValueError:
        raise bad_request("Укажите statementId — UUID сообщения.") from None
    if not is_object(body):
        raise bad_request("По PUT принимается одно сообщение.")
    if body.get("id", key) != key:
        raise bad_request("Поле id не совпадает с statementId.")
    return {**body, "id": key}


def _refused(request: Request, status: int, problems: Sequence[Problem]) -> Response:
    told = [_error(problem.code.value, problem.message, problem.path) for problem in problems]
    return _answer(status, {"errors": told, "requestId": request_id(request.scope)})


def _error(code: str, message: str, path: Sequence[str]) -> dict[str, object]:
    return {"code": code, "path": list(path), "message": message}


def _answer(status: int, body: object, headers: Mapping[str, str] = {}) -> Response:
    return Response(encode(body), status, {**HEADERS, **headers}, "application/json; charset=utf-8")
