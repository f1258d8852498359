"""Whole bodies of at most 64 KiB for the product: documents near every limit, variables of every absurd form."""

import json
from collections.abc import Iterable, Iterator

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, is_leaf_type

from web.schema_reading import named_type

MOST_BYTES = 65_536
RECORD = "mutation ($results: [ResultInput!]!) {recordResults(input: {results: $results}) {errors {MANY}}}"
FORM = "mutation ($form: PersonalDataInput!) {submitPersonalData(input: $form) {errors {MANY}}}"
ECHO = "query ($id: ID!, $after: Cursor) {node(id: $id) {id} catalog(after: $after) {totalCount}}"


def hostile_bodies(schema: GraphQLSchema) -> Iterator[tuple[str, bytes]]:
    """Named bodies."""
    for name, text in _documents(schema):
        yield name, _body(text)
    many = _every(schema, "UserError", 8, 3)
    for name, text, variables in _variables():
        yield name, _body(text.replace("MANY", many), variables)
    yield from _bytes()


def _documents(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Fragments on every type of an interface: each pair of equal keys has to be compared."""
    for repeated, mutations, leaves in ((3, 4, 3), (4, 2, 3), (5, 1, 4), (7, 1, 2), (4, 5, 1), (4, 5, 3)):
        inner = _every(schema, "UserError", repeated, leaves)
        parts = (f'm{n}: enroll(input: {{activityId: "1"}}) {{errors {{{inner}}}}}' for n in range(mutations))
        yield f"mistakes {repeated} x {mutations} x {leaves}", f"mutation {{{' '.join(parts)}}}"
    for leaves in (1, 3, 12):
        yield f"nodes x {leaves}", f'{{node(id: "x") {{{_every(schema, "Node", 1, leaves)}}}}}'
    yield "aliases", f"{{viewer {{{' '.join(f'a{n}: unreadNotifications' for n in range(30))}}}}}"
    yield "aliases of pages", f"{{viewer {{{' '.join(f'a{n}: {PAGE}' for n in range(30))}}}}}"
    yield "fragments in a chain", f"{{viewer {{...F0}}}} {' '.join(_chain(48))}"
    yield "fragments in a crowd", f"{{viewer {{{'...F0 ' * 140}}}}} {' '.join(_chain(48))}"
    yield "one page again and again", f"{{viewer {{{PAGE * 8}}}}}"
    lost = " ".join(f"p{n}: activities {{edges {{node {{n{n} {{a b c}}}}}}}}" for n in range(30))
    yield "unknown fields everywhere", f"{{viewer {{{lost}}}}}"
    yield "variables", f"query ({' '.join(f'$v{n}: PersonalDataInput' for n in range(50))}) {{__typename}}"


PAGE = "activities(first: 5) {edges {node {id title organizer {id name} materials {title}}}} "


def _every(schema: GraphQLSchema, interface: str, times: int, leaves: int) -> str:
    """Fragments on all types of an interface, each so many times."""
    kinds = [kind for kind in schema.type_map.values() if isinstance(kind, GraphQLObjectType)]
    found = [kind for kind in kinds if interface in {each.name for each in kind.interfaces}]
    return " ".join(_on(kind, leaves) for kind in found for _ in range(times))


def _on(kind: GraphQLObjectType, leaves: int) -> str:
    names = [name for name, each in kind.fields.items() if is_plain(each)]
    return f"... on {kind.name} {{{' '.join(names[:leaves])}}}"


def is_plain(found: GraphQLField) -> bool:
    return not found.args and is_leaf_type(named_type(found))


def _chain(length: int) -> Iterator[str]:
    for number in range(length):
        yield f"fragment F{number} on Viewer {{unreadNotifications ...F{number + 1}}}"
    yield f"fragment F{length} on Viewer {{unreadNotifications}}"


def _variables() -> Iterator[tuple[str, str, object]]:
    result = {"statementId": "я" * 100, "elementId": "x", "verb": "PASSED", "happenedAt": "2026-11-24"}
    yield "a hundred results", RECORD, {"results": [result] * 100}
    yield "results of no form", RECORD, {"results": [{"a": number} for number in range(100)]}
    yield "results that are lists", RECORD, {"results": [[0] * 100] * 100}
    yield "unknown fields of a form", FORM, {"form": {f"n{number}": 1 for number in range(5_000)}}
    yield "long unknown fields", FORM, {"form": {f"passportIssue{'x' * 600}{n}": 1 for n in range(95)}}
    yield "a form of long texts", FORM, {"form": dict.fromkeys(("lastName", "birthPlace"), "Ё" * 8000)}
    yield "variables nobody asked for", ECHO, {f"v{number}": number for number in range(4_000)}
    yield "a long identifier", ECHO, {"id": "activity_" + "f" * 60_000}
    yield "a long cursor", ECHO, {"id": "1", "after": "W" * 60_000}
    yield "combining letters", ECHO, {"id": "e" + "\u0301" * 30_000}
    yield "lists in lists", ECHO, {"id": [[[[]] * 100] * 100]}
    yield "a deep value", ECHO, {"id": _deep(17)}


def _deep(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = {"a": value}
    return value


def _bytes() -> Iterable[tuple[str, bytes]]:
    start = b'{"query": "{__typename}", "variables": {"a": '
    yield "a number of digits", start + b"9" * 65_000 + b"}}"
    yield "escapes", start + b'"' + b"\\u0041" * 10_800 + b'"}}'
    yield "lone surrogates", start + b'"' + b"\\ud800" * 10_800 + b'"}}'
    yield "equal keys", start + b"{" + b'"k": 1, ' * 8_000 + b'"k": 1}}}'
    yield "spaces", start + b" " * 65_000 + b"1}}"
    yield "quotes", b'"' * MOST_BYTES
    yield "backslashes", b'"' + b"\\" * (MOST_BYTES - 1)
    yield "open brackets", b"[" * MOST_BYTES
    yield "brackets by turns", b"[{" * (MOST_BYTES // 2)
    yield "small objects", start + b"[" + b"{}," * 21_000 + b"{}]}}"
    yield "wrong UTF-8", start + b'"' + b"\xff" * 65_000 + b'"}}'


def _body(text: str, variables: object = None) -> bytes:
    return json.dumps({"query": text, "variables": variables or {}}, ensure_ascii=False).encode()
