"""A free port may be taken by somebody else before our child binds it: the start goes on with another one."""

import socket
from pathlib import Path

import pytest

from storage import folders
from storage.embedded import EmbeddedServer
from storage.nats import EmbeddedNats
from storage.seaweed import EmbeddedSeaweed


@pytest.mark.parametrize("kind", [EmbeddedSeaweed, EmbeddedNats])
def test_a_port_that_was_taken_meanwhile_is_another_one_at_the_next_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[EmbeddedServer[object]]
) -> None:
    choose = folders.named_by_the_kernel
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        taken: list[int] = [stranger.getsockname()[1]]
        monkeypatch.setattr(folders, "named_by_the_kernel", lambda: taken.pop() if taken else choose())
        server = kind(tmp_path / "data")
        server.start()
        assert server.pid
        server.stop()
    assert taken == []
