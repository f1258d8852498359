"""The catcher's page: letters and SMS that would have gone out, newest first. Never served in production."""

import re
from html import escape
from uuid import UUID

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from gateways.outbox import Caught, Kind, Outbox
from web.pages import COMMON_HEADERS, POLICY

SHOWN = 50
LIST_HEADERS = {**COMMON_HEADERS, "Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
# A letter is somebody else's text: it runs nothing, loads nothing, and keeps its own styles.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
LETTER_HEADERS = {**LIST_HEADERS, "Content-Security-Policy": LETTER_POLICY}

NOTABLE = re.compile(r"(?P<link>https?://[^\s<>\"]+)|(?<!\d)(?P<code>\d{6})(?!\d)")
PAGE = """<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="3">
<title>Письма и СМС — кабинет НМО</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/sandbox/outbox.css">
</head>
<body>
<h1>Письма и СМС</h1>
<p>Песочница: ничего из этого никуда не ушло. Страница обновляется сама.</p>
{messages}
</body>
</html>
"""
STYLE = """
:root { color-scheme: light dark }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1.25rem; font: 1rem/1.5 system-ui, sans-serif }
article { margin: 0 0 1rem; padding: 1rem 1.25rem; border: 1px solid #84938e; border-radius: .75rem }
h2 { margin: 0; font-size: 1.125rem }
pre { margin: .5rem 0; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere }
strong { font-size: 1.25rem; letter-spacing: .06em }
"""


def outbox_routes(outbox: Outbox) -> list[Route]:
    """Routes of the catcher; plain functions, so that Starlette reads files in its threads."""

    def messages(request: Request) -> Response:
        shown = "".join(map(article, outbox.messages(SHOWN))) or "<p>Пока пусто.</p>"
        return HTMLResponse(PAGE.format(messages=shown), headers=LIST_HEADERS)

    def letter(request: Request) -> Response:
        wanted: UUID = request.path_params["id"]
        found = next((caught for caught in outbox.messages() if caught.id == wanted and caught.html), None)
        if found is None:
            return PlainTextResponse("Нет такого письма\n", 404, LIST_HEADERS)
        return HTMLResponse(found.html, headers=LETTER_HEADERS)

    def style(request: Request) -> Response:
        return Response(STYLE, headers=COMMON_HEADERS, media_type="text/css")

    return [
        Route("/sandbox/outbox", messages),
        Route("/sandbox/outbox.css", style),
        Route("/sandbox/outbox/{id:uuid}", letter),
    ]


def article(caught: Caught) -> str:
    kind = "СМС" if caught.kind is Kind.SMS else "Письмо"
    title = f"{kind} для {escape(caught.to)}"
    subject = f"<p>{escape(caught.subject)}</p>" if caught.subject else ""
    letter = f'<p><a href="/sandbox/outbox/{caught.id}">Письмо целиком</a></p>' if caught.html else ""
    at = caught.at.astimezone().strftime("%d.%m.%Y %H:%M:%S")
    head = f"<h2>{title}</h2><time>{at}</time>{subject}"
    return f"<article>{head}<pre>{marked(caught.text)}</pre>{letter}</article>"


def marked(text: str) -> str:
    """The text with its links live and its codes easy to see."""
    parts: list[str] = []
    end = 0
    for found in NOTABLE.finditer(text):
        word = escape(found[0])
        parts += [
            escape(text[end : found.start()]),
            f'<a href="{word}">{word}</a>' if found["link"] else f"<strong>{word}</strong>",
        ]
        end = found.end()
    return "".join([*parts, escape(text[end:])])
