"""The command line: `nmo serve` and what an operator needs beside it."""

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from models.errors import Unavailable
from models.objects import ObjectsUnavailable
from storage.folders import StartError
from web.loading import load
from web.log_lines import write_log
from web.russian_arguments import Parser
from web.settings import read_settings

DATABASE, STORE = ("База данных", "NMO_DATABASE_URL"), ("Хранилище документов", "NMO_S3_*")
ENDS = (signal.SIGINT, signal.SIGTERM)


def parser() -> argparse.ArgumentParser:
    """The contract of the command line."""
    root = Parser(prog="nmo", description="Личный кабинет НМО: GraphQL API и страница.")
    commands = root.add_subparsers(required=True, metavar="команда")

    def add(name: str, run: str, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.add_argument("--data", type=Path, metavar="папка", help="данные встроенных серверов (.nmo)")
        made.set_defaults(run=run)
        return made

    serving = add("serve", "web.serving:serve", "запустить сервер и всё, что ему нужно")
    serving.add_argument("--host", metavar="адрес", help="адрес (127.0.0.1)")
    serving.add_argument("--port", type=int, metavar="порт", help="порт (8000)")
    serving.add_argument("--workers", type=int, metavar="число", help="число процессов (1)")
    serving.add_argument(
        "--no-demo", dest="demo", action="store_false", default=None, help="без демонстрационных данных"
    )
    add("worker", "web.commands:worker", "выполнять задания отдельно от сервера")
    add("migrate", "web.commands:migrate", "привести базу к нужной версии")
    add("rotate-keys", "web.commands:rotate_keys", "зашифровать личные данные заново текущим ключом")
    seeding = add("seed", "web.commands:seed", "наполнить базу демонстрационными данными")
    seeding.add_argument("--large", action="store_true", help="объём для измерений скорости")
    add("close-again", "web.commands:close_again", "после восстановления базы: закрыть то, что было закрыто")
    for name, text in (("block", "остановить доступ"), ("unblock", "вернуть доступ")):
        add(name, f"web.commands:{name}", f"{text} учётной записи").add_argument(
            "login", metavar="логин", help="почта, телефон или СНИЛС"
        )
    for name, text in (("grant", "дать учётной записи право"), ("withdraw", "снять у учётной записи право")):
        rights = add(name, f"web.commands:{name}", text)
        rights.add_argument("login", metavar="логин", help="почта, телефон или СНИЛС")
        rights.add_argument("right", metavar="право", help="например MANAGE_POLICIES")
    add("free-inn", "web.commands:free_inn", "освободить ИНН, который никто не подтвердил").add_argument(
        "holder", metavar="ИНН", help="он сам, или почта, телефон, СНИЛС учётной записи, где он указан"
    )
    add("schema", "web.commands:print_schema", "напечатать схему GraphQL (SDL)")
    add("check-config", "web.commands:check_config", "проверить настройки и доступность частей")
    tokens = add("token", "web.commands:token", "напечатать токен демонстрационной учётной записи")
    tokens.add_argument("account", metavar="учётная-запись", help="например demo-1 или provider-1")
    return root


def _command(name: str) -> Any:
    """`module:function`, loaded when it is called for: a command pays for what it uses (D12)."""
    module, _, function = name.partition(":")
    return getattr(load(module), function)


def main() -> None:
    """The console script `nmo`."""
    write_log()
    given = parser().parse_args()
    for number in ENDS:
        signal.signal(number, _leave)
    options = {name: getattr(given, name, None) for name in ("data", "host", "port", "workers", "demo")}
    try:
        _command(given.run)(read_settings(**options), given)
    except StartError as error:
        sys.exit(f"nmo: {error}")
    except Unavailable as error:
        part, names = STORE if isinstance(error, ObjectsUnavailable) else DATABASE
        sys.exit(f"nmo: {part} не отвечает, начатое не закончено: проверьте {names} и повторите.")
    except BrokenPipeError:  # `nmo schema | head`: whoever read has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _leave(number: int, frame: FrameType | None) -> None:
    """End in order, once; uvicorn sends the signal on to here when it has finished its own work."""
    for each in ENDS:
        signal.signal(each, _is_leaving)
    sys.exit(os.EX_OK)


def _is_leaving(number: int, frame: FrameType | None) -> None:
    """A second signal would break off the end of the children in its middle, so it changes nothing."""
