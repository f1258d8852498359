"""The client of the object store: signing is local, and a misbehaving server gets nothing raw through it."""

import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import anyio
import pytest

from models.objects import ObjectsUnavailable
from storage import objects
from storage.objects import ObjectStore, S3Settings
from tests.api import eventually

pytestmark = pytest.mark.anyio

Behaviour = Callable[[socket.socket], None]
NOWHERE = S3Settings("http://127.0.0.1:9", "key", "secret", "nmo")
FOUND = b'HTTP/1.1 200 OK\r\nETag: "x"\r\nLast-Modified: Tue, 24 Nov 2026 06:00:00 GMT\r\n'


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "CALL_SECONDS", 3)
    monkeypatch.setattr(objects, "READ_SECONDS", 1)


@contextmanager
def server(behave: Behaviour) -> Generator[ObjectStore]:
    """A store whose server hears each request and then does what it is told."""

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65_536)
            behave(connection)

    def serve(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield ObjectStore(replace(NOWHERE, endpoint=f"http://127.0.0.1:{listener.getsockname()[1]}"))


def says(answer: bytes) -> Behaviour:
    def behave(connection: socket.socket) -> None:
        connection.sendall(answer)

    return behave


def is_silent(connection: socket.socket) -> None:
    connection.recv(1)


def drips(connection: socket.socket) -> None:
    connection.sendall(FOUND + b"Content-Length: 100000\r\n\r\n")
    for _ in range(80):  # longer than any call may take; then the thread that was left alone with it ends too
        connection.sendall(b"x")
        time.sleep(0.1)


def fault(status: str, code: str) -> bytes:
    body = f"<Error><Code>{code}</Code></Error>".encode()
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    "behave",
    [
        pytest.param(is_silent, id="silent"),
        pytest.param(drips, id="one byte at a time"),
        pytest.param(says(b""), id="hangs up"),
        pytest.param(says(b"SSH-2.0-OpenSSH\r\n"), id="another protocol"),
        pytest.param(says(FOUND + b"Content-Length: 10\r\n\r\n12345"), id="half of the body"),
        pytest.param(says(fault("500 Internal Server Error", "InternalError")), id="500"),
        pytest.param(says(fault("503 Slow Down", "SlowDown")), id="503"),
        pytest.param(says(fault("403 Forbidden", "AccessDenied")), id="403"),
        pytest.param(says(fault("301 Moved Permanently", "PermanentRedirect")), id="301"),
    ],
)
async def test_misbehaving_server_is_unavailable_in_time(behave: Behaviour) -> None:
    with server(behave) as store, anyio.fail_after(5), pytest.raises(ObjectsUnavailable):
        await store.get("key", 1_000_000)


@pytest.mark.parametrize(
    ("status", "code", "level"),
    [("501 Not Implemented", "NotImplemented", "INFO"), ("403 Forbidden", "AccessDenied", "WARNING")],
)
async def test_a_bucket_that_takes_no_rules_is_used_and_told_of_in_one_russian_sentence(
    caplog: pytest.LogCaptureFixture, status: str, code: str, level: str
) -> None:
    found = says(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    behaviours = iter([found, says(fault(status, code))])
    with server(lambda connection: next(behaviours)(connection)) as store, caplog.at_level("INFO", "nmo"):
        await store.ensure_bucket(["https://nmo.example"])
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        (
            level,
            f"Корзина S3 не приняла правила CORS ({code}, {status[:3]}): разрешите страницы https://nmo.example "
            "в настройках хранилища.",
        )
    ]


@pytest.mark.parametrize("behave", [is_silent, says(b""), says(fault("403 Forbidden", "AccessDenied"))])
async def test_misbehaving_server_is_not_ready(behave: Behaviour) -> None:
    with server(behave) as store, anyio.fail_after(5):
        assert await store.ready() is False


async def test_bodies_that_drip_starve_no_other_use_and_end_with_the_wait_for_them() -> None:
    begun, ended = list[float](), list[float]()

    def drips_until_cut(connection: socket.socket) -> None:
        began = time.monotonic()
        connection.sendall(FOUND + b"Content-Length: 100000\r\n\r\n")
        begun.append(began)
        with suppress(OSError):
            while time.monotonic() - began < 20:
                connection.sendall(b"x")
                time.sleep(0.1)
        ended.append(time.monotonic() - began)

    async def read(store: ObjectStore) -> None:
        with pytest.raises(ObjectsUnavailable):
            await store.get("key", 1_000_000)

    behaviours = iter([drips_until_cut] * objects.THREADS + [says(FOUND + b"Content-Length: 7\r\n\r\n")])
    with server(lambda connection: next(behaviours)(connection)) as store:
        async with anyio.create_task_group() as readers:
            for _ in range(objects.THREADS):
                readers.start_soon(read, store)
            await eventually(lambda: len(begun) == objects.THREADS)
            with anyio.fail_after(1):
                assert (await store.head("key")).size == 7
        await eventually(lambda: len(ended) == objects.THREADS)
    assert max(ended) < objects.CALL_SECONDS + 2


async def test_nonsense_in_a_list_is_unavailable() -> None:
    nonsense = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n<not xml "
    with server(says(nonsense)) as store, pytest.raises(ObjectsUnavailable):
        _ = [found async for found in store.list()]


async def test_absent_server_is_unavailable_at_once() -> None:
    with anyio.fail_after(5), pytest.raises(ObjectsUnavailable):
        await ObjectStore(NOWHERE).get("key", 1)


async def test_passing_fault_is_tried_again() -> None:
    answers = iter([fault("503 Slow Down", "SlowDown"), FOUND + b"Content-Length: 2\r\n\r\nok"])

    def behave(connection: socket.socket) -> None:
        connection.sendall(next(answers))

    with server(behave) as store:
        assert await store.get("key", 2) == b"ok"


async def test_waiting_can_be_cancelled() -> None:
    with server(is_silent) as store:
        began = time.monotonic()
        with anyio.move_on_after(0.2):
            await store.get("key", 1)
        assert time.monotonic() - began < 1


def test_links_name_the_public_address() -> None:
    store = ObjectStore(replace(NOWHERE, public_endpoint="https://files.cabinet.example"))
    assert store.download_url("a/b", "a.pdf", "application/pdf").startswith(
        "https://files.cabinet.example/nmo/a/b?"
    )
    assert store.upload_form("a/b", "application/pdf", 5).url == "https://files.cabinet.example/nmo"


def test_bucket_may_be_part_of_the_host_name() -> None:
    settings = replace(NOWHERE, endpoint="https://s3.cabinet.example", addressing="virtual")
    assert ObjectStore(settings).upload_form("k", "image/png", 5).url == "https://nmo.s3.cabinet.example/"


def test_file_name_cannot_add_headers() -> None:
    link = ObjectStore(NOWHERE).download_url("k", 'a"\r\nSet-Cookie: x=1;\u202e.pdf', "application/pdf")
    (disposition,) = parse_qs(urlsplit(link).query)["response-content-disposition"]
    assert disposition == "attachment; filename*=UTF-8''a%22%0D%0ASet-Cookie%3A%20x%3D1%3B%E2%80%AE.pdf"


def test_links_and_forms_live_as_long_as_said() -> None:
    query = parse_qs(urlsplit(ObjectStore(NOWHERE).download_url("k", "a.pdf", "application/pdf")).query)
    assert query["X-Amz-Expires"] == ["60"]
