"""`nmo serve`: the embedded servers, the database brought up to date, then one process or several."""

import argparse
import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import uvicorn

from models.tables import Row
from storage.database import connect
from storage.folders import StartError
from storage.key_check import check_keys
from storage.migrate import migrate
from storage.processes import Program, ServerProcess
from web.app import Site
from web.demo import DEMO_LOGIN, DEMO_PASSWORD, ensure_demo
from web.embedded import embedded
from web.server_options import server_config
from web.settings import Settings, as_environment
from web.wiring import open_vault

READY_SECONDS = 30.0


def serve(settings: Settings, given: argparse.Namespace) -> None:
    """Serve until a signal; children are stopped in order afterwards."""
    started = time.monotonic()
    bind(settings).close()
    say("Запускаю части сервера…")
    with embedded(settings, say, bus=settings.workers > 1) as ready:
        asyncio.run(prepare(ready))
        if ready.workers > 1:
            _serve_many(ready, started)
        else:
            _serve_one(ready, started)


async def prepare(settings: Settings) -> None:
    """The newest tables, the right keys, and demo data where it is wanted."""
    engine = connect(settings.database_url or "", pool_size=2)
    try:
        await migrate(engine)
        await check_keys(engine, open_vault(settings), Row.metadata)
    finally:
        await engine.dispose()
    if settings.demo and not settings.production:
        await ensure_demo(settings, say)


def _serve_one(settings: Settings, started: float) -> None:
    run_site(settings, bind(settings), lambda: announce(settings, started))


def _serve_many(settings: Settings, started: float) -> None:
    """One process a worker, all accepting from one socket; a worker that dies is started again."""
    listener = bind(settings)
    listener.set_inheritable(True)
    folder = settings.data / "workers"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as stack:
        for number in range(settings.workers):
            process = ServerProcess(_worker(settings, folder, listener.fileno(), number))
            stack.callback(process.stop)
            process.start((folder / f"ready-{number}").exists, READY_SECONDS)
        announce(settings, started)
        say(f"Журналы процессов: {folder}")
        signal.pause()


def _worker(settings: Settings, folder: Path, listener: int, number: int) -> Program:
    (folder / f"ready-{number}").unlink(missing_ok=True)
    mine = settings.model_copy(
        update={"metrics_port": settings.metrics_port and settings.metrics_port + number}
    )
    return Program(
        f"worker-{number}",
        [sys.executable, "-m", "web.serve_one", str(listener), f"ready-{number}"],
        folder.absolute(),
        environment={**os.environ, **as_environment(mine)},
        inherited=(listener,),
    )


def bind(settings: Settings) -> socket.socket:
    """The listening socket, or one line that says the port is taken."""
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(1024)
    except OSError as error:
        raise StartError(
            f"Порт {settings.port} на {settings.host} недоступен ({error.strerror}): укажите другой в --port."
        ) from error
    return listener


def run_site(settings: Settings, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serve in this process until a signal."""
    site = Site(settings)
    config = server_config(
        site.app, site.limits, host=settings.host, port=settings.port, proxies=settings.proxies
    )
    Announced(config, site, ready).run(sockets=[listener])


class Announced(uvicorn.Server):
    """Says when it answers, and tells the probes when it begins to leave."""

    def __init__(self, config: uvicorn.Config, site: Site, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._site = site
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._site.draining = True
        await super().shutdown(sockets)


def announce(settings: Settings, started: float) -> None:
    """Where things are, and how to sign in."""
    origin = settings.origin
    say(f"Готово за {time.monotonic() - started:.1f} с.")
    say(f"  Страница:       {origin}/")
    say(f"  GraphQL:        {origin}/graphql")
    if settings.production:
        return
    say(f"  GraphiQL:       {origin}/graphiql")
    say(f"  Письма и СМС:   {origin}/sandbox/outbox")
    if settings.demo:
        say(f"  Вход:           {DEMO_LOGIN}, пароль {DEMO_PASSWORD}; код придёт в «Письма и СМС»")


def say(line: str) -> None:
    """A line for the person at the terminal."""
    print(line, flush=True)
