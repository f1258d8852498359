"""xAPI statements of course players against the running product (3.4-16)."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from resolvers.demo_catalog import demo_id
from tests.product import Json, Product

LIVE = "{ viewer { progress { courses(first: 50) { edges { node { id version score lessonsLeft } } } } } }"
VERB = "http://adlnet.gov/expapi/verbs/"
ELEMENT = demo_id("element", demo_id("account", 1), 5)
JSON = {"content-type": "application/json", "x-experience-api-version": "1.0.3"}


def lesson(place: int, course: int = 5) -> Json:
    return {"id": f"http://player.example/xapi/lesson_{demo_id('lesson', course, 1, 1, place).hex}"}


def statement(verb: str = "completed", /, **changes: Any) -> Json:
    """A statement as a player sends it, with some parts changed or, where None, left out."""
    whole = {
        "id": str(uuid4()),
        "actor": {"objectType": "Agent", "account": {"homePage": "http://player.example", "name": "42"}},
        "verb": {"id": f"{VERB}{verb}", "display": {"ru": "прошёл"}},
        "object": lesson(0),
        "context": {"registration": str(ELEMENT)},
        "timestamp": "2026-11-24T08:00:00+00:00",
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def send(
    product: Product, body: Any, *, put: str | None = None, token: str | None = "provider-6", **headers: str
) -> httpx.Response:
    """One request; headers are changed by name, with underscores for dashes, and dropped where empty."""
    known = {**JSON, **({"authorization": f"Bearer {product.token(token)}"} if token else {})}
    known |= {name.replace("_", "-"): value for name, value in headers.items()}
    given = {name: value for name, value in known.items() if value}
    url = f"{product.origin}/xapi/statements"
    if put is None:
        return httpx.post(url, json=body, headers=given)
    return httpx.put(url, params={"statementId": put}, json=body, headers=given)


def course(product: Product) -> Json:
    edges = product.ask(LIVE, product.token("demo-1"))["data"]["viewer"]["progress"]["courses"]["edges"]
    found: Json = next(e["node"] for e in edges if e["node"]["id"] == f"element_{ELEMENT.hex}")
    return found


def faults(response: httpx.Response) -> list[tuple[str, list[str]]]:
    body = response.json()
    assert body["requestId"]
    assert all(error["message"] for error in body["errors"])
    return [(error["code"], error["path"]) for error in body["errors"]]


def test_3_4_16_a_player_reports_and_the_progress_moves(product: Product) -> None:
    before = course(product)
    test = {"id": f"x/assessment_{demo_id('assessment', 5, 1).hex}"}
    batch = [
        statement("progressed", id=None, object=lesson(1)),
        statement("completed", object=lesson(2)),
        statement("passed", object=test, result={"score": {"scaled": 0.95}}),
    ]
    response = send(product, batch)
    assert (response.status_code, response.headers["x-experience-api-version"]) == (200, "1.0.3")
    ids = response.json()
    assert (len({*ids}), ids[1:]) == (3, [one["id"] for one in batch[1:]])
    after = course(product)
    assert (after["version"], after["lessonsLeft"]) == (before["version"] + 1, before["lessonsLeft"] - 1)
    assert after["score"] == (before["score"] or 0) + 19.0


def test_3_4_16_the_same_statement_again_changes_nothing_and_another_body_is_a_conflict(
    product: Product,
) -> None:
    one = statement(object=lesson(0))
    assert send(product, one).json() == [one["id"]]
    seen = course(product)
    assert send(product, one).status_code == 200
    assert send(product, one, put=one["id"]).status_code == 204
    for other in (
        {"verb": {"id": f"{VERB}failed"}},
        {"object": lesson(1)},
        {"timestamp": "2026-11-24T07:00:00Z"},
    ):
        response = send(product, [statement(), {**one, **other}])
        assert response.status_code == 409
        assert faults(response) == [("CONFLICT", ["statements", "1", "id"])]
    assert course(product) == seen, "nothing of a batch with a conflict is taken"


def test_3_4_16_without_a_moment_ours_counts_and_the_same_again_is_no_conflict(product: Product) -> None:
    one = statement(timestamp=None, object=lesson(1))
    key = one.pop("id")
    assert send(product, one, put=key).status_code == 204
    assert send(product, one, put=key).status_code == 204
    assert send(product, {**one, "verb": {"id": f"{VERB}passed"}}, put=key).status_code == 409


def test_3_4_16_a_statement_without_an_id_is_known_again_by_its_words(product: Product) -> None:
    """The answer to the first may have been lost, as by a 503 at the commit."""
    test = {"id": f"x/assessment_{demo_id('assessment', 5, 2).hex}"}
    one = statement("failed", id=None, object=test, result={"score": {"scaled": 0.2}})
    ids, seen = send(product, one).json(), course(product)
    backwards = dict(reversed(one.items()))
    assert send(product, [backwards, backwards]).json() == ids * 2
    assert course(product) == seen
    later = {**one, "timestamp": "2026-11-24T08:00:01Z"}
    assert send(product, later).json() != ids
    undated = {name: value for name, value in one.items() if name != "timestamp"}
    assert send(product, undated).json() != send(product, undated).json()
    assert course(product)["version"] == seen["version"] + 3


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"verb": {"id": f"{VERB}launched"}}, "INVALID_FORMAT", ["verb", "id"]),
        ({"verb": None}, "REQUIRED", ["verb", "id"]),
        ({"actor": None}, "REQUIRED", ["actor"]),
        ({"actor": {"name": "Анна"}}, "INVALID_FORMAT", ["actor"]),
        ({"actor": "Анна"}, "INVALID_FORMAT", ["actor"]),
        ({"id": "7"}, "INVALID_FORMAT", ["id"]),
        ({"id": 7}, "INVALID_FORMAT", ["id"]),
        ({"context": None}, "REQUIRED", ["context", "registration"]),
        ({"context": {"registration": "x"}}, "INVALID_FORMAT", ["context", "registration"]),
        ({"context": {"registration": str(uuid4())}}, "NOT_FOUND", ["context", "registration"]),
        ({"object": {"id": "http://player.example/elsewhere"}}, "INVALID_FORMAT", ["object", "id"]),
        ({"object": lesson(0, course=4)}, "NOT_FOUND", ["object", "id"]),
        ({"result": {"score": {"scaled": 1.1}}}, "INVALID_FORMAT", ["result", "score", "scaled"]),
        ({"result": {"score": {"scaled": True}}}, "INVALID_FORMAT", ["result", "score", "scaled"]),
        ({"timestamp": "yesterday"}, "INVALID_FORMAT", ["timestamp"]),
        ({"timestamp": "2026-11-24T08:00:00"}, "INVALID_FORMAT", ["timestamp"]),
        ({"timestamp": "2199-01-01T00:00:00Z"}, "INVALID_FORMAT", ["timestamp"]),
    ],
)
def test_3_4_16_a_fault_is_told_by_its_place_and_nothing_of_the_batch_is_taken(
    product: Product, changes: Json, code: str, path: list[str]
) -> None:
    seen = course(product)
    response = send(product, [statement(), statement(**changes)])
    assert (response.status_code, faults(response)) == (400, [(code, ["statements", "1", *path])])
    assert course(product) == seen


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"x_experience_api_version": ""}, 400),
        ({"x_experience_api_version": "2.0.0"}, 400),
        ({"x_experience_api_version": "1.0"}, 200),
        ({"content_type": "text/plain"}, 415),
    ],
)
def test_3_4_16_the_headers_of_the_standard(product: Product, headers: dict[str, str], status: int) -> None:
    response = send(product, statement(), **headers)
    assert response.status_code == status
    assert response.headers["x-experience-api-version"] == "1.0.3"


@pytest.mark.parametrize("body", [[], [statement()] * 2, [statement()] * 101, 7, None])
def test_3_4_16_a_body_of_another_form_is_refused(product: Product, body: Any) -> None:
    assert send(product, body).status_code == 400


def test_3_4_16_a_put_is_one_statement_under_its_id(product: Product) -> None:
    for put, body in (
        ("x", statement()),
        ("", statement()),
        (str(uuid4()), [statement()]),
        (str(uuid4()), statement()),
    ):
        assert send(product, body, put=put).status_code == 400
    url = f"{product.origin}/xapi/statements"
    refused = httpx.get(url, headers=JSON)
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST, PUT")
    for method in ("OPTIONS", "DELETE", "TRACE"):
        refused = httpx.request(method, url, headers=JSON)
        assert (refused.status_code, refused.headers["allow"]) == (405, "POST, PUT")
        assert faults(refused) == [("BAD_REQUEST", [])]
    assert httpx.post(url, content=b"{", headers={**JSON}).status_code == 401


def test_3_4_16_only_a_provider_with_the_right_reports_on_its_own_learners(product: Product) -> None:
    for token in (None, "demo-1"):
        response = send(product, statement(), token=token)
        assert (response.status_code, faults(response)) == (401, [("UNAUTHENTICATED", [])])
    foreign = send(product, statement(), token="provider-1")
    assert faults(foreign) == [("NOT_FOUND", ["statements", "0", "context", "registration"])]
