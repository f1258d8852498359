"""`/rs/prns` of the sandbox: a person and their collections, by what the token allows and the person still does."""

import json
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from starlette.responses import JSONResponse, Response

from gateways.gosuslugi import GosuslugiUntrusted
from gateways.gosuslugi_codes import CODES
from gateways.gosuslugi_person import PARTS
from gateways.gosuslugi_tokens import TokenCheck
from web.sandbox.gosuslugi_client import EsiaError
from web.sandbox.gosuslugi_people import Citizen
from web.sandbox.gosuslugi_portal import Ask, Portal
from web.sandbox.gosuslugi_state import State

Json = dict[str, Any]
FORBIDDEN, UNKNOWN_TOKEN = "ESIA-007019", "ESIA-008010"
FIELDS = {
    "fullname": ("firstName", "lastName", "middleName"),
    "birthdate": ("birthDate",),
    "birthplace": ("birthPlace",),
    "gender": ("gender",),
    "snils": ("snils",),
    "inn": ("inn",),
}
ALWAYS = ("trusted", "citizenship")
Allowed = Callable[[Json, set[str]], bool]
SHOWN: dict[str, Allowed] = {
    "contacts": lambda item, scopes: (
        "contacts" in scopes or {"MBT": "mobile", "EML": "email"}.get(item["type"]) in scopes
    ),
    "addresses": lambda item, scopes: "addresses" in scopes,
    "documents": lambda item, scopes: item["type"] == "RF_PASSPORT" and "id_doc" in scopes,
}
NAMES = {place: name for name, place in PARTS.items()}


def person(portal: Portal, state: State, ask: Ask) -> Response:
    """The person; `embed` puts collections and their elements in."""
    citizen, scopes = _allowed(portal, state, ask)
    whole = citizen.record["person"]
    names = [*ALWAYS, *(field for scope in scopes for field in FIELDS.get(scope, ()))]
    answer: Json = {name: whole[name] for name in names if name in whole}
    answer |= {"status": "REGISTERED", "rIdDoc": 1, "eTag": _tag(citizen.record)}
    answer["stateFacts"] = ["EntityRoot"]
    for name in PARTS:
        if re.search(rf"\b{name}\b", ask.word("embed")):
            answer[name] = _collection(
                portal, citizen, scopes, name, whole=f"{name}.elements" in ask.word("embed")
            )
    return JSONResponse(answer)


def collection(portal: Portal, state: State, ask: Ask) -> Response:
    """Links to the elements, or the elements themselves."""
    citizen, scopes = _allowed(portal, state, ask)
    return JSONResponse(
        _collection(portal, citizen, scopes, _named(ask), whole="elements" in ask.word("embed"))
    )


def element(portal: Portal, state: State, ask: Ask) -> Response:
    citizen, scopes = _allowed(portal, state, ask)
    for item in _shown(citizen, scopes, _named(ask)):
        if str(item["id"]) == ask.path["id"]:
            return JSONResponse(item)
    raise EsiaError(FORBIDDEN, "no such element")


def refused(ask: Ask, error: EsiaError) -> Response:
    """401 for a token that is not one, 403 for what it does not open."""
    status = 401 if error.code == UNKNOWN_TOKEN else 403
    return JSONResponse({"code": error.code, "message": CODES[error.code][1]}, status)


def _allowed(portal: Portal, state: State, ask: Ask) -> tuple[Citizen, set[str]]:
    injected = state.take_fault("rs", "error")
    if injected is not None:
        raise EsiaError(injected.error, "by order")
    claims = _claims(portal, state, ask.authorization.removeprefix("Bearer "))
    if claims["urn:esia:sbj_id"] != ask.path["oid"]:
        raise EsiaError(FORBIDDEN, "the token is of another person")
    user = next((each.user for each in portal.people.values() if str(each.oid) == ask.path["oid"]), "")
    consents = state.consents.get(user)
    if not consents:
        raise EsiaError(FORBIDDEN, "the person has withdrawn the consent")
    scopes = {part.partition("?")[0] for part in claims["scope"].split()}
    return portal.citizen(state, user), scopes & set(consents)


def _claims(portal: Portal, state: State, token: str) -> Json:
    for client_id in portal.systems:
        check = TokenCheck(portal.issuer.name, client_id, portal.issuer.keys.trusted)
        try:
            return check.access_token(token, portal.now(state))
        except GosuslugiUntrusted:
            continue
    raise EsiaError(UNKNOWN_TOKEN, "the access token is not a good one")


def _named(ask: Ask) -> str:
    name = NAMES.get(ask.path["place"])
    if name is None:
        raise EsiaError(FORBIDDEN, f"no collection {ask.path['place']}")
    return name


def _shown(citizen: Citizen, scopes: set[str], name: str) -> list[Json]:
    return [item for item in citizen.record[name] if SHOWN[name](item, scopes)]


def _collection(portal: Portal, citizen: Citizen, scopes: set[str], name: str, *, whole: bool) -> Json:
    items = _shown(citizen, scopes, name)
    links = [f"{portal.url}/rs/prns/{citizen.oid}/{PARTS[name]}/{item['id']}" for item in items]
    return {"stateFacts": ["hasSize"], "size": len(items), "elements": items if whole else links}


def _tag(record: Json) -> str:
    return sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:40].upper()
