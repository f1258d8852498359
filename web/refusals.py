"""What is told of a request that no route takes, or that one fails at, instead of Starlette's English words."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, ExceptionHandler, Receive, Scope, Send

from models.errors import ErrorCode
from web.access_log import request_id
from web.answers import Answer, EdgeCode, encode, internal, of_error
from web.pages import COMMON_HEADERS

TOLD = {
    404: (ErrorCode.NOT_FOUND, "Нет такой страницы."),
    405: (EdgeCode.BAD_REQUEST, "Метод не поддерживается."),
}
OTHERWISE = (EdgeCode.BAD_REQUEST, "Запрос не разобран.")


async def refuse(request: Request, error: Exception) -> Response:
    """Programs get the shape of the rest of the edge, a person at a browser a text."""
    number = request_id(request.scope)
    if not isinstance(error, HTTPException):
        return _shown(request, internal(error, number))
    code, message = TOLD.get(error.status_code, OTHERWISE)
    return _shown(
        request, of_error(code, message, number, status=error.status_code, headers=error.headers or {})
    )


def _shown(request: Request, answer: Answer) -> Response:
    headers = {**COMMON_HEADERS, **answer.headers}
    if "text/html" not in request.headers.get("accept", ""):
        body = encode(answer.body)
        return Response(body, answer.status, headers, "application/json; charset=utf-8")
    message, number = answer.errors[0]["message"], request_id(request.scope)
    text = f"{message}\n{answer.outcome}, номер запроса {number}\n"
    return PlainTextResponse(text, answer.status, headers)


HANDLERS: Mapping[type[Exception], ExceptionHandler] = {HTTPException: refuse, Exception: refuse}


class Faults:
    """ASGI middleware: a fault that was logged under its number and answered is over.

    Starlette raises it once more, and the server would log it a second time, without the number.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception:
            if scope["type"] != "http":
                raise
