"""The servers a single machine needs, started beside ours; each is left out where its address is set."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from storage.folders import OwnedFolder, StartError, is_owned, make_folder, no_access, write_private
from storage.nats import EmbeddedNats
from storage.postgres import EmbeddedPostgres
from storage.processes import stop_together
from storage.seaweed import EmbeddedSeaweed
from web.settings import Settings

Say = Callable[[str], None]
Stops = dict[str, Callable[[], None]]  # what was started here: what to say of it, how to stop it
Start = Callable[[Settings, Stops], dict[str, object]]


@contextmanager
def embedded(settings: Settings, say: Say, *, bus: bool) -> Generator[Settings, None, None]:
    """Settings with every address filled in; the servers live as long as the block."""
    if _keeps(settings, bus):
        make_folder(settings.data)  # named as it was given, not by a part of it
    stops: Stops = {}
    pool = ThreadPoolExecutor()
    try:
        found: dict[str, object] = {}
        for start in [pool.submit(start, settings, stops) for start in _starters(settings, bus)]:
            found |= start.result()
        found |= _keys(settings)
        for part in stops:
            say(part)
        yield settings.model_copy(update=found)
    finally:
        stop_together([*stops.values()])
        pool.shutdown()


@contextmanager
def one_server(settings: Settings) -> Generator[None, None, None]:
    """Of servers that start their parts themselves a folder has one: a second would hear nothing of the first one's
    changes, and die with it. Commands beside a server use its parts as they are."""
    if not _keeps(settings, settings.workers > 1):
        yield
        return
    owned = OwnedFolder.take(settings.data)
    try:
        if any(is_owned(settings.data / part) for part in ("postgres", "s3", "nats")):
            raise StartError(
                f"В папке {settings.data} работает другая команда nmo, и сервер кончился бы вместе с ней: "
                "дождитесь её конца или остановите её."
            )
        yield
    finally:
        owned.release()


def _keeps(settings: Settings, bus: bool) -> bool:
    """Whether something of ours is to live in the folder."""
    return None in (settings.database_url, settings.s3_endpoint) or (bus and settings.nats_url is None)


def refuse_new(settings: Settings) -> None:
    """Who looks for something in a folder where nothing has ever been has mistyped it, and makes nothing there."""
    if settings.database_url is not None:
        return
    try:
        (settings.data / "postgres").stat()
    except FileNotFoundError as error:
        raise StartError(
            f"В папке {settings.data} базы нет: укажите папку сервера в --data или выполните nmo migrate."
        ) from error
    except OSError as error:
        raise no_access(settings.data, error) from error


def _starters(settings: Settings, bus: bool) -> list[Start]:
    starters: list[Start] = []
    if settings.database_url is None:
        starters.append(_postgres)
    if settings.s3_endpoint is None:
        starters.append(_s3)
    if settings.nats_url is None:
        starters.append(_nats if bus else _running_nats)
    return starters


def _postgres(settings: Settings, stops: Stops) -> dict[str, object]:
    server = EmbeddedPostgres(settings.data / "postgres", settings.postgres_bin)
    if running := server.running_url():
        return {"database_url": running}
    stops["База данных PostgreSQL запущена"] = server.stop
    return {"database_url": server.start()}


def _s3(settings: Settings, stops: Stops) -> dict[str, object]:
    server = EmbeddedSeaweed(settings.data / "s3")
    account = server.running()
    if account is None:
        stops["Хранилище документов S3 запущено"] = server.stop
        account = server.start()
    return {
        "s3_endpoint": account.endpoint,
        "s3_access_key": account.access_key,
        "s3_secret_key": account.secret_key,
    }


def _nats(settings: Settings, stops: Stops) -> dict[str, object]:
    if running := _running_nats(settings, stops):
        return running
    server = EmbeddedNats(settings.data / "nats")
    stops["Шина NATS запущена"] = server.stop
    return {"nats_url": server.start()}


def _running_nats(settings: Settings, stops: Stops) -> dict[str, object]:
    """The bus of a server with several processes, for a command beside it: its changes are live there too."""
    running = EmbeddedNats(settings.data / "nats").running_url()
    return {"nats_url": running} if running else {}


def _keys(settings: Settings) -> dict[str, object]:
    """Keys of personal data, made once and kept in the data folder where none are set."""
    if settings.vault_keys:
        return {}
    folder = settings.data / "keys"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return {"vault_keys": {"k1": _key(folder / "k1")}, "vault_index_key": _key(folder / "index")}
    except OSError as error:
        advice = "укажите другую в --data или задайте NMO_VAULT_KEYS"
        raise no_access(settings.data, error, advice) from error


def _key(file: Path) -> str:
    if not file.exists():
        write_private(file, token_hex(32))
    return file.read_text("utf-8", "replace").strip()
