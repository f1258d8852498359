"""What is said where nothing answers, or not to this method."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from web.pages import COMMON_HEADERS

SAID = {
    404: "Нет такой страницы.",
    405: "Этот адрес так не открывают: способы перечислены в заголовке Allow.",
}


async def no_such_address(request: Request, error: Exception) -> Response:
    """Starlette's own refusals, in Russian, with their headers."""
    if not isinstance(error, HTTPException):
        raise error
    said = SAID.get(error.status_code, error.detail)
    return PlainTextResponse(f"{said}\n", error.status_code, {**COMMON_HEADERS, **(error.headers or {})})
