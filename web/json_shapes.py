"""The two shapes of JSON that have parts, told apart for the type checker."""

from collections.abc import Mapping
from typing import TypeAlias, TypeGuard

JsonObject: TypeAlias = dict[str, object]


def is_object(value: object) -> TypeGuard[Mapping[str, object]]:
    """A JSON object: its keys are always strings."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[object]]:
    """A JSON array."""
    return isinstance(value, list)
