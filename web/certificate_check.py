"""The public page behind the QR of a certificate: is this number true (3.4-9, 3.4-10)."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from models.errors import Unavailable, UserError
from resolvers.certificates import Check, completed_on, verify_certificate
from storage.patience import unavailable_after
from web.answers import COME_AGAIN
from web.doorkeeper import Doorkeeper
from web.limits import Limits
from web.pages import COMMON_HEADERS

STYLE = """
:root { color-scheme: light dark }
body { max-width: 44rem; margin: 0 auto; padding: 2rem 1.25rem; font: 1rem/1.6 system-ui, sans-serif }
h1 { font-size: 1.75rem; line-height: 1.25 }
dl { display: grid; grid-template-columns: minmax(6rem, auto) 1fr; gap: 0.5rem 1.25rem }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere }
"""
HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    **COMMON_HEADERS,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{HASH}'",
    "X-Robots-Tag": "noindex",
}
PAGE = """<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Проверка удостоверения — НМО</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<style>{style}</style>
</head>
<body>
<main>
<h1>Проверка удостоверения</h1>
{body}
</main>
</body>
</html>
"""


def certificate_check_route(doorkeeper: Doorkeeper, limits: Limits) -> Route:
    """`/verify/<number>`, for anyone."""

    async def certificate_check(request: Request) -> Response:
        number: str = request.path_params["number"]
        try:
            async with unavailable_after(limits.deadline_seconds):
                context = await doorkeeper.enter(request, None, None)
                found = await verify_certificate(context, number=number)
        except UserError as error:
            return _page(f"<p>{escape(error.problems[0].message)}</p>", 429)
        except Unavailable:
            return _page("<p>Проверка временно недоступна. Повторите позже.</p>", 503, COME_AGAIN)
        return _page(_told(number, found), 200 if found.course else 404)

    return Route("/verify/{number}", certificate_check)


def _page(body: str, status: int, headers: Mapping[str, str] = {}) -> Response:
    return HTMLResponse(PAGE.format(style=STYLE, body=body), status, {**HEADERS, **headers})


def _told(number: str, found: Check) -> str:
    verdict = "Удостоверение действительно." if found.valid else f"Удостоверение {found.label}."
    rows = {
        "Номер": number,
        "Статус": found.label,
        "Владелец": found.holder,
        "Курс": found.course,
        "Объём, часов": None if found.hours is None else f"{found.hours:g}",
        "Дата завершения": None
        if found.completed_at is None
        else f"{completed_on(found.completed_at):%d.%m.%Y}",
    }
    told = "".join(
        f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in rows.items() if value is not None
    )
    return f"<p><strong>{escape(verdict)}</strong></p><dl>{told}</dl>"
