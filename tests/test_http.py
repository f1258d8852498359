"""GraphQL over HTTP on a real server: forms, codes, cookies, known documents, masking."""

import json
from collections.abc import Generator

import httpx
import pytest

from tests.edge_server import LiveServer, serving
from tests.edge_toy import TRUSTED
from web.limits import Limits

GRAPHQL_JSON = "application/graphql-response+json"
LIMITS = Limits(credential_mutations=frozenset({"login"}), deadline_seconds=0.5)


@pytest.fixture(scope="module")
def live() -> Generator[LiveServer]:
    with serving(LIMITS, introspection=False) as server:
        yield server


def code(response: httpx.Response) -> str:
    return str(response.json()["errors"][0]["extensions"]["code"])


def test_letters_travel_as_utf8(live: LiveServer) -> None:
    response = live.query("{activities(first: 1) {title}}")
    assert "Активность 1".encode() in response.content
    assert response.json()["data"] == {"activities": [{"title": "Активность 1"}]}
    assert response.headers["content-type"] == "application/json; charset=utf-8"


def test_an_answer_names_its_number_and_cost(live: LiveServer) -> None:
    response = live.query("{activities(first: 7) {id}}", x_request_id="caller-number-0001")
    assert response.headers["x-request-id"] == "caller-number-0001"
    assert response.json()["extensions"] == {
        "requestId": "caller-number-0001",
        "cost": {"requested": 7, "maximum": 5000, "remaining": 4993},
    }


@pytest.mark.parametrize("number", ["short", "x" * 65, "sixteen characters", "semicolons;;;;;;;"])
def test_a_doubtful_number_is_replaced(live: LiveServer, number: str) -> None:
    assert live.query("{__typename}", x_request_id=number).headers["x-request-id"].startswith("request-")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{nope}", "GRAPHQL_VALIDATION_FAILED"),
        ("{activites}", "GRAPHQL_VALIDATION_FAILED"),
        ("{__schema {queryType {name}}}", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($a: Int!) {activities(first: $a) {id}}", "BAD_USER_INPUT"),
        ("{" + " ".join(f"a{n}: who" for n in range(31)) + "}", "QUERY_REJECTED"),
        ("query A {who} query B {who}", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
def test_a_document_that_cannot_run_is_400_for_clients_that_know(
    live: LiveServer, query: str, expected: str
) -> None:
    response = live.query(query, accept=GRAPHQL_JSON)
    assert (response.status_code, code(response)) == (400, expected)
    assert "data" not in response.json()
    assert "did you mean" not in response.text.lower()
    assert live.query(query, accept="application/json").status_code == 200


def test_an_unforeseen_exception_is_masked_and_numbered(live: LiveServer) -> None:
    response = live.query("{boom}")
    [error] = response.json()["errors"]
    assert error["message"] == "Внутренняя ошибка. Сообщите в поддержку номер запроса."
    assert error["extensions"] == {"code": "INTERNAL", "requestId": response.headers["x-request-id"]}
    assert error["path"] == ["boom"]
    assert "secret" not in response.text


def test_a_refusal_keeps_its_code_and_details(live: LiveServer) -> None:
    response = live.query("{hidden}")
    assert response.json()["data"] == {"hidden": None}
    assert response.json()["errors"][0]["extensions"]["hint"] == "нет"
    assert code(response) == "NOT_FOUND"


def test_null_in_place_of_a_default_is_the_callers_mistake(live: LiveServer) -> None:
    query = "query ($n: Int = 3) {activities(first: $n) {id}}"
    assert code(live.post({"query": query, "variables": {"n": None}})) == "BAD_USER_INPUT"


def test_a_lost_dependency_is_503_with_retry_after(live: LiveServer) -> None:
    response = live.query("{asleep}")
    assert (response.status_code, code(response)) == (503, "UNAVAILABLE")
    assert response.headers["retry-after"] == "3"
    assert "10.0.0.1" not in response.text


def test_the_deadline_cancels_the_work(live: LiveServer) -> None:
    response = live.query("{sleep(seconds: 30)}")
    assert (response.status_code, code(response)) == (503, "TIMEOUT")
    assert live.board.cancelled == ["sleep"]


def test_one_deadline_covers_the_door_and_what_is_behind_it(live: LiveServer) -> None:
    response = live.query("{sleep(seconds: 0.4)}", authorization="Bearer good-slow")
    assert (response.status_code, code(response)) == (503, "TIMEOUT")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"5",
        b'"text"',
        b"[]",
        b"{}",
        b"\xff\xfe{}",
        b'{"query": "{who}", "variables": []}',
        b'{"query": 7}',
        b'{"query": "{who}", "operationName": {}}',
        b'{"query": "{who}", "extensions": 1}',
        b'{"query": "{who}", "query": "{boom}"}',
        b'{"query": "{who}", "variables": {"a": NaN}}',
        b'{"query": "{who}", "variables": {"a": "\\ud800"}}',
        b'\xef\xbb\xbf{"query": "{who}"}',
        b'{"query": "{who}", "variables": {"a": ' + b"9" * 10_000 + b"}}",
        b'{"query": "{who}", "variables": {"a": ' + b"[" * 30_000 + b"]" * 30_000 + b"}}",
        b'[{"query": "{who}"}]',
        b'"' + b'\\"' * 30_000,
    ],
)
def test_a_body_of_wrong_form_is_400(live: LiveServer, body: bytes) -> None:
    response = live.post(body)
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("place", "told"),
    [("variable", ["t"]), ("nested", ["t", "1", "a"]), ("literal", 13), ("default", 21), ("block", 13)],
)
def test_nul_in_a_text_is_400_with_its_place_on_every_way_in(
    live: LiveServer, place: str, told: list[str] | int
) -> None:
    query, variables = {
        "variable": ("query ($t: String) {echo(text: $t)}", '{"t": "a\\u0000"}'),
        "nested": ("query ($t: [Int!]) {echo(numbers: $t)}", '{"t": [[1], {"a": "\\u0000"}]}'),
        "literal": ('{echo(text: "a\\u0000")}', "{}"),
        "default": ('query ($t: String = "\\u0000") {echo(text: $t)}', "{}"),
        "block": ('{echo(text: """a\0""")}', "{}"),
    }[place]
    asked = {"query": query, "variables": json.loads(variables)}
    by_get = {"query": query, "variables": variables}
    for response in (
        live.post(asked, accept=GRAPHQL_JSON),
        live.request("GET", params=by_get, headers={"accept": GRAPHQL_JSON}),
    ):
        assert (response.status_code, code(response)) == (400, "BAD_USER_INPUT")
        [error] = response.json()["errors"]
        assert "U+0000" in error["message"]
        found = error["extensions"].get("input") or error["locations"][0]["column"]
        assert found == told


