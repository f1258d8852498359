"""The door of the edge: who calls, by which token, from which page; the product decides, the edge asks.

A token comes as `Authorization: Bearer`, as the session cookie of our own pages, or in the payload of a
socket's `connection_init`; never in a URL. A cookie counts only when a foreign page could not have sent it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from web.answers import EdgeCode, Fault
from web.operation_facts import OperationFacts

PREFLIGHT = "graphql-require-preflight"
FOREIGN = "Запрос с чужой страницы."
NO_PREFLIGHT = "Нужен заголовок GraphQL-Require-Preflight."
JSON_TYPES = ("application/json", "application/graphql-response+json", "text/event-stream", "multipart/mixed")


class Visit(Protocol):
    """The context of one operation, as far as the edge uses it."""

    @property
    def subject(self) -> str | None:
        """Who calls (an opaque id), or nobody."""
        ...

    @property
    def cookies(self) -> Sequence[tuple[str, int]]:
        """Session cookies to set: token and seconds it lives; an empty token drops the cookie."""
        ...

    def renewed(self) -> "Visit":
        """The same visit with fresh loaders, for the next event of a subscription."""
        ...


class Door(Protocol):
    """What the product gives the edge; `Refusal` and `Unavailable` may be raised by every method."""

    async def enter(
        self, connection: HTTPConnection, token: str | None, operation: OperationFacts | None
    ) -> Visit:
        """A context of its own for every operation; `operation` is None when a socket opens."""
        ...

    async def revoked(self, visit: Visit) -> None:
        """Returns when the session of the visit has ended (revoked, or past its absolute age)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Doorstep:
    """Values the edge checks callers against; `cookie` is the name of the session cookie."""

    origins: frozenset[str]
    cookie: str = "nmo_session"
    secure: bool = False

    def set_cookie(self, token: str, seconds: int) -> str:
        """The value of a Set-Cookie header."""
        age = max(seconds, 0) if token else 0
        flags = "; Secure" if self.secure else ""
        return f"{self.cookie}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{flags}"

    def token_of_request(self, connection: HTTPConnection) -> str | None:
        """The caller's token over HTTP; a request that a foreign page could forge is refused."""
        headers = connection.headers
        self._refuse_forgery(connection)
        if bearer := _bearer(headers):
            return bearer
        return connection.cookies.get(self.cookie)

    def token_of_link(self, connection: HTTPConnection) -> str | None:
        """The caller's token for a file behind a link: it is only read, and no foreign page may read it."""
        return _bearer(connection.headers) or connection.cookies.get(self.cookie)

    def bearer_of(self, connection: HTTPConnection) -> str | None:
        """The token of a program; a cookie counts for nothing here."""
        return _bearer(connection.headers)

    def token_of_socket(self, connection: HTTPConnection) -> str | None:
        """The caller's token at the handshake; the cookie only from a page of ours."""
        if bearer := _bearer(connection.headers):
            return bearer
        if connection.headers.get("origin") not in self.origins:
            return None
        return connection.cookies.get(self.cookie)

    def admits_socket(self, headers: Headers) -> bool:
        """A browser always names the page's origin; programs name none."""
        origin = headers.get("origin")
        return origin is None or origin in self.origins

    def cookie_refusal(self, connection: HTTPConnection) -> Fault | None:
        """Why the caller is given no cookie: only a page of ours is, or a foreign one could sign its reader in."""
        ours, foreign = self._sides(connection.headers)
        if foreign:
            return _forbidden(FOREIGN)
        if not ours:
            return _forbidden("Сеанс в куке хранят только страницы кабинета; программе нужен keep: TOKEN.")
        return None if PREFLIGHT in connection.headers else _forbidden(NO_PREFLIGHT)

    def _sides(self, headers: Headers) -> tuple[bool, bool]:
        """Whether a page of ours asks, and whether a foreign one does; programs are neither."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        ours = site == "same-origin" or (origin is not None and origin in self.origins)
        foreign = (origin is not None and origin not in self.origins) or site in ("cross-site", "same-site")
        return ours, foreign

    def _refuse_forgery(self, connection: HTTPConnection) -> None:
        headers = connection.headers
        ours, foreign = self._sides(headers)
        by_cookie = self.cookie in connection.cookies and not _bearer(headers)
        if foreign and by_cookie:
            raise _forbidden(FOREIGN)
        if PREFLIGHT in headers or ours:
            return
        if by_cookie or foreign:
            raise _forbidden(NO_PREFLIGHT)
        if connection.scope["method"] == "GET" and not _names_our_type(headers):
            # Nothing of the caller's is at stake without a cookie: an ordinary GraphQL error will do.
            raise _forbidden("Для GET нужен заголовок GraphQL-Require-Preflight.", binding=False)


def _names_our_type(headers: Headers) -> bool:
    accept = headers.get("accept", "").lower()
    return any(name in accept for name in JSON_TYPES)


def _bearer(headers: Headers) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def _forbidden(message: str, *, binding: bool = True) -> Fault:
    return Fault(403, EdgeCode.FORBIDDEN, message, binding=binding, reason="forgery")
