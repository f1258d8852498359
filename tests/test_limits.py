"""Connections that try the server's patience: half-sent requests, endless heads, readers that stop."""

import json
import socket
import time
from collections.abc import Generator
from contextlib import suppress
from http.client import HTTPConnection

import pytest

from tests.edge_server import LiveServer, serving
from web.limits import Limits

LIMITS = Limits(header_seconds=0.5, body_seconds=0.7, stuck_seconds=0.6, header_bytes=8_192)
HANDSHAKE = b"GET /graphql HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
KEY = b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
HEAD = b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"


@pytest.fixture(scope="module")
def live() -> Generator[LiveServer]:
    with serving(LIMITS) as server:
        yield server


def connected(live: LiveServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", live.port), timeout=5)


def all_of(connection: socket.socket) -> bytes:
    """Everything until the server closes."""
    received = bytearray()
    try:
        while part := connection.recv(65_536):
            received += part
    except ConnectionResetError:
        pass
    return bytes(received)


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"POST /gra", HEAD, HEAD + b"content-length: 5"])
def test_a_head_that_does_not_end_is_closed(live: LiveServer, sent: bytes) -> None:
    with connected(live) as connection:
        connection.sendall(sent)
        started = time.monotonic()
        assert all_of(connection).startswith(b"HTTP/1.1 408")
        assert time.monotonic() - started < 2


def test_a_body_that_does_not_end_is_closed(live: LiveServer) -> None:
    with connected(live) as connection:
        connection.sendall(HEAD + b'content-length: 50\r\n\r\n{"query"')
        started = time.monotonic()
        assert all_of(connection).startswith(b"HTTP/1.1 408")
        assert time.monotonic() - started < 2


def test_drops_of_a_head_do_not_buy_time(live: LiveServer) -> None:
    with connected(live) as connection:
        started = time.monotonic()
        with suppress(BrokenPipeError, ConnectionResetError):
            for letter in HEAD * 3:
                connection.sendall(bytes([letter]))
                time.sleep(0.05)
        assert time.monotonic() - started < 2


def test_an_endless_head_is_431(live: LiveServer) -> None:
    with connected(live) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 1_500)
        assert all_of(connection).startswith(b"HTTP/1.1 431")


def test_an_endless_url_is_431(live: LiveServer) -> None:
    with connected(live) as connection:
        connection.sendall(b"GET /" + b"a" * 9_000)
        assert all_of(connection).startswith(b"HTTP/1.1 431")


@pytest.mark.parametrize(
    ("sent", "status", "code", "words"),
    [
        (b"NONSENSE\r\n\r\n", b"400", "BAD_REQUEST", "не по правилам HTTP"),
        (b"GET /graphql HTTP/1.1\r\n\r\n", b"400", "BAD_REQUEST", "не по правилам HTTP"),
        (HEAD + b"host: b\r\n\r\n", b"400", "BAD_REQUEST", "не по правилам HTTP"),
        (HANDSHAKE.replace(b"host", b"hast") + KEY + b"\r\n", b"400", "BAD_REQUEST", "не по правилам HTTP"),
        (HEAD, b"408", "TIMEOUT", "вовремя"),
        (b"GET /" + b"a" * 9_000, b"431", "PAYLOAD_TOO_LARGE", "велики"),
        (HANDSHAKE + b"sec-websocket-version: 13\r\n\r\n", b"400", "BAD_REQUEST", "WebSocket"),
        (HANDSHAKE + KEY + b"sec-websocket-version: 8\r\n\r\n", b"400", "BAD_REQUEST", "WebSocket"),
    ],
)
def test_what_never_becomes_a_request_is_told_why(
    live: LiveServer, sent: bytes, status: bytes, code: str, words: str
) -> None:
    with connected(live) as connection:
        connection.sendall(sent)
        head, _, body = all_of(connection).partition(b"\r\n\r\n")
    assert head.split()[1] == status
    assert b"content-length: %d" % len(body) in head
    [error] = json.loads(body)["errors"]
    number = error["extensions"].pop("requestId")
    assert f"x-request-id: {number}".encode() in head
    assert (error["extensions"], words in error["message"]) == ({"code": code}, True)