def test_a_body_over_64_kib_is_413(live: LiveServer) -> None:
    response = live.post(b'{"query": "' + b"#" * 65_536 + b'"}')
    assert (response.status_code, code(response)) == (413, "PAYLOAD_TOO_LARGE")


def test_a_body_without_declared_length_is_counted(live: LiveServer) -> None:
    chunks = (b" " * 1_000 for _ in range(100))
    response = live.request("POST", content=chunks, headers={"content-type": "application/json"})
    assert (response.status_code, code(response)) == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
def test_other_methods_are_405_with_allow(live: LiveServer, method: str) -> None:
    response = live.request(method)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/json; charset=utf-16", "multipart/form-data; boundary=x"],
)
def test_other_content_types_are_415(live: LiveServer, content_type: str) -> None:
    assert live.query("{who}", content_type=content_type).status_code == 415


def test_compressed_bodies_are_415(live: LiveServer) -> None:
    assert live.query("{who}", content_encoding="gzip").status_code == 415


def test_a_type_we_do_not_speak_is_406(live: LiveServer) -> None:
    assert live.query("{who}", accept="text/html").status_code == 406
    assert live.query("{who}", accept="application/json;q=0, text/html").status_code == 406


def test_a_mutation_by_get_is_405(live: LiveServer) -> None:
    headers = {"graphql-require-preflight": "1"}
    response = live.request("GET", params={"query": 'mutation {enroll(id: "1") {id}}'}, headers=headers)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


