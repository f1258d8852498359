"""Serves the built page: the cabinet, the GraphiQL page where it is allowed, and their files.

The cabinet runs under `default-src 'self'` without an exception (3.1-4, 3.1-7: the page is one of two doors).
"""

import gzip
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

CABINET_PATHS = (
    "/",
    "/signin",
    "/registration",
    "/confirm-email",
    "/recovery",
    "/revert-contact",
    "/gosuslugi",
    "/gosuslugi/login",
    "/cabinet",
    "/cabinet/{section:path}",
)
NOT_BUILT = "Страница не собрана. Соберите её: python hatch_build.py\n"
FOREVER = "public, max-age=31536000, immutable"
COMPRESSIBLE = (".js", ".css", ".html", ".svg", ".ttf")

COMMON_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
# The Monaco editor of GraphiQL writes style elements, carries a font as data: and starts workers from blobs.
GRAPHIQL_POLICY = (
    f"{POLICY}; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; "
    "worker-src 'self' blob:"
)


def cabinet_policy(upload_origin: str | None) -> str:
    """Files go from the browser straight to the object store, so its origin alone may be connected to."""
    return f"{POLICY}; connect-src 'self' {upload_origin}" if upload_origin else POLICY


@dataclass
class BuiltPage:
    """The folder Vite wrote; compressed forms are kept once made."""

    folder: Path
    compressed: dict[Path, bytes] = field(default_factory=dict[Path, bytes])

    def answer(self, request: Request, name: str, headers: dict[str, str]) -> Response:
        path = self.folder / name
        if not path.is_file():
            raise HTTPException(404)
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = {**COMMON_HEADERS, **headers}
        if path.suffix not in COMPRESSIBLE:
            return Response(path.read_bytes(), headers=headers, media_type=media_type)
        headers["Vary"] = "Accept-Encoding"
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(path.read_bytes(), headers=headers, media_type=media_type)
        headers["Content-Encoding"] = "gzip"
        return Response(self.gzipped(path), headers=headers, media_type=media_type)

    def gzipped(self, path: Path) -> bytes:
        if path not in self.compressed:
            self.compressed[path] = gzip.compress(path.read_bytes(), 9, mtime=0)
        return self.compressed[path]

    def html(self, request: Request, name: str, policy: str) -> Response:
        if not (self.folder / name).is_file():
            return PlainTextResponse(NOT_BUILT, 503, COMMON_HEADERS)
        return self.answer(request, name, {"Content-Security-Policy": policy, "Cache-Control": "no-cache"})


def page_routes(folder: Path, *, graphiql: bool, upload_origin: str | None = None) -> list[Route]:
    """Routes of the page; plain functions, so that Starlette reads files in its threads."""
    page = BuiltPage(folder)
    policy = cabinet_policy(upload_origin)

    def cabinet(request: Request) -> Response:
        return page.html(request, "index.html", policy)

    def graphiql_page(request: Request) -> Response:
        return page.html(request, "graphiql.html", GRAPHIQL_POLICY)

    def asset(request: Request) -> Response:
        name = f"assets/{request.path_params['name']}"
        return page.answer(request, name, {"Cache-Control": FOREVER})

    def icon(request: Request) -> Response:
        return page.answer(request, "icon.svg", {"Cache-Control": "public, max-age=86400"})

    routes = [Route(path, cabinet) for path in CABINET_PATHS]
    routes += [Route("/assets/{name}", asset), Route("/icon.svg", icon)]
    return [*routes, Route("/graphiql", graphiql_page)] if graphiql else routes
