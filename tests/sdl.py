"""What makes a schema fit to be published, as functions over any schema, so that they are tested too."""

import re
from collections.abc import Iterator

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    find_breaking_changes,
    find_dangerous_changes,
    is_introspection_type,
    is_specified_scalar_type,
)

CYRILLIC = re.compile("[А-Яа-яЁё]")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{2}\.\d{2}\.\d{4}")
Described = GraphQLNamedType | GraphQLField | GraphQLArgument | GraphQLInputField


def elements(schema: GraphQLSchema) -> Iterator[tuple[str, Described]]:
    """Every public type, field and argument by its full name."""
    for name, kind in schema.type_map.items():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        yield name, kind
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in kind.fields.items():
                yield f"{name}.{field_name}", field
                for argument_name, argument in field.args.items():
                    yield f"{name}.{field_name}({argument_name}:)", argument
        elif isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{name}.{field_name}", field) for field_name, field in kind.fields.items())


def undescribed(schema: GraphQLSchema) -> list[str]:
    """The descriptions are the manual of the front-end teams, so they are in Russian."""
    return [name for name, element in elements(schema) if not CYRILLIC.search(element.description or "")]


def undated_deprecations(schema: GraphQLSchema) -> list[str]:
    reasons = {name: getattr(element, "deprecation_reason", None) for name, element in elements(schema)}
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLEnumType):
            reasons |= {
                f"{name}.{value}": meaning.deprecation_reason for value, meaning in kind.values.items()
            }
    return [name for name, reason in reasons.items() if reason is not None and not DATE.search(reason)]


def unannounced_changes(released: GraphQLSchema, current: GraphQLSchema, changelog: str) -> list[str]:
    """The changes that may hurt a client and that the changelog does not tell in these words."""
    breaking = [change.description for change in find_breaking_changes(released, current)]
    dangerous = [change.description for change in find_dangerous_changes(released, current)]
    return [
        change
        for change in breaking + dangerous
        if change not in changelog and not change.startswith("Standard scalar")
    ]


def moved_enum_values(released: GraphQLSchema, current: GraphQLSchema) -> list[str]:
    """Enums whose old values changed places or got a new one between them: the order is a promise."""
    moved: list[str] = []
    for name, old in released.type_map.items():
        new = current.type_map.get(name)
        if (
            isinstance(old, GraphQLEnumType)
            and isinstance(new, GraphQLEnumType)
            and not is_introspection_type(old)
        ):
            kept = [value for value in old.values if value in new.values]
            if list(new.values)[: len(kept)] != kept:
                moved.append(name)
    return moved
