"""What the schema and a field's arguments tell the guard: types along the path and page sizes."""

from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLNamedType,
    IntValueNode,
    NullValueNode,
    ValueNode,
    VariableNode,
)


# graphql-core's wrapping types are generic and unparametrised.
def named_type(field: Any) -> GraphQLNamedType | None:
    inner: Any = field.type if field is not None else None
    while (wrapped := getattr(inner, "of_type", None)) is not None:
        inner = wrapped
    return inner if isinstance(inner, GraphQLNamedType) else None


def page_size(node: FieldNode, field: GraphQLField | None, otherwise: int) -> int | str | None:
    """The page size a field asks for; None when the field is not paged."""
    sizes = [name for name in ("first", "last") if field is not None and name in field.args]
    if field is None or not sizes:
        return None
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    for name in sizes:
        value = given.get(name)
        if isinstance(value, VariableNode):
            return value.name.value
        if value is not None and not isinstance(value, NullValueNode):
            return number_of(value)
    return _default(field.args[sizes[0]], otherwise)


def number_of(value: ValueNode) -> int:
    if not isinstance(value, IntValueNode):
        return 0
    return int(value.value) if len(value.value) < 10 else 1_000_000


def _default(argument: GraphQLArgument, otherwise: int) -> int:
    value = argument.default_value
    return value if isinstance(value, int) else otherwise
