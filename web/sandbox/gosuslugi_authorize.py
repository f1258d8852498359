"""The way of a person through the sandbox of Gosuslugi: request, password, one-time code, consent, return (2.1-6..8)."""

import hmac
from datetime import timedelta
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from gateways.gosuslugi_codes import CODES
from web.sandbox.gosuslugi_client import ClientSystem, EsiaError, check_client, needed, one_of_each
from web.sandbox.gosuslugi_pages import consent_page, login_page, one_time_page, refusal_page
from web.sandbox.gosuslugi_people import PASSWORD, Citizen
from web.sandbox.gosuslugi_portal import BASE, COOKIE, Ask, Portal
from web.sandbox.gosuslugi_state import Flow, State, Tries

FLOW_LIVES, CODE_LIVES, SESSION_LIVES = timedelta(minutes=10), timedelta(minutes=2), 8 * 3600
MOST_TRIES, LOCKED = 5, timedelta(minutes=15)
WRONG_PASSWORD = "Неверный логин или пароль"  # noqa: S105 - a message
LOCKED_NOW = "Слишком много попыток. Вход закрыт на 15 минут"
AS_USER, ANSWER = "sandbox_user", "sandbox_answer"  # one call in place of a browser's


def authorize(portal: Portal, state: State, ask: Ask) -> Response:
    """`/aas/oauth2/v2/ac`: until the return address is known to be the system's, nobody is sent to it."""
    given = dict(ask.query)
    system = portal.system(given.get("client_id", ""))
    if not system.may_return_to(given.get("redirect_uri", "")):
        raise EsiaError("ESIA-007023", f"not an address of the system: {given.get('redirect_uri', '')}")
    try:
        injected = state.take_fault("ac", "error")
        if injected is not None:
            raise EsiaError(injected.error, "by order")
        flow = _flow(portal, state, system, one_of_each(ask.query))
    except EsiaError as error:
        portal.note(state, "ac", error.code, error.note)
        return _back(given["redirect_uri"], state=given.get("state", ""), **_refused(error.code))
    flow.user = given.get(AS_USER) or state.sessions.get(ask.session, "")
    name = portal.secrets.token()
    state.flows[name] = flow
    if given.get(AS_USER):
        return _decided(portal, state, name, allowed=given.get(ANSWER) != "refuse")
    return _go(name)


def _flow(portal: Portal, state: State, system: ClientSystem, given: dict[str, str]) -> Flow:
    now = portal.now(state)
    needed(given, "response_type")
    if given["response_type"] != "code":
        raise EsiaError("ESIA-007009", "response_type must be code")
    check_client(system, given, now, given["redirect_uri"])
    if given.get("code_challenge") and given.get("code_challenge_method") != "S256":
        raise EsiaError("ESIA-007003", "code_challenge_method must be S256")
    return Flow(
        client_id=system.client_id,
        redirect_uri=given["redirect_uri"],
        state=given["state"],
        scope=given["scope"],
        nonce=given.get("nonce", ""),
        challenge=given.get("code_challenge", ""),
        offline=given.get("access_type") == "offline",
        ends=(now + FLOW_LIVES).timestamp(),
    )


def withdrawn(portal: Portal, state: State, ask: Ask) -> Response:
    """The addresses of before version 2.90: announced as closed in April 2023."""
    raise EsiaError("ESIA-007005", "v2/ac and v3/te are in use; they take a raw signature, not PKCS#7")


def step(portal: Portal, state: State, ask: Ask) -> Response:
    """The page of what comes next, or the way back when all is done."""
    name = ask.word("flow")
    flow = _living(portal, state, name)
    if not flow.user:
        if flow.waiting_for:
            return one_time_page(name, flow.one_time)
        return login_page(name, list(portal.people.values()))
    citizen = portal.citizen(state, flow.user)
    if state.confirmed_only and not citizen.trusted:
        return _return(portal, state, name, error="ESIA-007055")
    if not _consented(state, flow):
        return consent_page(name, flow, citizen, sorted(portal.system(flow.client_id).origins))
    return _return(portal, state, name)


