"""The embedded NATS on real processes: closed, alone on its folder, dead with its parent."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError

from storage.folders import FolderBusy
from storage.nats import EmbeddedNats
from storage.processes import stop_together

ROOT = Path(__file__).parent.parent
START_AND_WAIT = """
import sys
from pathlib import Path
from storage.nats import EmbeddedNats
server = EmbeddedNats(Path(sys.argv[1]))
print(server.start(), server.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedNats]:
    embedded = EmbeddedNats(tmp_path / "папка nats")
    embedded.start()
    yield embedded
    embedded.stop()


def listening_inodes(pid: int) -> set[str]:
    links = (str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir())
    return {link[8:-1] for link in links if link.startswith("socket:[")}


def listeners(pid: int) -> list[str]:
    """Local addresses, in the kernel's notation, on which the process takes connections."""
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
    ]
    ours = listening_inodes(pid)
    return [row[1] for row in rows if row[3] == "0A" and row[9] in ours]


def test_it_listens_on_one_port_of_loopback_only(server: EmbeddedNats) -> None:
    addresses = listeners(server.pid)
    assert len(addresses) == 1
    assert addresses[0].startswith("0100007F:")


def test_a_stranger_is_refused(server: EmbeddedNats) -> None:
    url = server.running_url() or ""

    async def enter(address: str) -> None:
        client = Client()
        await client.connect(address, allow_reconnect=False, max_reconnect_attempts=1)
        await client.close()

    asyncio.run(enter(url))
    for wrong in (url.replace("nmo:", "nmo:x"), "nats://" + url.rpartition("@")[2]):
        with pytest.raises(NatsError):
            asyncio.run(enter(wrong))


def test_a_restart_keeps_the_url_and_the_password_is_private(server: EmbeddedNats, tmp_path: Path) -> None:
    url = server.running_url()
    server.stop()
    assert server.running_url() is None
    assert server.start() == url
    assert (tmp_path / "папка nats" / "nats.conf").stat().st_mode & 0o077 == 0


def test_two_servers_on_one_folder_refuse(server: EmbeddedNats, tmp_path: Path) -> None:
    with pytest.raises(FolderBusy):
        EmbeddedNats(tmp_path / "папка nats").start()


def test_it_is_stopped_once_however_many_stop_it(tmp_path: Path) -> None:
    server = EmbeddedNats(tmp_path / "nats")
    server.start()
    stop_together([server.stop] * 8)
    assert server.pid == 0


def test_a_killed_parent_leaves_no_child(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert owner.stdout is not None
    pid = int(owner.stdout.readline().split()[1])
    assert Path(f"/proc/{pid}").exists()
    owner.kill()
    owner.communicate()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
