"""Streams over HTTP on a real server: frames, resume, heartbeat, who may ask, the end of a session."""

import json
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.edge_server import LiveServer, serving
from web.limits import Limits

LIMITS = Limits(heartbeat_seconds=0.2, deadline_seconds=1, sockets_per_user=2)
EVENTS = "text/event-stream"
PARTS = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'


@pytest.fixture(scope="module")
def live() -> Generator[LiveServer]:
    with serving(LIMITS) as server:
        yield server


@contextmanager
def streaming(live: LiveServer, body: object, **headers: str) -> Generator[httpx.Response]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with httpx.stream("POST", live.url, json=body, headers={"accept": EVENTS, **named}) as response:
        yield response


def frames(text: str) -> list[dict[str, str]]:
    """Fields of each event; comments are left out."""
    found = [
        [line.split(": ", 1) for line in frame.split("\n") if ": " in line] for frame in text.split("\n\n")
    ]
    return [{line[0]: line[1] for line in frame} for frame in found if frame]


def numbers(text: str) -> list[str]:
    events = [json.loads(frame["data"]) for frame in frames(text) if frame.get("event") == "next"]
    return [event["data"]["progress"]["cursor"] for event in events]


def test_events_carry_the_cursor_as_their_id(live: LiveServer) -> None:
    response = live.query("subscription {progress(count: 2, everyMs: 1) {cursor}}", accept=EVENTS)
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert response.headers["x-accel-buffering"] == "no"
    assert [frame.get("id") for frame in frames(response.text)][:2] == ["1", "2"]
    assert response.text.endswith("event: complete\ndata: \n\n")
    assert "\r" not in response.text


def test_an_event_source_resumes_after_the_last_event_it_saw(live: LiveServer) -> None:
    query = "subscription ($after: String) {progress(after: $after, count: 2, everyMs: 1) {cursor}}"
    assert numbers(live.query(query, accept=EVENTS, last_event_id="7").text) == ["8", "9"]
    own = {"query": query, "variables": {"after": "3"}}
    assert numbers(live.post(own, accept=EVENTS, last_event_id="7").text) == ["4", "5"]


def test_an_alias_does_not_hide_the_cursor(live: LiveServer) -> None:
    query = "subscription {p: progress(count: 1, everyMs: 1) {percent c: cursor cursor}}"
    assert frames(live.query(query, accept=EVENTS).text)[0]["id"] == "1"


def test_silence_is_broken_by_comments(live: LiveServer) -> None:
    query = "subscription {progress(count: 1, everyMs: 700) {cursor}}"
    response = live.query(query, accept=EVENTS)
    assert response.text.startswith(":\n\n:\n\n")
    assert numbers(response.text) == ["1"]


def test_json_wins_when_it_is_listed_first(live: LiveServer) -> None:
    response = live.query("{who}", accept=f"application/json, {EVENTS}, multipart/mixed")
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    weighed = live.query("{who}", accept=f"{EVENTS};q=0.5, application/json;q=0.9")
    assert weighed.headers["content-type"] == "application/json; charset=utf-8"


def test_a_subscription_streams_even_when_json_is_listed_first(live: LiveServer) -> None:
    query = "subscription {progress(count: 1, everyMs: 1) {cursor}}"
    response = live.query(query, accept=f"application/json, {EVENTS}")
    assert numbers(response.text) == ["1"]


@pytest.mark.parametrize(
    "query", ["{", "subscription {nope}", "subscription {progress(size: true) {cursor}}"]
)
def test_an_operation_that_cannot_run_is_one_event(live: LiveServer, query: str) -> None:
    response = live.query(query, accept=EVENTS)
    first, last = frames(response.text)
    assert response.status_code == 200
    assert "errors" in json.loads(first["data"])
    assert last["event"] == "complete"


def test_a_stream_by_get_may_not_change_anything(live: LiveServer) -> None:
    params = {"query": 'mutation {enroll(id: "1") {id}}'}
    response = live.request("GET", params=params, headers={"accept": EVENTS})
    assert "BAD_REQUEST" in response.text
    assert "enrolled" not in response.text


def test_a_stream_by_get_with_a_cookie_needs_our_page(live: LiveServer) -> None:
    params = {"query": "subscription {progress(count: 1, everyMs: 1) {cursor}}"}
    headers = {"accept": EVENTS, "cookie": "nmo_session=good-sse"}
    assert live.request("GET", params=params, headers=headers).status_code == 403
    ours = live.request("GET", params=params, headers={**headers, "sec-fetch-site": "same-origin"})
    assert numbers(ours.text) == ["1"]