def sign_in(portal: Portal, state: State, ask: Ask) -> Response:
    """Password; five wrong ones in a row lock the account for a quarter of an hour."""
    name = ask.word("flow")
    flow = _living(portal, state, name)
    people = list(portal.people.values())
    known = [portal.citizen(state, each.user) for each in people if each.known_as(ask.word("login").strip())]
    if not known:
        return login_page(name, people, WRONG_PASSWORD)
    citizen, now = known[0], portal.now(state)
    tries = state.tries.setdefault(citizen.user, Tries())
    if tries.locked_until > now.timestamp():
        return login_page(name, people, LOCKED_NOW)
    if not hmac.compare_digest(ask.word("password").encode(), PASSWORD.encode()):
        tries.count += 1
        if tries.count >= MOST_TRIES:
            state.tries[citizen.user] = Tries(locked_until=(now + LOCKED).timestamp())
        return login_page(name, people, WRONG_PASSWORD)
    del state.tries[citizen.user]
    if citizen.one_time:
        flow.waiting_for, flow.one_time = citizen.user, portal.secrets.code()
        return _go(name)
    return _entered(portal, state, name, citizen)


def one_time(portal: Portal, state: State, ask: Ask) -> Response:
    name = ask.word("flow")
    flow = _living(portal, state, name)
    if not flow.waiting_for or not hmac.compare_digest(ask.word("code").encode(), flow.one_time.encode()):
        return one_time_page(name, flow.one_time, "Код не подходит")
    return _entered(portal, state, name, portal.citizen(state, flow.waiting_for))


def consent(portal: Portal, state: State, ask: Ask) -> Response:
    """Allow or refuse; what is allowed is remembered until it is withdrawn."""
    name = ask.word("flow")
    if not _living(portal, state, name).user:
        return _go(name)
    return _decided(portal, state, name, allowed=ask.word("answer") == "allow")


def refused(ask: Ask, error: EsiaError) -> Response:
    """What a person sees of a mistake that cannot be told to the system."""
    return refusal_page(error.code, CODES.get(error.code, ("", error.note))[1])


def _living(portal: Portal, state: State, name: str) -> Flow:
    flow = state.flows.get(name)
    if flow is None or flow.ends < portal.now(state).timestamp():
        raise EsiaError("ESIA-007038", "the request is over: begin again")
    return flow


def _entered(portal: Portal, state: State, name: str, citizen: Citizen) -> Response:
    state.flows[name].user = citizen.user
    session = portal.secrets.token()
    state.sessions[session] = citizen.user
    answer = _go(name)
    answer.set_cookie(COOKIE, session, max_age=SESSION_LIVES, path=BASE, httponly=True, samesite="lax")
    return answer


def _decided(portal: Portal, state: State, name: str, *, allowed: bool) -> Response:
    flow = state.flows[name]
    citizen = portal.citizen(state, flow.user)
    if state.confirmed_only and not citizen.trusted:
        return _return(portal, state, name, error="ESIA-007055")
    if not allowed:
        return _return(portal, state, name, error="ESIA-007004")
    given = {*state.consents.get(flow.user, []), *flow.scope.split()}
    state.consents[flow.user] = sorted(given)
    return _return(portal, state, name)


def _consented(state: State, flow: Flow) -> bool:
    return set(flow.scope.split()) <= set(state.consents.get(flow.user, []))


def _return(portal: Portal, state: State, name: str, error: str = "") -> Response:
    flow = state.flows.pop(name)
    portal.note(state, "ac", error or "code", flow.user)
    if error:
        return _back(flow.redirect_uri, state=flow.state, **_refused(error))
    fault = state.take_fault("ac", "code", "state")
    code = portal.secrets.token()
    flow.ends = (portal.now(state) + CODE_LIVES).timestamp()
    state.codes[code] = flow
    if fault is not None and fault.code == "repeated":
        code = state.used_codes[-1] if state.used_codes else code
    return _back(flow.redirect_uri, code=code, state=(fault and fault.state) or flow.state)


def _refused(code: str) -> dict[str, str]:
    error, text = CODES[code]
    return {"error": error, "error_description": f"{code}: {text}"}


def _back(address: str, **words: str) -> Response:
    return RedirectResponse(f"{address}{'&' if '?' in address else '?'}{urlencode(words)}", 303)


def _go(name: str) -> Response:
    return RedirectResponse(f"{BASE}/go?{urlencode({'flow': name})}", 303)
