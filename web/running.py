"""What runs inside `nmo serve` once its servers are up: the database brought up to date, then the site."""

import asyncio
import gc
import signal
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn

from models.tables import Row
from resolvers.demo import has_demo_account
from storage.database import availability, check_server, connect
from storage.folders import StartError
from storage.key_check import check_keys
from storage.migrate import migrate
from storage.sealed_jobs import check_jobs
from web.app import Site
from web.demo import ensure_demo
from web.server_options import server_config
from web.settings import Settings
from web.wiring import open_vault


async def prepare(settings: Settings, say: Callable[[str], None]) -> None:
    """The newest tables, the right keys, demo data where it is wanted and nobody of it in production."""
    engine = connect(settings.database_url or "", pool_size=2)
    try:
        await check_server(engine)
        with availability():
            await migrate(engine)
            vault = open_vault(settings)
            await check_keys(engine, vault, Row.metadata)
            await check_jobs(engine, vault)
            taken = settings.production and await has_demo_account(engine)
        if taken:
            raise StartError(
                "В базе демонстрационные учётные записи: для NMO_ENV=production укажите другую "
                "в NMO_DATABASE_URL или другую папку в --data."
            )
    finally:
        await engine.dispose()
    if settings.demo and not settings.production:
        await ensure_demo(settings, say)


def run_site(settings: Settings, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serve in this process until a signal."""
    site = Site(settings)
    config = server_config(
        site.app, site.limits, host=settings.host, port=settings.port, proxies=settings.proxies
    )
    config.lifespan = "off"  # it would make a traceback of a part that cannot start
    Announced(config, site, ready).run(sockets=[listener])


class Announced(uvicorn.Server):
    """Says when it answers, and tells the probes when it begins to leave."""

    def __init__(self, config: uvicorn.Config, site: Site, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._site = site
        self._ready = ready

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A second signal asks for nothing new: an end in order takes seconds, a forced one would leave parts open."""
        if not self.should_exit:
            super().handle_exit(sig, frame)

    async def _serve(self, sockets: list[socket.socket] | None = None) -> None:
        """The parts of the site live as long as the server; their `StartError` is for whoever started it."""
        starlette = self._site.starlette
        async with starlette.router.lifespan_context(starlette):
            await super()._serve(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            # What start-up has made stays: to look through it again would hold every answer for a tenth of a second.
            gc.collect()
            gc.freeze()
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """A balancer needs a moment to see that `/readyz` says no; a person who presses Ctrl-C does not."""
        self._site.draining = True
        if signal.SIGTERM in self._captured_signals:
            await asyncio.sleep(self._site.settings.drain_seconds)
        self._site.leave()
        await super().shutdown(sockets)
