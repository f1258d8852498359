"""The guard: limits counted after fragments are expanded, and every document decided in bounded time."""

from contextlib import suppress
from random import Random
from time import thread_time

import pytest
from graphql import get_introspection_query

from tests.edge_toy import schema
from tests.fuzz.hostile_documents import hostile
from tests.fuzz.random_documents import balanced, random_document
from web.answers import Fault
from web.documents import DocumentPolicy, Documents
from web.graphql_request import GraphQLRequest
from web.graphql_view import core_of
from web.limits import Limits
from web.operation_facts import OperationFacts

CORE = core_of(schema)
LIMITS = Limits(credential_mutations=frozenset({"login"}))
OPEN = DocumentPolicy(trusted={}, trusted_only=False, introspection=True)
CLOSED = DocumentPolicy(trusted={}, trusted_only=False, introspection=False)
MOST_SECONDS = 0.050


def facts(text: str, policy: DocumentPolicy = OPEN) -> OperationFacts:
    documents = Documents(CORE.schema, CORE.rules, LIMITS, policy)
    return documents.prepare(GraphQLRequest(text)).operation(None)


def reason(text: str) -> str:
    with pytest.raises(Fault) as caught:
        facts(text)
    return caught.value.reason


def seconds_to_decide(text: str) -> float:
    """CPU time of a verdict; a slow one gets two more tries, as other processes share the machine."""

    def once() -> float:
        started = thread_time()
        with suppress(Fault):
            facts(text, CLOSED)
        return thread_time() - started

    first = once()
    return first if first <= MOST_SECONDS else min(once(), once())


@pytest.mark.parametrize(("name", "text"), list(hostile()), ids=[name for name, _ in hostile()])
def test_hostile_documents_are_decided_within_50_ms(name: str, text: str) -> None:
    assert len(text.encode()) <= LIMITS.body_bytes
    assert seconds_to_decide(text) <= MOST_SECONDS


def test_no_random_document_takes_longer() -> None:
    random = Random(20_261_124)
    texts = [
        balanced(random_document(random, "Activity", "activities", "similar", ("id", "title", "__typename")))
        for _ in range(80)
    ]
    slow = [text for text in texts if seconds_to_decide(text) > MOST_SECONDS]
    assert slow == []


def test_work_doubles_at_most_when_the_document_doubles() -> None:
    def document(times: int) -> str:
        return "{" + " ".join(f"k{n % 25}: activities {{similar {{id title}}}}" for n in range(times)) + "}"

    small, large = (min(seconds_to_decide(document(times)) for _ in range(5)) for times in (12, 24))
    assert large <= 2.6 * small


