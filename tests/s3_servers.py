"""Every S3 server at hand for the contract tests: SeaweedFS always, MinIO and any other if there is one."""

import hashlib
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from models.objects import ObjectMissing
from storage.folders import named_by_the_kernel
from storage.objects import ObjectStore, S3Settings
from storage.processes import Program, ServerProcess
from storage.seaweed import EmbeddedSeaweed

BUCKET = "nmo-contract"
PDF = "application/pdf"
PAGE = "https://cabinet.example"
MINIO_IN_CACHE = Path(__file__).parent.parent / ".cache/minio/minio"
MINIO_KEYS = ("nmo-contract-key", "nmo-contract-secret")
NO_MINIO = "MinIO is not installed: `make minio` builds it (needs Go)"
OTHER = os.environ.get("NMO_TEST_S3_URL", "")  # scheme://KEY:SECRET@host:port
NAMES = ("seaweedfs", "minio", *(["other"] if OTHER else []))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def put(store: ObjectStore, key: str, data: bytes, content_type: str = PDF) -> None:
    await store.put(key, data, content_type, sha256(data))


async def is_absent(store: ObjectStore, key: str) -> bool:
    try:
        await store.head(key)
    except ObjectMissing:
        return True
    return False


@contextmanager
def running(name: str, folder: Path) -> Generator[S3Settings]:
    """The server of this name on an empty folder; skips the test where the server is absent."""
    start = {"seaweedfs": _seaweed, "minio": _minio, "other": _other}[name]
    with start(folder) as settings:
        yield settings


@contextmanager
def _seaweed(folder: Path) -> Generator[S3Settings]:
    server = EmbeddedSeaweed(folder)
    account = server.start()
    try:
        yield S3Settings(account.endpoint, account.access_key, account.secret_key, BUCKET)
    finally:
        server.stop()


@contextmanager
def _minio(folder: Path) -> Generator[S3Settings]:
    binary = shutil.which("minio") or (str(MINIO_IN_CACHE) if MINIO_IN_CACHE.exists() else None)
    if binary is None:
        pytest.skip(NO_MINIO)
    endpoint = f"http://127.0.0.1:{named_by_the_kernel()}"
    command = [
        binary,
        "server",
        "--quiet",
        "--address",
        endpoint.removeprefix("http://"),
        str(folder / "data"),
    ]
    keys = dict(zip(("MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD"), MINIO_KEYS, strict=True))
    environment = {**os.environ, **keys, "MINIO_BROWSER": "off", "MINIO_UPDATE": "off"}
    (folder / "data").mkdir()
    server = ServerProcess(Program("minio", command, folder, environment=environment))
    server.start(lambda: _answers(f"{endpoint}/minio/health/ready"), 30)
    try:
        yield S3Settings(endpoint, *MINIO_KEYS, BUCKET)
    finally:
        server.stop()


@contextmanager
def _other(_: Path) -> Generator[S3Settings]:
    url = urlsplit(OTHER)
    assert url.username, "NMO_TEST_S3_URL names no key"
    assert url.password, "NMO_TEST_S3_URL names no secret"
    endpoint = f"{url.scheme}://{url.netloc.rpartition('@')[2]}"
    yield S3Settings(endpoint, url.username, url.password, f"{BUCKET}-{os.getpid()}")


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
