"""Seeded mutations of what clients send: bytes, tokens, JSON values, frames."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

QUERIES = (
    "{__typename}",
    "query Known($n: Int = 3) {activities(first: $n) {id title similar(first: 2) {id}}}",
    "mutation M($id: ID!) {enroll(id: $id) {id enrolled}}",
    "subscription S($after: String) {progress(after: $after, count: 1, everyMs: 1) {cursor percent}}",
    '{echo(text: """block""", numbers: [1, 2])} fragment F on Query {echo}',
    "query A {who} query B {who @skip(if: true) ...F} fragment F on Query {hidden}",
)
TOKENS = (
    *"{}()[]:!$@|=&#,",
    *("...", '"', '"""', "\\", "\n", "\x00", "\ufeff", "\u2028", "я", "🙂"),
    *("-1", "1e400", "99999999999", "null", "true"),
)
SPICE = (
    b"\xff",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"\x00",
    b"\\ud800",
    b"\\u0000",
    b"NaN",
    b"[" * 200,
    b'"',
    b"\\",
)


KINDS = ("connection_init", "ping", "pong", "subscribe", "subscribe", "complete", "start", "")


@dataclass(frozen=True, slots=True)
class Attack:
    """What is asked, by whom, and how often its bytes are broken: once for each number of `breaks`."""

    requests: Callable[[Random], dict[str, object]]
    tokens: Sequence[str | None] = (None,)
    breaks: Sequence[int] = (0, 1, 2, 3)


def body(random: Random, attack: Attack) -> bytes:
    """A request body, more or less broken."""
    value = json.dumps(attack.requests(random)).encode()
    for change in random.choices(CHANGES, k=random.choice(attack.breaks)):
        value = change(random, value)
    return value


def frame(random: Random, attack: Attack) -> bytes:
    """A message of the socket protocol, more or less broken."""
    kind = random.choice(KINDS)
    message: dict[str, object] = {
        "type": kind,
        "id": random.choice(("1", "2", 1, None, "", "я")),
        "payload": attack.requests(random),
    }
    for name in random.sample(sorted(message), random.randint(0, 2)):
        message[name] = scalar(random)
    value = json.dumps(message).encode()
    for change in random.choices(CHANGES, k=random.choice((0, 0, 1, 2))):
        value = change(random, value)
    return value


def request(random: Random) -> dict[str, object]:
    """A GraphQL request with a mutated document and unlikely variables."""
    parameters: dict[str, object] = {
        "query": document(random),
        "variables": random.choice(({}, {"n": scalar(random)}, {"id": scalar(random)}, scalar(random))),
        "operationName": random.choice((None, None, "A", "M", scalar(random))),
        "extensions": random.choice(({}, {"persistedQuery": scalar(random)}, scalar(random))),
    }
    for name in random.sample(sorted(parameters), random.choice((0, 0, 1))):
        parameters[name] = scalar(random)
    return parameters


def document(random: Random, text: str | None = None) -> str:
    """A text, by default one of the known queries, with a few tokens put in the place of others."""
    tokens = list(text or random.choice(QUERIES))
    for _ in range(random.choice((0, 0, 1, 2, 8))):
        place = random.randrange(len(tokens) + 1)
        tokens[place : place + random.randint(0, 3)] = [random.choice(TOKENS)]
    return "".join(tokens)


def scalar(random: Random) -> object:
    deep: object = 1
    for _ in range(random.choice((1, 15, 19, 40))):
        deep = [deep] if random.random() < 0.5 else {"a": deep}
    plain: Sequence[object] = (None, True, 0, -1, 2**63, 10**30, 1e308, "", "я" * 50, [], {})
    return random.choice((*plain, ["x"] * 200, deep))


def _splice(random: Random, value: bytes) -> bytes:
    place = random.randrange(len(value) + 1)
    return value[:place] + random.choice(SPICE) + value[place + random.randint(0, 4) :]


def _flip(random: Random, value: bytes) -> bytes:
    changed = bytearray(value)
    for _ in range(random.randint(1, 6)):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _cut(random: Random, value: bytes) -> bytes:
    return value[: random.randrange(len(value) + 1)]


def _repeat(random: Random, value: bytes) -> bytes:
    start = random.randrange(len(value) + 1)
    return value[:start] + value[start : start + random.randint(1, 40)] * random.randint(2, 50)


def _wrap(random: Random, value: bytes) -> bytes:
    return random.choice((b"[%b]", b'{"a": %b}', b"\xef\xbb\xbf%b", b" \n%b\n ")) % value


CHANGES: tuple[Callable[[Random, bytes], bytes], ...] = (_splice, _flip, _cut, _repeat, _wrap)