def test_http_1_0_names_no_host(live: LiveServer) -> None:
    with connected(live) as connection:
        connection.sendall(b"GET /graphql?query={who} HTTP/1.0\r\naccept: application/json\r\n\r\n")
        assert all_of(connection).startswith(b"HTTP/1.1 200")


def test_a_kept_connection_may_ask_again_after_a_pause(live: LiveServer) -> None:
    connection = HTTPConnection("127.0.0.1", live.port, timeout=5)
    connection.connect()
    kept = connection.sock
    for _ in range(3):
        connection.request("POST", "/graphql", b'{"query":"{who}"}', {"content-type": "application/json"})
        assert b'"who":null' in connection.getresponse().read()
        time.sleep(LIMITS.header_seconds + 0.2)
    assert connection.sock is kept
    connection.close()


def test_a_slow_operation_is_not_an_idle_connection(live: LiveServer) -> None:
    assert live.query("{sleep(seconds: 1)}").json()["data"] == {"sleep": "ok"}


def test_a_stream_whose_reader_stops_is_cut_off(live: LiveServer) -> None:
    query = "subscription {progress(everyMs: 0, size: 50000) {cursor padding}}"
    body = b'{"query":"%s"}' % query.encode()
    with connected(live) as connection:
        connection.sendall(
            HEAD + b"accept: text/event-stream\r\ncontent-length: %d\r\n\r\n" % len(body) + body
        )
        deadline = time.monotonic() + 6
        while live.board.events == [] or still_growing(live):
            assert time.monotonic() < deadline
        made = len(live.board.events)
        time.sleep(LIMITS.stuck_seconds + 0.5)
        assert b"event: complete" not in all_of(connection)
        assert len(live.board.events) == made


def still_growing(live: LiveServer) -> bool:
    before = len(live.board.events)
    time.sleep(0.2)
    return len(live.board.events) > before


def test_two_requests_smuggled_in_one_are_refused(live: LiveServer) -> None:
    body = b"0\r\n\r\n"
    with connected(live) as connection:
        connection.sendall(
            HEAD + b"content-length: %d\r\ntransfer-encoding: chunked\r\n\r\n" % len(body) + body
        )
        assert all_of(connection).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("length", ["-1", "+5", "1e3", "9" * 30, "0x10", "0" * 20 + "99999999"])
def test_a_doubtful_length_is_refused(live: LiveServer, length: str) -> None:
    with connected(live) as connection:
        connection.sendall(HEAD + f"content-length: {length}\r\n\r\n".encode())
        assert all_of(connection)[9:12] in (b"400", b"413")


PADDED = b'{"query":"{who}"%s}' % (b" " * 20_000)
ASKED = HEAD + b"content-length: %d\r\n\r\n"


def answer_of(connection: socket.socket) -> bytes:
    """One answer on a connection that stays open."""
    received = b""
    while not received.endswith(b"}"):
        received += connection.recv(65_536)
    return received


def test_a_body_does_not_count_against_the_next_head(live: LiveServer) -> None:
    with connected(live) as connection:
        for _ in range(2):
            connection.sendall(ASKED[:40])
            time.sleep(0.1)
            connection.sendall(ASKED[40:] % len(PADDED))
            time.sleep(0.1)
            connection.sendall(PADDED)
            assert b'"who":null' in answer_of(connection)


def test_an_endless_second_head_is_431_too(live: LiveServer) -> None:
    body = b'{"query":"{who}"}'
    with connected(live) as connection:
        connection.sendall(ASKED % len(body) + body)
        assert b'"who":null' in answer_of(connection)
        connection.sendall(b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 1_500)
        assert all_of(connection).startswith(b"HTTP/1.1 431")


def test_a_refused_head_is_not_the_answer_to_the_request_before_it(live: LiveServer) -> None:
    body = b'{"query":"{sleep(seconds: 2)}"}'
    with connected(live) as connection:
        connection.sendall(ASKED % len(body) + body)
        time.sleep(0.2)
        connection.sendall(b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 1_500)
        assert all_of(connection) == b""


def test_an_answer_given_early_is_not_followed_by_another(live: LiveServer) -> None:
    with connected(live) as connection:
        connection.sendall(ASKED % 1_000_000 + b"{")
        assert all_of(connection).count(b"HTTP/1.1 ") == 1
