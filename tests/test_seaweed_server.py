"""The embedded object server is closed to everybody but us and keeps what it acknowledged."""

import hashlib
import os
import signal
import socket
import ssl
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
import httpx
import pytest

from models.objects import ObjectMissing, ObjectsUnavailable
from storage.objects import ObjectStore, S3Settings
from storage.seaweed import EmbeddedSeaweed, S3Account

pytestmark = pytest.mark.anyio

LISTEN = "0A"
HTTP2_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
GRPC_PORTS = ("master.port.grpc", "volume.port.grpc", "filer.port.grpc", "s3.port.grpc")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("папка with spaces") / "objects"


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[EmbeddedSeaweed]:
    server = EmbeddedSeaweed(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def account(server: EmbeddedSeaweed) -> S3Account:
    account = server.running()
    assert account is not None
    return account


def store(account: S3Account) -> ObjectStore:
    return ObjectStore(S3Settings(account.endpoint, account.access_key, account.secret_key, "nmo"))


async def put(objects: ObjectStore, key: str, data: bytes) -> None:
    await objects.put(key, data, "application/octet-stream", hashlib.sha256(data).hexdigest())


def port(folder: Path, name: str) -> int:
    return int((folder / name).read_text("ascii"))


def listeners(pid: int) -> set[str]:
    """Addresses (as the kernel writes them) on which the process listens over TCP of both families."""
    sockets = {os.readlink(file) for file in Path(f"/proc/{pid}/fd").iterdir()}
    found: set[str] = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTEN and f"socket:[{fields[9]}]" in sockets:
                found.add(fields[1].split(":")[0])
    return found


def test_listens_on_loopback_only(server: EmbeddedSeaweed) -> None:
    assert listeners(server.pid) == {"0100007F"}


def test_reports_nothing_to_the_vendor(server: EmbeddedSeaweed) -> None:
    command = Path(f"/proc/{server.pid}/cmdline").read_bytes().decode().split("\0")
    assert "-master.telemetry=false" in command


def test_no_key_is_visible_to_other_users(server: EmbeddedSeaweed, folder: Path, account: S3Account) -> None:
    command = Path(f"/proc/{server.pid}/cmdline").read_text()
    assert account.secret_key not in command
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    secrets = ("secret-key", "identities.json", "security.toml", "node.key", "account.json")
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in secrets} == {0o600}


async def test_filer_and_volumes_refuse_strangers(folder: Path, account: S3Account) -> None:
    objects = store(account)
    await objects.ensure_bucket()
    await put(objects, "private/one", b"secret of a doctor")
    filer = f"http://127.0.0.1:{port(folder, 'filer.port')}/buckets/nmo/private"
    volume = f"http://127.0.0.1:{port(folder, 'volume.port')}"
    async with httpx.AsyncClient(trust_env=False) as stranger:
        answers = [
            await stranger.get(f"{filer}/one"),
            await stranger.get(f"{filer}/?pretty=y"),
            await stranger.post(f"{filer}/two", files={"file": b"planted"}),
            await stranger.delete(f"{filer}/one"),
            await stranger.get(f"{volume}/1,01637037d6"),
            await stranger.post(f"{volume}/1,01637037d6", files={"file": b"planted"}),
        ]
    # The filer has no HTTP at all, so even an object that exists is not there.
    assert [answer.status_code for answer in answers] == [404] * 4 + [401] * 2
    assert await objects.get("private/one", 100) == b"secret of a doctor"


async def test_master_cannot_be_told_to_drop_a_bucket(folder: Path, account: S3Account) -> None:
    objects = store(account)
    await objects.ensure_bucket()
    await put(objects, "kept", b"still here")
    async with httpx.AsyncClient(trust_env=False) as stranger:
        master = f"http://127.0.0.1:{port(folder, 'master.port')}"
        for path in ("/col/delete?collection=nmo", "/dir/assign", "/vol/vacuum", "/dir/status"):
            assert (await stranger.get(master + path)).status_code == 404
    assert await objects.get("kept", 100) == b"still here"


@pytest.mark.parametrize("name", GRPC_PORTS)
def test_grpc_asks_for_a_certificate(server: EmbeddedSeaweed, folder: Path, name: str) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    address = ("127.0.0.1", port(folder, name))
    with socket.create_connection(address, timeout=5) as raw, context.wrap_socket(raw) as stranger:
        stranger.sendall(HTTP2_PREFACE)
        with pytest.raises(ssl.SSLError, match="CERTIFICATE_REQUIRED"):
            stranger.recv(1)


async def test_anonymous_is_refused_by_s3(account: S3Account) -> None:
    await store(account).ensure_bucket()
    async with httpx.AsyncClient(trust_env=False, base_url=account.endpoint) as stranger:
        assert (await stranger.get("/nmo")).status_code == 403
        assert (await stranger.get("/nmo/kept")).status_code == 403
        assert (await stranger.put("/nmo/planted", content=b"x")).status_code == 403


async def test_an_upload_makes_no_bucket(account: S3Account) -> None:
    absent = ObjectStore(S3Settings(account.endpoint, account.access_key, account.secret_key, "no-bucket"))
    with pytest.raises(ObjectMissing, match="NoSuchBucket"):
        await put(absent, "key", b"x")
    assert await absent.ready() is False


async def test_objects_survive_kill_and_restart(tmp_path: Path) -> None:
    server = EmbeddedSeaweed(tmp_path)
    account = server.start()
    objects = store(account)
    await objects.ensure_bucket()
    for number in range(20):
        await put(objects, f"kept/{number}", b"%d" % number * 1000)
    await anyio.to_thread.run_sync(kill_and_wait_for_the_next, server)
    await until_ready(objects)
    for number in range(20):
        assert await objects.get(f"kept/{number}", 10_000) == b"%d" % number * 1000
    server.stop()
    assert server.running() is None
    with pytest.raises(ObjectsUnavailable):
        await objects.get("kept/0", 10_000)
    assert server.start() == account
    assert await objects.get("kept/0", 10_000) == b"0" * 1000
    server.stop()


async def until_ready(objects: ObjectStore) -> None:
    for _ in range(200):
        if await objects.ready():
            return
        await anyio.sleep(0.05)
    pytest.fail("the server did not come back in time")


def kill_and_wait_for_the_next(server: EmbeddedSeaweed) -> None:
    killed = server.pid
    os.kill(killed, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while server.pid == killed and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.pid != killed
