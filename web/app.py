"""The ASGI application: GraphQL, the page, health, and the worker beside them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, start_http_server
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp

from models.clock import Clock, SystemClock
from models.errors import Unavailable
from resolvers.context import Ports
from schema.api import schema
from storage.folders import StartError, reason
from storage.patience import unavailable_after
from web.access_log import AccessLog
from web.answers import COME_AGAIN
from web.certificate_check import certificate_check_route
from web.course_files import course_file_route
from web.data_export import data_export_route
from web.documents import DocumentPolicy, Documents
from web.door import Doorstep
from web.doorkeeper import Doorkeeper
from web.gosuslugi_wiring import open_portal
from web.graphql_view import GraphQLEdge, core_of
from web.limits import Limits
from web.metrics import Metrics
from web.operations import Operations
from web.page_operations import page_documents, page_operations, read_manifest
from web.pages import page_routes
from web.perimeter import perimeter
from web.refusals import HANDLERS, Faults
from web.sandbox.gosuslugi import gosuslugi_routes
from web.sandbox.outbox_page import outbox_routes
from web.settings import Settings
from web.wiring import ensure_bucket, open_outbox, open_ports
from web.worker import work
from web.xapi import xapi_route

CREDENTIALS = frozenset(
    {
        *("login", "completeSecondFactor", "reauthenticate", "identify", "changePassword"),
        *("confirmTotp", "changeEmail", "changePhone", "confirmContactChange", "revertContactChange"),
        *("registerAccount", "resendConfirmation", "confirmContactByCode", "confirmEmailByToken"),
        *("requestPasswordRecovery", "confirmRecoveryCode", "resetPassword"),
    }
)
STATIC = Path(__file__).parent / "static"


class Site:
    """The application with its state: nothing of it is global."""

    def __init__(self, settings: Settings, *, worker: bool = True, clock: Clock | None = None) -> None:
        self.settings = settings
        self._clock = clock or SystemClock()
        self.limits = Limits(credential_mutations=CREDENTIALS)
        self.registry = CollectorRegistry()
        self._worker = worker
        self._ports: Ports | None = None
        self._jobs: asyncio.Task[None] | None = None
        self.draining = False
        self.leaving = asyncio.Event()
        self.starlette = Starlette(
            routes=self._routes(), lifespan=self._lifespan, exception_handlers=HANDLERS
        )
        self.app: ASGIApp = perimeter(Faults(self.starlette), self.limits, self._number)

    @property
    def ports(self) -> Ports:
        if self._ports is None:
            raise RuntimeError("the site has not started")
        return self._ports

    def _number(self) -> str:
        return self.ports.secrets.uuid().hex

    def _routes(self) -> list[BaseRoute]:
        settings, edge = self.settings, self._edge()
        doorkeeper = Doorkeeper(lambda: self.ports, self._doorstep())
        return [
            Route("/graphql", edge),
            WebSocketRoute("/graphql", edge),
            Route("/livez", self._livez),
            Route("/readyz", self._readyz),
            course_file_route(doorkeeper, self._doorstep(), self.limits),
            data_export_route(doorkeeper, self.limits),
            certificate_check_route(doorkeeper, self.limits),
            xapi_route(doorkeeper, self._doorstep(), self.limits),
            *self._sandbox(),
            *page_routes(STATIC, graphiql=not settings.production, upload_origin=settings.upload_origin),
        ]

    def _sandbox(self) -> list[BaseRoute]:
        settings, routes = self.settings, list[BaseRoute]()
        if settings.production:
            return routes
        if not (settings.sms_url and settings.smtp_url):
            routes += outbox_routes(open_outbox(settings, self._clock))
        if not settings.esia_url:
            routes += gosuslugi_routes(open_portal(settings, self._clock))
        return routes

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncGenerator[None, None]:
        async with open_ports(self.settings, self._clock) as ports:
            self._ports = ports
            # Only a server says which pages may post: a command beside it has another origin, or none.
            await ensure_bucket(ports.objects, self.settings.pages)
            self._show_metrics()
            if self._worker:
                self._jobs = asyncio.create_task(work(ports, self.settings.database_url or ""))
            try:
                yield
            finally:
                self.leave()
                if self._jobs is not None:
                    with suppress(asyncio.CancelledError):
                        await self._jobs

    def _show_metrics(self) -> None:
        port, host = self.settings.metrics_port, self.settings.host
        try:
            if port:
                start_http_server(port, host, self.registry)
        except OSError as error:
            raise StartError(
                f"Порт {port} на {host} недоступен ({reason(error)}): укажите другой в NMO_METRICS_PORT."
            ) from error

    def leave(self) -> None:
        """No new jobs, and streams end; what has been begun may end in order."""
        self.leaving.set()
        # A second cancellation would cut short the jobs that are being finished.
        if self._jobs is not None and not self._jobs.cancelling():
            self._jobs.cancel()

    def _edge(self) -> GraphQLEdge:
        settings = self.settings
        trusted = page_documents(STATIC) | read_manifest(settings.trusted_documents)
        policy = DocumentPolicy(
            trusted=trusted,
            trusted_only=settings.trusted_only,
            introspection=not settings.production
            if settings.introspection is None
            else settings.introspection,
        )
        log = AccessLog(Metrics(self.registry, page_operations(STATIC)))
        core, door = core_of(schema), Doorkeeper(lambda: self.ports, self._doorstep())
        documents = Documents(core.schema, core.rules, self.limits, policy)
        operations = Operations(core, documents, door, log, settings.http_profile)
        return GraphQLEdge(operations, self._doorstep(), self.leaving)

    def _doorstep(self) -> Doorstep:
        settings = self.settings
        return Doorstep(
            origins=frozenset(settings.pages),
            cookie="__Host-nmo_session" if settings.secure else "nmo_session",
            secure=settings.secure,
        )

    async def _livez(self, request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def _readyz(self, request: Request) -> Response:
        database, objects = await asyncio.gather(self._database_ready(), self.ports.objects.ready())
        ready = {"draining": not self.draining, "database": database, "objects": objects}
        failed = [part for part, well in ready.items() if not well]
        return PlainTextResponse(" ".join(failed), 503, COME_AGAIN) if failed else PlainTextResponse("ok")

    async def _database_ready(self) -> bool:
        with suppress(Unavailable):
            async with unavailable_after(self.limits.deadline_seconds):
                await self.ports.database.ready()
            return True
        return False
