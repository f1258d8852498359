"""JSON of strangers: bounded nesting, no doubtful forms; whatever is wrong is one 400, never a crash."""

import json
import re
from collections.abc import Iterable

import orjson

from web.answers import EdgeCode, Fault

# A whole string (closed or not) is swallowed as one token, so the scan is linear.
_STRUCTURE = re.compile(rb'"(?:[^"\\]++|\\.?)*+"?|[\[\]{}]', re.DOTALL)
_STEP = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}


def read_json(text: bytes, depth: int) -> object:
    """The value; duplicate keys, NaN, lone surrogates, wrong UTF-8 and deep nesting are refused."""
    if _nesting(text) > depth:
        raise bad_request(f"JSON вложен глубже {depth} уровней.")
    try:
        value: object = orjson.loads(text)
        json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise bad_request("Тело запроса не является правильным JSON в UTF-8.") from None
    return value


def bad_request(message: str) -> Fault:
    """A request whose form is wrong."""
    return Fault(400, EdgeCode.BAD_REQUEST, message)


def _nesting(text: bytes) -> int:
    level = deepest = 0
    for token in _STRUCTURE.findall(text):
        level += _STEP.get(token, 0)
        deepest = max(deepest, level)
    return deepest


def _unique(pairs: Iterable[tuple[str, object]]) -> None:
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError("duplicate key")