def aliases(number: int) -> str:
    return " ".join(f"a{n}: title" for n in range(number))


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("aliases", f"{{activities {{{aliases(31)}}}}}"),
        (
            "aliases",
            f"{{activities {{...F similar {{...F}}}}}} fragment F on Activity {{{aliases(16)}}}",
        ),
        ("root_fields", "{" + " ".join(f"a{n}: who" for n in range(21)) + "}"),
        (
            "root_fields",
            "{...F ...G} fragment F on Query {" + " ".join(f"a{n}: who" for n in range(11)) + "}"
            "fragment G on Query {" + " ".join(f"b{n}: who" for n in range(10)) + "}",
        ),
        ("equal_keys", "{" + "who " * 9 + "}"),
        ("depth", "{activities {" + "similar {" * 9 + "id" + "}" * 11),
        ("directives", "{who " + "@skip(if: false) " * 31 + "}"),
        ("operations", " ".join(f"query Q{n} {{who}}" for n in range(11))),
        ("fragments", "{who}" + "".join(f"fragment F{n} on Query {{who}}" for n in range(51))),
        ("variables", "query (" + " ".join(f"$v{n}: Int" for n in range(51)) + ") {who}"),
        ("list_items", "{echo(numbers: [" + "1 " * 101 + "])}"),
        ("tokens", "#\n" * 1_000 + "{who}"),
        ("characters", "{who}" + " " * 16_384),
        ("type_nesting", "query ($v: [[[[[[Int]]]]]]) {who}"),
        ("mutations", "mutation {" + " ".join(f'm{n}: enroll(id: "1") {{id}}' for n in range(6)) + "}"),
        ("credentials", 'mutation {a: login(password: "1") b: login(password: "2")}'),
        ("definitions", "type T {a: Int}"),
        ("spreads", "{" + "...F " * 151 + "} fragment F on Query {who}"),
        ("strangers", "{" + " ".join(f"n{n}" for n in range(19)) + " activities {m n}}"),
        ("arguments", "{echo(" + " ".join(f"a{n}: 1" for n in range(31)) + ")}"),
        ("depth", "{activities {...A}} fragment A on Activity {similar {...A}}"),
    ],
)
def test_each_limit_refuses_one_too_many(expected: str, text: str) -> None:
    assert reason(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"{{activities {{{aliases(30)}}}}}",
        "{" + " ".join(f"a{n}: who" for n in range(20)) + "}",
        "{" + "who " * 8 + "}",
        "{activities {" + "similar {" * 8 + "id" + "}" * 10,
        "{who " + "@skip(if: false) " * 1 + "}",
        " ".join(f"query Q{n} {{who}}" for n in range(10)),
        "mutation {" + " ".join(f'm{n}: enroll(id: "1") {{id}}' for n in range(5)) + "}",
        "{echo(numbers: [" + "1 " * 100 + "])}",
        get_introspection_query(),
    ],
)
def test_what_just_fits_is_taken(text: str) -> None:
    documents = Documents(CORE.schema, CORE.rules, LIMITS, OPEN)
    assert documents.prepare(GraphQLRequest(text)).operations


def test_a_fragment_spread_twice_in_one_place_counts_once() -> None:
    fragment = f"fragment F on Activity {{{aliases(16)}}}"
    assert facts(f"{{activities {{...F ...F}}}} {fragment}").kind.value == "query"


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("{activities(first: 7) {id}}", {}, 7),
        ("{activities {id}}", {}, 20),
        ("{activities(first: 10) {similar(first: 5) {id}}}", {}, 60),
        ("query ($n: Int) {activities(first: $n) {id}}", {"n": 3}, 3),
        ("query ($n: Int = 9) {activities(first: $n) {id}}", {}, 9),
        ("query ($n: Int) {activities(first: $n) {id}}", {"n": "forged"}, 20),
        ("{activities(first: -5) {id}}", {}, 0),
        ("{activities(first: 2147483647) {id}}", {}, 100),
        ("{activities(first: 0) {similar {id}}}", {}, 0),
        ("{activities(first: 2) {...F}} fragment F on Activity {similar(first: 3) {id}}", {}, 8),
    ],
)
def test_cost_is_the_product_of_page_sizes(text: str, variables: dict[str, object], expected: int) -> None:
    assert facts(text).nodes(variables, LIMITS) == expected


def test_introspection_looks_like_an_unknown_field_in_production() -> None:
    def refusal(text: str) -> tuple[str, str]:
        with pytest.raises(Fault) as caught:
            facts(text, CLOSED)
        return caught.value.code, caught.value.message

    for name in ("__schema", "__type", "nope"):
        assert refusal(f"{{{name} {{name}}}}") == (
            "GRAPHQL_VALIDATION_FAILED",
            f"Cannot query field '{name}' on type 'Query'.",
        )
    hidden = "{...F} fragment F on Query {a: __schema {queryType {name}}}"
    assert refusal(hidden)[1] == "Cannot query field '__schema' on type 'Query'."


def test_only_so_many_documents_are_remembered() -> None:
    documents = Documents(CORE.schema, CORE.rules, Limits(remembered_documents=2), OPEN)
    first = documents.prepare(GraphQLRequest("{who}"))
    assert documents.prepare(GraphQLRequest("{who}")) is first
    for number in range(2):
        documents.prepare(GraphQLRequest(f"{{a{number}: who}}"))
    assert documents.prepare(GraphQLRequest("{who}")) is not first
