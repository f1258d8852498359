"""Pages of the sandbox of Gosuslugi: plain, with a banner, nothing that could be taken for the state portal (A9)."""

from collections.abc import Sequence
from html import escape

from starlette.responses import HTMLResponse, Response

from web.pages import COMMON_HEADERS, POLICY
from web.sandbox.gosuslugi_people import PASSWORD, Citizen
from web.sandbox.gosuslugi_portal import BASE
from web.sandbox.gosuslugi_state import Flow

BANNER = "Песочница, не портал государственных услуг"
RECOVER = "Восстановить пароль"
ENTER_CABINET = "Войти в личный кабинет НМО"
PAGE = """<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} — песочница</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="{base}/style.css">
</head>
<body>
<p class="banner" role="note">{banner}</p>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""
STYLE = """
:root { color-scheme: light dark }
body { max-width: 36rem; margin: 0 auto; padding: 0 1.25rem 3rem; font: 1rem/1.5 system-ui, sans-serif }
.banner { margin: 1rem 0; padding: .75rem 1rem; border: 2px dashed #b5651d; border-radius: .5rem; font-weight: 600 }
label { display: block; margin: .75rem 0 }
input { display: block; width: 100%; box-sizing: border-box; padding: .5rem; font: inherit }
button, .button { display: inline-block; margin: .5rem .75rem .5rem 0; padding: .6rem 1.25rem; font: inherit }
.wrong { color: #b3261e } table { border-collapse: collapse } td { padding: .2rem .75rem .2rem 0 }
@media (prefers-color-scheme: dark) { .wrong { color: #f2b8b5 } }
"""
SCOPE_WORDS = {
    "openid": "узнать вас в другой раз",
    "fullname": "фамилия, имя, отчество",
    "birthdate": "дата рождения",
    "birthplace": "место рождения",
    "snils": "СНИЛС",
    "inn": "ИНН",
    "id_doc": "паспорт",
    "email": "электронная почта",
    "mobile": "мобильный телефон",
    "contacts": "контакты",
    "addresses": "адреса регистрации и проживания",
}


def page(title: str, body: str, *, returns: Sequence[str] = (), status: int = 200) -> Response:
    """`returns` are origins that a form may lead to by the redirect after it."""
    policy = POLICY.replace("form-action 'self'", " ".join(("form-action 'self'", *returns)))
    headers = {**COMMON_HEADERS, "Content-Security-Policy": policy, "Cache-Control": "no-store"}
    text = PAGE.format(title=escape(title), body=body, base=BASE, banner=BANNER)
    return HTMLResponse(text, status, headers)


def start_page(citizen: Citizen | None, home: str) -> Response:
    """The entrance, with the item that leads to the cabinet (1.2-13)."""
    who = f"<p>Вы вошли: {escape(citizen.name)}.</p>" if citizen else ""
    agreements = f'<p><a href="{BASE}/agreements">Согласия на передачу данных</a></p>'
    item = f'<p><a class="button" href="{escape(home)}/gosuslugi/login">{ENTER_CABINET}</a></p>'
    return page("Услуги", f"{who}{item}{agreements}")


def login_page(flow: str, people: Sequence[Citizen], problem: str = "") -> Response:
    """The window that opens, with the way to a new password (1.2-14); the password of the sandbox is no secret."""
    rows = "".join(
        f"<tr><td>{each.user}</td><td>{escape(each.name)}</td><td>{each.about}</td></tr>" for each in people
    )
    return page(
        "Вход",
        f"""{_problem(problem)}<form method="post" action="{BASE}/login">{_hidden(flow)}
<label>Логин: имя из списка, телефон, почта или СНИЛС<input name="login" autocomplete="username" autofocus></label>
<label>Пароль<input name="password" type="password" autocomplete="current-password"></label>
<button>Войти</button> <a href="{BASE}/recovery">{RECOVER}</a></form>
<p>Пароль у всех один: <code>{PASSWORD}</code></p><table>{rows}</table>""",
    )


def one_time_page(flow: str, code: str, problem: str = "") -> Response:
    return page(
        "Код подтверждения",
        f"""{_problem(problem)}<p>Сообщение из песочницы: код <code>{code}</code></p>
<form method="post" action="{BASE}/code">{_hidden(flow)}
<label>Код<input name="code" inputmode="numeric" autocomplete="one-time-code" autofocus></label>
<button>Подтвердить</button></form>""",
    )


def consent_page(flow: str, request: Flow, citizen: Citizen, returns: Sequence[str]) -> Response:
    """What is asked for, in words; nothing is handed over before «Разрешить»."""
    wanted = "".join(f"<li>{SCOPE_WORDS.get(scope, escape(scope))}</li>" for scope in request.scope.split())
    return page(
        "Передача данных",
        f"""<p>{escape(citizen.name)}, система «{escape(request.client_id)}» просит ваши данные:</p><ul>{wanted}</ul>
<form method="post" action="{BASE}/consent">{_hidden(flow)}
<button name="answer" value="allow">Разрешить</button><button name="answer" value="refuse">Отказать</button></form>
<form method="post" action="{BASE}/leave">{_hidden(flow)}<button>Войти под другим именем</button></form>""",
        returns=returns,
    )


def agreements_page(citizen: Citizen | None, scopes: Sequence[str]) -> Response:
    """What was allowed to whom, and the button that takes it back (A32)."""
    if citizen is None:
        return page("Согласия", "<p>Сначала войдите: откройте вход из личного кабинета НМО.</p>")
    if not scopes:
        return page("Согласия", f"<p>{escape(citizen.name)}, действующих согласий нет.</p>")
    given = ", ".join(SCOPE_WORDS.get(scope, scope) for scope in scopes)
    return page(
        "Согласия",
        f"""<p>{escape(citizen.name)}, личному кабинету НМО разрешено получать: {escape(given)}.</p>
<form method="post" action="{BASE}/agreements"><button>Отозвать согласие</button></form>""",
    )


def recovery_page(home: str) -> Response:
    """Two passwords that people mix up, each with its own way to a new one (A9)."""
    return page(
        RECOVER,
        f"""<p>Пароль песочницы менять не нужно, он у всех один: <code>{PASSWORD}</code></p>
<p>Забыли пароль личного кабинета НМО? <a class="button" href="{escape(home)}/recovery">{RECOVER} НМО</a></p>""",
    )


def refusal_page(code: str, text: str) -> Response:
    body = f'<p class="wrong">{escape(code)}</p><p lang="en">{escape(text)}</p><p><a href="{BASE}">На главную</a></p>'
    return page("Запрос отклонён", body, status=400)


def style() -> Response:
    return Response(STYLE, headers=COMMON_HEADERS, media_type="text/css")


def _problem(text: str) -> str:
    return f'<p class="wrong" role="alert">{escape(text)}</p>' if text else ""


def _hidden(flow: str) -> str:
    return f'<input type="hidden" name="flow" value="{escape(flow)}">'
