"""What a person can do at the sandbox of Gosuslugi beside coming in: see and withdraw consent, leave (A32)."""

from starlette.responses import RedirectResponse, Response

from web.sandbox.gosuslugi_client import EsiaError
from web.sandbox.gosuslugi_pages import agreements_page, page, recovery_page, start_page, style
from web.sandbox.gosuslugi_people import Citizen
from web.sandbox.gosuslugi_portal import BASE, COOKIE, Ask, Portal
from web.sandbox.gosuslugi_state import State


def start(portal: Portal, state: State, ask: Ask) -> Response:
    return start_page(_present(portal, state, ask), portal.home)


def recovery(portal: Portal, state: State, ask: Ask) -> Response:
    return recovery_page(portal.home)


def styles(portal: Portal, state: State, ask: Ask) -> Response:
    return style()


def agreements(portal: Portal, state: State, ask: Ask) -> Response:
    citizen = _present(portal, state, ask)
    return agreements_page(citizen, state.consents.get(citizen.user, []) if citizen else [])


def withdraw(portal: Portal, state: State, ask: Ask) -> Response:
    citizen = _present(portal, state, ask)
    if citizen is not None:
        forget_consent(state, citizen.user)
    return RedirectResponse(f"{BASE}/agreements", 303)


def forget_consent(state: State, user: str) -> None:
    """Tokens that were given out open nothing from now on."""
    state.consents.pop(user, None)
    state.refresh = {token: grant for token, grant in state.refresh.items() if grant.user != user}


def leave(portal: Portal, state: State, ask: Ask) -> Response:
    """Another person may come in on the same way."""
    state.sessions.pop(ask.session, None)
    flow = state.flows.get(ask.word("flow"))
    if flow is not None:
        flow.user = flow.waiting_for = flow.one_time = ""
    return RedirectResponse(f"{BASE}/go?flow={ask.word('flow')}" if flow else BASE, 303)


def log_out(portal: Portal, state: State, ask: Ask) -> Response:
    """`/idp/ext/Logout`: back to an address of the system, or to a page of our own."""
    system, address = portal.system(ask.word("client_id")), ask.word("redirect_url")
    if address and not system.may_return_to(address):
        raise EsiaError("ESIA-007023", f"not an address of the system: {address}")
    state.sessions.pop(ask.session, None)
    answer = RedirectResponse(address, 303) if address else page("Вы вышли", "<p>До свидания.</p>")
    answer.delete_cookie(COOKIE, path=BASE)
    return answer


def _present(portal: Portal, state: State, ask: Ask) -> Citizen | None:
    user = state.sessions.get(ask.session)
    return portal.citizen(state, user) if user else None
