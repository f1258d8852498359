"""A free port may be taken by somebody else before our child binds it: the start goes on with another one."""

import socket
from pathlib import Path

import pytest

from storage.embedded import EmbeddedServer
from storage.folders import OwnedFolder
from storage.nats import EmbeddedNats
from storage.seaweed import EmbeddedSeaweed


@pytest.mark.parametrize("kind", [EmbeddedSeaweed, EmbeddedNats])
def test_a_port_that_was_taken_meanwhile_is_another_one_at_the_next_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[EmbeddedServer[object]]
) -> None:
    choose = OwnedFolder.port
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        taken: list[int] = [stranger.getsockname()[1]]

        def port(owned: OwnedFolder, name: str) -> int:
            return taken.pop() if taken else choose(owned, name)

        monkeypatch.setattr(OwnedFolder, "port", port)
        server = kind(tmp_path / "data")
        server.start()
        assert server.pid
        server.stop()
    assert taken == []
