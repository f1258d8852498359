"""Orders of tests to the sandbox of Gosuslugi: people, consent, faults, keys, time, and what was asked so far."""

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import JSONResponse, Response

from gateways.gosuslugi_codes import CODES
from gateways.gosuslugi_tokens import GOST, RSA
from web.sandbox.gosuslugi_account import forget_consent
from web.sandbox.gosuslugi_client import EsiaError
from web.sandbox.gosuslugi_issue import LATE, SEALS, WRONG
from web.sandbox.gosuslugi_portal import Ask, Portal
from web.sandbox.gosuslugi_state import Fault, State

Order = TypeVar("Order", bound=BaseModel)


class Change(BaseModel):
    """What the portal says of somebody from now on; `person` by field, collections whole."""

    model_config = ConfigDict(extra="forbid")
    user: str
    person: dict[str, Any] = Field(default_factory=dict[str, Any])
    contacts: list[dict[str, Any]] | None = None
    addresses: list[dict[str, Any]] | None = None
    documents: list[dict[str, Any]] | None = None


class Withdrawal(BaseModel):
    model_config = ConfigDict(extra="forbid")
    user: str


class Switches(BaseModel):
    """Only what is named is changed; `offset` moves the portal's clock by seconds."""

    model_config = ConfigDict(extra="forbid")
    algorithm: str | None = Field(default=None, pattern=f"^({RSA}|{GOST})$")
    key: int | None = Field(default=None, ge=0, le=1)
    offset: float | None = None
    confirmed_only: bool | None = None
    refresh_rule: str | None = Field(default=None, pattern="^(either|refresh_token|redirect_uri)$")


def alter(portal: Portal, state: State, ask: Ask) -> Response:
    order = _order(ask, Change)
    known = state.changes.get(portal.citizen(state, order.user).user, {})
    person = {**known.get("person", {}), **order.person}
    collections = order.model_dump(exclude_none=True, include={"contacts", "addresses", "documents"})
    state.changes[order.user] = {**known, **collections, "person": person}
    return _done()


def withdraw(portal: Portal, state: State, ask: Ask) -> Response:
    forget_consent(state, portal.citizen(state, _order(ask, Withdrawal).user).user)
    return _done()


def fault(portal: Portal, state: State, ask: Ask) -> Response:
    """Any of ESIA's refusals, a delay, a status, a senseless body, a broken token."""
    order = _order(ask, Fault)
    token = {"", *WRONG, *LATE, *SEALS}
    if order.error not in ("", *CODES) or order.token not in token or order.at not in ("ac", "te", "rs"):
        raise EsiaError("ESIA-007003", "no such fault")
    state.faults.append(order)
    return _done()


def switch(portal: Portal, state: State, ask: Ask) -> Response:
    for name, value in _order(ask, Switches).model_dump(exclude_none=True).items():
        setattr(state, name, value)
    return _done()


def reset(portal: Portal, state: State, ask: Ask) -> Response:
    """As on the first day, except for the keys."""
    for name, value in State():
        setattr(state, name, value)
    return _done()


def journal(portal: Portal, state: State, ask: Ask) -> Response:
    return JSONResponse([line.model_dump() for line in state.journal])


def refused(ask: Ask, error: EsiaError) -> Response:
    return JSONResponse({"error": error.note}, 400)


def _order(ask: Ask, kind: type[Order]) -> Order:
    """Only JSON, which no page of another site can send without asking."""
    if not ask.json:
        raise EsiaError("ESIA-007003", "an order is a JSON object, sent as application/json")
    try:
        return kind.model_validate_json(ask.body)
    except ValidationError as error:
        raise EsiaError("ESIA-007003", str(error)) from error


def _done() -> Response:
    return JSONResponse({"done": True})
