"""What an operator runs beside the server."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable

from gateways.errors import GatewayRefused, GatewayUnavailable
from gateways.mail import MailGateway, SmtpMail
from models.account import Permission
from models.errors import Refusal
from models.tables import Row
from resolvers import blocking, closure_marks, inn_freeing
from resolvers.context import Context, Ports
from resolvers.demo import demo_token
from schema.api import schema
from storage.database import availability
from storage.folders import StartError
from storage.key_rotation import rotate
from storage.migrate import outdated
from storage.sealed_jobs import rotate_jobs
from web.demo import ensure_demo, ensure_large
from web.embedded import embedded, refuse_new
from web.gosuslugi_wiring import check_gosuslugi
from web.page_operations import read_manifest
from web.running import prepare
from web.serving import say
from web.settings import Settings
from web.wiring import open_ports
from web.worker import work

Command = Callable[[Settings, argparse.Namespace], None]


def note(line: str) -> None:
    """Progress goes beside the output, which other programs read."""
    print(line, file=sys.stderr, flush=True)


def _with_ports(settings: Settings, run: Callable[[Settings, Ports], Awaitable[None]]) -> None:
    """Run something on the parts of the settings; servers that are up already are used as they are."""

    async def inside(ready: Settings) -> None:
        async with open_ports(ready, beside=True) as ports:
            try:
                with availability():
                    await _refuse_old(ports)
                    await run(ready, ports)
            except Refusal as refusal:
                raise StartError(refusal.message) from refusal

    refuse_new(settings)
    with embedded(settings, note, bus=False) as ready:
        asyncio.run(inside(ready))


async def _refuse_old(ports: Ports) -> None:
    if await outdated(ports.database.engine):
        raise StartError("База старее программы: выполните nmo migrate.")


def _command(run: Callable[[Settings, Ports, argparse.Namespace], Awaitable[None]]) -> Command:
    """A command that is nothing but what it does on the parts."""
    return lambda settings, given: _with_ports(settings, lambda ready, ports: run(ready, ports, given))


@_command
async def worker(ready: Settings, ports: Ports, given: argparse.Namespace) -> None:
    """Do jobs until a signal."""
    say("Выполняю задания.")
    await work(ports, ready.database_url or "")


def migrate(settings: Settings, given: argparse.Namespace) -> None:
    """Bring the database to the version of the code."""
    with embedded(settings, note, bus=False) as ready:
        asyncio.run(prepare(ready.model_copy(update={"demo": False}), note))
    say("База готова.")


@_command
async def rotate_keys(ready: Settings, ports: Ports, given: argparse.Namespace) -> None:
    """Seal personal data anew with the current key; the server may run meanwhile."""
    batches = rotate(ports.database.engine, ports.vault, Row.metadata)
    done = sum([count async for count in batches])
    done += await rotate_jobs(ports.database.engine, ports.vault)
    say(f"Зашифровано заново текущим ключом: {done}.")


@_command
async def close_again(ready: Settings, ports: Ports, given: argparse.Namespace) -> None:
    """Accounts that were closed after the copy of the database was made are closed in it too."""
    say(f"Закрыто учётных записей: {await closure_marks.close_again(Context(ports))}.")


@_command
async def block(ready: Settings, ports: Ports, given: argparse.Namespace) -> None:
    """Shut an account out; its open sockets end at once."""
    closed = await blocking.block(Context(ports), given.login)
    say(f"Доступ остановлен, завершено сеансов: {closed}.")


@_command
async def unblock(ready: Settings, ports: Ports, given: argparse.Namespace) -> None:
    """Let an account in again."""
    changed = await blocking.unblock(Context(ports), given.login)
    say("Доступ возвращён." if changed else "Доступ и не был остановлен.")


@_command
async def free_inn(ready: Settings, ports: Ports, given: argparse.Namespace) -> None:
    """Take an INN from an account that nobody has confirmed, so that its owner may register."""
    await inn_freeing.free_inn(Context(ports), given.holder)
    say("ИНН освобождён.")


def grant(settings: Settings, given: argparse.Namespace) -> None:
    """Give an account a right."""
    _change_right(settings, given, blocking.grant, "Право дано.", "Это право уже есть.")


def withdraw(settings: Settings, given: argparse.Namespace) -> None:
    """Take a right from an account; what runs on it ends as with `block`."""
    _change_right(settings, given, blocking.withdraw, "Право снято.", "Этого права и не было.")


def _change_right(
    settings: Settings,
    given: argparse.Namespace,
    change: Callable[[Context, str, Permission], Awaitable[bool]],
    done: str,
    needless: str,
) -> None:
    right = _right(given.right)  # a mistyped one starts no servers

    async def run(ready: Settings, ports: Ports) -> None:
        say(done if await change(Context(ports), given.login, right) else needless)

    _with_ports(settings, run)


def _right(name: str) -> Permission:
    try:
        return Permission(name)
    except ValueError as error:
        raise StartError(f"Нет права {name}, есть {', '.join(Permission)}.") from error


def seed(settings: Settings, given: argparse.Namespace) -> None:
    """Demo data, once; with `--large` the size that speed is measured on."""
    if settings.production:
        raise StartError("Демонстрационные данные не загружаются при NMO_ENV=production.")
    with embedded(settings, note, bus=False) as ready:
        asyncio.run(prepare(ready.model_copy(update={"demo": False}), note))
        fresh = asyncio.run(ensure_large(ready, note) if given.large else ensure_demo(ready, note))
    say("Демонстрационные данные загружены." if fresh else "Демонстрационные данные уже есть.")


def print_schema(settings: Settings, given: argparse.Namespace) -> None:
    """The SDL, in a fixed order."""
    print(schema.as_str())


def token(settings: Settings, given: argparse.Namespace) -> None:
    """A bearer token for a demo account or provider."""
    if settings.production:
        raise StartError("Токены демонстрационных записей не выдаются при NMO_ENV=production.")

    async def run(ready: Settings, ports: Ports) -> None:
        made = await demo_token(Context(ports), given.account)
        if made is None:
            raise StartError(f"Нет учётной записи {given.account}: сначала выполните nmo seed.")
        print(made)

    _with_ports(settings, run)


def check_config(settings: Settings, given: argparse.Namespace) -> None:
    """Every part answers, and the database is of the right version."""
    read_manifest(settings.trusted_documents)

    async def run(ready: Settings, ports: Ports) -> None:
        await ports.database.ready()
        if not await ports.objects.ready():
            raise StartError("Хранилище документов не отвечает: проверьте NMO_S3_*.")
        if not ports.bus.healthy:
            raise StartError("Шина не отвечает: проверьте NMO_NATS_URL.")
        await check_gosuslugi(ready)
        await _check_mail(ports.mail)

    _with_ports(settings, run)
    say("Настройки верны, все части отвечают.")


async def _check_mail(mail: MailGateway) -> None:
    """A server may start without its mail, whose letters wait; who asks whether all is right wants to know."""
    try:
        if isinstance(mail, SmtpMail):
            await mail.check()
    except (GatewayRefused, GatewayUnavailable) as error:
        raise StartError(f"Почта не принимает писем, проверьте NMO_SMTP_URL: {error}.") from error
