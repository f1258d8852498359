"""The command line: `nmo serve` and what an operator needs beside it."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from storage.folders import StartError
from web.commands import check_config, migrate, print_schema, rotate_keys, seed, token, worker
from web.serving import serve
from web.settings import Settings, read_settings

Command = Callable[[Settings, argparse.Namespace], None]


def parser() -> argparse.ArgumentParser:
    """The contract of the command line."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, help="папка данных встроенных серверов (.nmo)")
    root = argparse.ArgumentParser(prog="nmo", description="Личный кабинет НМО: GraphQL API и страница.")
    commands = root.add_subparsers(required=True, metavar="команда")

    def add(name: str, run: Command, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, parents=[common], help=text, description=text)
        made.set_defaults(run=run)
        return made

    serving = add("serve", serve, "запустить сервер и всё, что ему нужно")
    serving.add_argument("--host", help="адрес (127.0.0.1)")
    serving.add_argument("--port", type=int, help="порт (8000)")
    serving.add_argument("--workers", type=int, help="число процессов (1)")
    serving.add_argument(
        "--no-demo", dest="demo", action="store_false", default=None, help="без демонстрационных данных"
    )
    add("worker", worker, "выполнять задания отдельно от сервера")
    add("migrate", migrate, "привести базу к нужной версии")
    add("rotate-keys", rotate_keys, "зашифровать личные данные заново текущим ключом")
    seeding = add("seed", seed, "наполнить базу демонстрационными данными")
    seeding.add_argument("--large", action="store_true", help="объём для измерений скорости")
    add("schema", print_schema, "напечатать схему GraphQL (SDL)")
    add("check-config", check_config, "проверить настройки и доступность частей")
    tokens = add("token", token, "напечатать токен демонстрационной учётной записи")
    tokens.add_argument("account", help="например demo-1 или provider-1")
    return root


def main() -> None:
    """The console script `nmo`."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    for noisy in ("alembic", "procrastinate", "httpx", "botocore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    given = parser().parse_args()
    # A second way to end in order: uvicorn sends the signal on once it has finished its own work.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    options = {name: getattr(given, name, None) for name in ("data", "host", "port", "workers", "demo")}
    try:
        given.run(read_settings(**options), given)
    except StartError as error:
        sys.exit(f"nmo: {error}")
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit(os.EX_OK)
