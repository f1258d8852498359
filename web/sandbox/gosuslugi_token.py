"""`/aas/oauth2/v3/te` of the sandbox: a code or a refresh token becomes tokens, each once (A60, A32)."""

import hmac
import json
from base64 import urlsafe_b64encode
from hashlib import sha256

from starlette.responses import JSONResponse, Response

from gateways.gosuslugi_codes import CODES
from web.sandbox.gosuslugi_client import ClientSystem, EsiaError, check_client, needed, one_of_each
from web.sandbox.gosuslugi_issue import LIFE, Turn
from web.sandbox.gosuslugi_portal import Ask, Portal
from web.sandbox.gosuslugi_state import Flow, Refresh, State

GONE = "ESIA-007011"


def tokens(portal: Portal, state: State, ask: Ask) -> Response:
    injected = state.take_fault("te", "error")
    if injected is not None:
        raise EsiaError(injected.error, "by order")
    given = one_of_each(ask.form)
    needed(given, "client_id", "grant_type")
    system = portal.system(given["client_id"])
    match given["grant_type"]:
        case "authorization_code":
            return _by_code(portal, state, system, given)
        case "refresh_token":
            return _by_refresh(portal, state, system, given)
        case other:
            raise EsiaError("ESIA-007012", f"grant_type {other}")


def refused(ask: Ask, error: EsiaError) -> Response:
    """The body that ESIA answers a system with."""
    name, text = CODES[error.code]
    body = {"error": name, "error_description": f"{error.code}: {text}", "state": ask.word("state")}
    return JSONResponse(body, 400)


def _by_code(portal: Portal, state: State, system: ClientSystem, given: dict[str, str]) -> Response:
    needed(given, "code", "redirect_uri")
    code, now = given["code"], portal.now(state)
    check_client(system, given, now, given["redirect_uri"] + code)
    flow = state.codes.pop(code, None)
    if flow is None:
        note = "the code is used" if code in state.used_codes else "there is no such code"
        raise EsiaError(GONE, note)
    state.used_codes.append(code)
    if flow.ends < now.timestamp():
        raise EsiaError(GONE, "the code is out of time")
    if (flow.client_id, flow.redirect_uri) != (system.client_id, given["redirect_uri"]):
        raise EsiaError(GONE, "the code is of another system or another return address")
    _check_verifier(flow, given.get("code_verifier", ""))
    refresh = Refresh(user=flow.user, client_id=flow.client_id, scope=flow.scope)
    portal.note(state, "te", "authorization_code", flow.user)
    return _issued(portal, state, refresh, given["state"], nonce=flow.nonce, offline=flow.offline)


def _check_verifier(flow: Flow, verifier: str) -> None:
    if verifier and not flow.challenge:
        raise EsiaError("ESIA-007039")
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    if flow.challenge and not hmac.compare_digest(challenge, flow.challenge):
        raise EsiaError("ESIA-007040")


def _by_refresh(portal: Portal, state: State, system: ClientSystem, given: dict[str, str]) -> Response:
    """Public clients sign different texts here, so either is taken, and the journal says which it was."""
    needed(given, "refresh_token")
    token = given["refresh_token"]
    rules = {token: "refresh_token"}
    if given.get("redirect_uri"):
        rules[given["redirect_uri"]] = "redirect_uri"
    allowed = [text for text, rule in rules.items() if state.refresh_rule in ("either", rule)]
    if not allowed:
        raise EsiaError("ESIA-007014", "no redirect_uri")
    ending = check_client(system, given, portal.now(state), *allowed)
    refresh = state.refresh.get(token)
    if refresh is None or refresh.client_id != system.client_id:
        raise EsiaError(GONE, "the refresh token is used, withdrawn or of another system")
    del state.refresh[token]
    portal.note(state, "te", "refresh_token", f"{refresh.user}; the signed text ended with {rules[ending]}")
    return _issued(portal, state, refresh, given["state"], nonce="", offline=True)


def _issued(
    portal: Portal, state: State, grant: Refresh, request_state: str, *, nonce: str, offline: bool
) -> Response:
    citizen, fault = portal.citizen(state, grant.user), state.take_fault("te", "token", "state")
    turn = Turn(
        client_id=grant.client_id,
        session=str(portal.secrets.uuid()),
        now=int(portal.now(state).timestamp()),
        algorithm=state.algorithm,
        key=state.key,
        broken=fault.token if fault else "",
    )
    answer = {
        "access_token": portal.issuer.access_token(citizen, turn, grant.scope),
        "id_token": portal.issuer.id_token(citizen, turn, nonce),
        "state": (fault and fault.state) or request_state,
        "token_type": "Bearer",
        "expires_in": LIFE,
    }
    if offline:
        token = portal.secrets.token()
        state.refresh[token] = grant
        answer["refresh_token"] = token
    return Response(json.dumps(answer), media_type="application/json", headers={"cache-control": "no-store"})
