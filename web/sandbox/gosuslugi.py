"""The sandbox of Gosuslugi: a local ESIA for demonstrations and tests; never part of a production server (2.1, A32)."""

from collections.abc import Collection
from pathlib import Path

from starlette.routing import BaseRoute, Mount, Route

from gateways.gosuslugi_tokens import issuer_of
from models.clock import Clock
from models.secrets import SystemSecrets
from web.sandbox import gosuslugi_account as account
from web.sandbox import gosuslugi_authorize as way
from web.sandbox import gosuslugi_control as control
from web.sandbox import gosuslugi_resources as resources
from web.sandbox import gosuslugi_token as token
from web.sandbox.gosuslugi_client import ClientSystem
from web.sandbox.gosuslugi_issue import Issuer
from web.sandbox.gosuslugi_keys import SandboxKeys
from web.sandbox.gosuslugi_people import citizens
from web.sandbox.gosuslugi_portal import BASE, Handler, Portal, Refusal, served
from web.sandbox.gosuslugi_state import Book

CLIENT_ID = "NMO_SANDBOX"


def sandbox_portal(
    home: str, origins: Collection[str], folder: Path, keys: SandboxKeys, clock: Clock
) -> Portal:
    """A portal beside the cabinet at `home`; everything it knows of requests is in the folder."""
    secrets = SystemSecrets(clock)
    url = f"{home}{BASE}"
    system = ClientSystem(CLIENT_ID, keys.certificate, frozenset({home, *origins}))
    return Portal(
        url=url,
        home=home,
        systems={CLIENT_ID: system},
        people=citizens(),
        issuer=Issuer(issuer_of(url), keys, secrets),
        book=Book(folder),
        clock=clock,
        secrets=secrets,
    )


def gosuslugi_routes(portal: Portal) -> list[BaseRoute]:
    """Everything under `/sandbox/gosuslugi`; the paths of ESIA keep their names."""

    def route(
        path: str, where: str, handler: Handler, refusal: Refusal = way.refused, method: str = "GET"
    ) -> Route:
        return Route(path, served(portal, where, handler, refusal), methods=[method])

    def order(name: str, handler: Handler) -> Route:
        return route(f"/control/{name}", "control", handler, control.refused, "POST")

    routes = [
        route("/aas/oauth2/v2/ac", "ac", way.authorize),
        route("/aas/oauth2/ac", "ac", way.withdrawn),
        route("/aas/oauth2/te", "te", way.withdrawn, token.refused, "POST"),
        route("/aas/oauth2/v3/te", "te", token.tokens, token.refused, "POST"),
        route("/idp/ext/Logout", "logout", account.log_out),
        route("/rs/prns/{oid}", "rs", resources.person, resources.refused),
        route("/rs/prns/{oid}/{place}", "rs", resources.collection, resources.refused),
        route("/rs/prns/{oid}/{place}/{id}", "rs", resources.element, resources.refused),
        route("/", "page", account.start),
        route("/style.css", "page", account.styles),
        route("/go", "page", way.step),
        route("/login", "page", way.sign_in, method="POST"),
        route("/code", "page", way.one_time, method="POST"),
        route("/consent", "page", way.consent, method="POST"),
        route("/leave", "page", account.leave, method="POST"),
        route("/agreements", "page", account.agreements),
        route("/agreements", "page", account.withdraw, method="POST"),
        route("/recovery", "page", account.recovery),
        route("/control/journal", "control", control.journal, control.refused),
        order("person", control.alter),
        order("withdraw", control.withdraw),
        order("fault", control.fault),
        order("switch", control.switch),
        order("reset", control.reset),
    ]
    return [Mount(BASE, routes=routes)]