def test_the_stream_ends_within_a_second_of_the_session(live: LiveServer) -> None:
    body = {"query": "subscription {progress(everyMs: 60000) {cursor}}"}
    with streaming(live, body, authorization="Bearer good-stream") as response:
        lines = response.iter_lines()
        assert next(lines) == ":"
        live.revoke("good-stream")
        started = time.monotonic()
        rest = [line for line in lines if line not in ("", ":")]
        assert time.monotonic() - started < 1
    assert "UNAUTHENTICATED" in rest[1]
    assert rest[-2:] == ["event: complete", "data: "]


@pytest.mark.parametrize(
    ("token", "expected"), [("good-unwatched", "UNAVAILABLE"), ("good-broken-watch", "INTERNAL")]
)
def test_a_watch_that_fails_does_not_say_signed_out(live: LiveServer, token: str, expected: str) -> None:
    body = {"query": "subscription {progress(everyMs: 60000) {cursor}}"}
    with streaming(live, body, authorization=f"Bearer {token}") as response:
        lines = response.iter_lines()
        next(lines)
        live.revoke(token)
        rest = "\n".join(lines)
    assert expected in rest
    assert "UNAUTHENTICATED" not in rest
    assert "secret" not in rest


@pytest.mark.parametrize("media", [EVENTS, PARTS])
def test_a_stream_may_not_change_anything(live: LiveServer, media: str) -> None:
    response = live.query('mutation {enroll(id: "1") {enrolled}}', accept=media)
    assert "BAD_REQUEST" in response.text
    assert '"enrolled"' not in response.text


def test_a_mutation_is_answered_in_json_when_the_client_takes_it(live: LiveServer) -> None:
    accept = "multipart/mixed;deferSpec=20220824, application/json"
    response = live.query('mutation {enroll(id: "1") {enrolled}}', accept=accept)
    assert response.json()["data"] == {"enroll": {"enrolled": True}}


def test_streams_of_one_person_are_counted(live: LiveServer) -> None:
    body = {"query": "subscription {progress(everyMs: 20) {cursor}}"}
    brief = "subscription {progress(count: 1, everyMs: 1) {cursor}}"
    own = {"authorization": "Bearer good-counted"}
    with streaming(live, body, **own) as one, streaming(live, body, accept=PARTS, **own) as two:
        # An iterator that is dropped closes its stream.
        held = one.iter_lines(), two.iter_bytes()
        assert all([next(held[0]), next(held[1])])
        assert "RATE_LIMITED" in live.query(brief, accept=EVENTS, **own).text
        assert live.query("{who}", **own).json()["data"] == {"who": "good-counted"}
        assert numbers(live.query(brief, accept=EVENTS, authorization="Bearer good-other").text) == ["1"]
    deadline = time.monotonic() + 5
    while "RATE_LIMITED" in (text := live.query(brief, accept=EVENTS, **own).text):
        assert time.monotonic() < deadline
    assert numbers(text) == ["1"]


def test_a_closed_stream_stops_its_events(live: LiveServer) -> None:
    body = {"query": "subscription {progress(everyMs: 10) {cursor}}"}
    with streaming(live, body) as response:
        next(response.iter_lines())
    time.sleep(0.4)
    made = len(live.board.events)
    time.sleep(0.3)
    assert len(live.board.events) == made


def test_an_exception_of_the_source_is_masked_and_ends_the_stream(live: LiveServer) -> None:
    response = live.query("subscription {broken}", accept=EVENTS)
    first, second, last = frames(response.text)
    assert json.loads(first["data"])["data"] == {"broken": 1}
    assert json.loads(second["data"])["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "secret" not in response.text
    assert last["event"] == "complete"


def test_multipart_parts_are_what_apollo_reads(live: LiveServer) -> None:
    query = "subscription {progress(count: 2, everyMs: 1) {cursor}}"
    response = live.query(query, accept=f"{PARTS}, application/json")
    assert response.headers["content-type"].startswith("multipart/mixed")
    payloads = list(parts(response.text))
    assert [part["payload"]["data"]["progress"]["cursor"] for part in payloads] == ["1", "2"]
    assert response.text.endswith("\r\n--graphql--\r\n")


def parts(text: str) -> Iterator[dict[str, dict[str, dict[str, dict[str, str]]]]]:
    for part in text.split("\r\n--graphql")[1:-1]:
        yield json.loads(part.split("\r\n\r\n", 1)[1])


def test_an_error_of_the_request_reaches_apollo(live: LiveServer) -> None:
    response = live.query("subscription {nope}", accept=f"{PARTS}, application/json")
    [part] = parts(response.text)
    assert "Cannot query field" in json.dumps(part)