def test_get_reads_variables_from_json(live: LiveServer) -> None:
    params = {"query": "query ($n: Int) {activities(first: $n) {id}}", "variables": '{"n": 1}'}
    response = live.request("GET", params=params, headers={"graphql-require-preflight": "1"})
    assert response.json()["data"] == {"activities": [{"id": "1"}]}
    broken = live.request("GET", params={**params, "variables": "{"}, headers={"accept": GRAPHQL_JSON})
    assert (broken.status_code, code(broken)) == (400, "BAD_REQUEST")


def test_a_subscription_as_json_is_a_clear_406(live: LiveServer) -> None:
    response = live.query("subscription {progress {cursor}}")
    assert response.status_code == 406
    assert "text/event-stream" in response.json()["errors"][0]["message"]


def test_a_login_sets_a_cookie_scripts_cannot_read(live: LiveServer) -> None:
    response = live.query('mutation {login(password: "pass")}')
    assert response.headers["set-cookie"] == (
        "nmo_session=good-pass; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax"
    )


def test_two_guesses_in_one_request_are_refused_before_any_is_tried(live: LiveServer) -> None:
    before = len(live.board.entered)
    response = live.query('mutation {a: login(password: "1") b: login(password: "2")}')
    assert code(response) == "QUERY_REJECTED"
    hidden = 'mutation {...F ...G} fragment F on Mutation {a: login(password: "1")}'
    response = live.query(hidden + 'fragment G on Mutation {b: login(password: "2")}')
    assert code(response) == "QUERY_REJECTED"
    assert len(live.board.entered) == before


def test_a_bearer_token_is_believed(live: LiveServer) -> None:
    assert live.query("{who}", authorization="Bearer good-1").json()["data"] == {"who": "good-1"}
    refused = live.query("{who}", authorization="Bearer forged", accept=GRAPHQL_JSON)
    assert (refused.status_code, code(refused)) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    "headers",
    [
        {"graphql-require-preflight": "1"},
        {"sec-fetch-site": "same-origin"},
        {"origin": "OURS"},
    ],
)
def test_a_cookie_from_our_page_is_believed(live: LiveServer, headers: dict[str, str]) -> None:
    ours = {name: value.replace("OURS", live.origin) for name, value in headers.items()}
    response = live.query("{who}", cookie="nmo_session=good-2", **ours)
    assert response.json()["data"] == {"who": "good-2"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "null", "graphql-require-preflight": "1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "graphql-require-preflight": "1"},
    ],
)
def test_a_cookie_a_foreign_page_could_send_is_refused(live: LiveServer, headers: dict[str, str]) -> None:
    before = len(live.board.entered)
    response = live.query("{who}", cookie="nmo_session=good-2", **headers)
    assert (response.status_code, code(response)) == (403, "FORBIDDEN")
    assert len(live.board.entered) == before


def test_a_token_in_the_url_is_nothing(live: LiveServer) -> None:
    response = live.request(
        "POST",
        params={"token": "good-3", "access_token": "good-3"},
        content=b'{"query": "{who}"}',
        headers={"content-type": "application/json"},
    )
    assert response.json()["data"] == {"who": None}


def test_a_known_document_runs_by_its_hash(live: LiveServer) -> None:
    [identifier] = TRUSTED
    assert live.post({"documentId": identifier}).json()["data"] == {"__typename": "Query"}
    persisted = {"persistedQuery": {"version": 1, "sha256Hash": identifier}}
    assert live.post({"extensions": persisted}).json()["data"] == {"__typename": "Query"}
    assert code(live.post({"documentId": "b" * 64})) == "DOCUMENT_UNKNOWN"
    assert code(live.post({"documentId": identifier, "query": "{who}"})) == "BAD_REQUEST"


def test_strict_mode_takes_known_documents_only() -> None:
    with serving(LIMITS, trusted_only=True) as live:
        assert code(live.query("{who}")) == "DOCUMENT_UNKNOWN"
        assert live.post({"documentId": next(iter(TRUSTED))}).json()["data"] == {"__typename": "Query"}


def test_safe_headers_are_on_every_answer(live: LiveServer) -> None:
    response = live.query("{who}")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["vary"] == "Accept"
    assert "server" not in response.headers
