"""`nmo serve`: the embedded servers, the database brought up to date, then one process or several."""

import argparse
import asyncio
import errno
import os
import signal
import socket
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from resolvers.demo_login import DEMO_LOGIN, DEMO_PASSWORD
from storage.folders import StartError, make_folder, reason
from storage.processes import Program, ServerProcess, stop_together
from web.embedded import embedded, one_server
from web.loading import load
from web.settings import Settings, as_environment

READY_SECONDS = 60.0  # of all workers together
WORKER_PATIENCE = 12.0  # after the drain: open requests and jobs under way end


def serve(settings: Settings, given: argparse.Namespace) -> None:
    """Serve until a signal; children are stopped in order afterwards."""
    started = time.monotonic()
    bind(settings).close()
    with one_server(settings), ThreadPoolExecutor(1) as pool:
        say("Запускаю части сервера…")
        # The product takes longer to import than the servers to start, so both are done at once.
        product: Future[Any] = pool.submit(load, "web.running")
        with embedded(settings, say, bus=settings.workers > 1) as ready:
            running = product.result()
            asyncio.run(running.prepare(ready, say))
            if ready.workers > 1:
                _serve_many(ready, started)
            else:
                running.run_site(ready, bind(ready), lambda: announce(ready, started))


def _serve_many(settings: Settings, started: float) -> None:
    """One process a worker, all started at once and accepting from one socket; a worker that dies is started again."""
    listener = bind(settings)
    listener.set_inheritable(True)
    folder = settings.data / "workers"
    make_folder(folder)
    workers = [
        ServerProcess(_worker(settings, folder, listener.fileno(), number))
        for number in range(settings.workers)
    ]
    pool = ThreadPoolExecutor(settings.workers)
    try:
        answering = [(folder / f"ready-{number}").exists for number in range(settings.workers)]
        starts = [
            pool.submit(worker.start, ready, READY_SECONDS)
            for worker, ready in zip(workers, answering, strict=True)
        ]
        for start in starts:
            start.result()
        announce(settings, started)
        say(f"Журналы процессов: {folder}")
        signal.pause()
    finally:
        patience = settings.drain_seconds + WORKER_PATIENCE
        stop_together([partial(worker.stop, patience) for worker in workers])
        pool.shutdown()


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
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise StartError(
                f"У этой машины нет адреса {settings.host} ({reason(error)}): укажите другой в --host."
            ) from error
        raise StartError(
            f"Порт {settings.port} на {settings.host} недоступен ({reason(error)}): укажите другой в --port."
        ) from error
    return listener


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
    if not settings.esia_url:
        say(f"  Госуслуги:      {origin}/sandbox/gosuslugi/")
    if settings.demo:
        say(f"  Вход:           {DEMO_LOGIN}, пароль {DEMO_PASSWORD}; код придёт в «Письма и СМС»")


def say(line: str) -> None:
    """A line for the person at the terminal."""
    print(line, flush=True)
