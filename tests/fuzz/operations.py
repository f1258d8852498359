"""Valid operations of a schema with values that are plausible, wrong or absurd, so that they reach deep code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_leaf_type,
)

from web.schema_reading import named_type

DEEPEST, WIDEST = 5, 6
KINDS = ("query",) * 5 + ("mutation",) * 5 + ("subscription",)


@dataclass
class Operation:
    """One document being written: its variables and how deep it is."""

    random: Random
    values: Mapping[str, Sequence[object]]
    definitions: list[str] = field(default_factory=list[str])
    variables: dict[str, object] = field(default_factory=dict[str, object])

    # graphql-core's wrapping types are generic and unparametrised: what may be wrapped is taken as it is.
    def arguments(self, given: Mapping[str, Any]) -> str:
        """Most arguments, as variables."""
        named: list[str] = []
        for name, argument in given.items():
            if self.random.random() > (0.98 if is_needed(argument.type) else 0.5):
                continue
            variable = f"v{len(self.variables)}"
            self.definitions.append(f"${variable}: {argument.type}")
            self.variables[variable] = self.value(argument.type)
            named.append(f"{name}: ${variable}")
        return f"({', '.join(named)})" if named else ""

    def value(self, kind: Any) -> object:
        """Something for a type: mostly of its form, seldom of another."""
        random = self.random
        if random.random() < 0.03:
            return random.choice((None, "", 0, [], {}, True, "x" * 300))
        if is_needed(kind):
            return self.value(kind.of_type)
        if str(kind).startswith("["):
            return [self.value(kind.of_type) for _ in range(random.choice((0, 1, 1, 2, 101)))]
        if isinstance(kind, GraphQLInputObjectType):
            return self._object(kind.fields)
        if isinstance(kind, GraphQLEnumType):
            return random.choice(list(kind.values))
        return random.choice(self.values.get(str(kind), self.values["String"]))

    def _object(self, fields: Mapping[str, Any]) -> dict[str, object]:
        return {
            name: self.value(each.type)
            for name, each in fields.items()
            if self.random.random() < (0.99 if is_needed(each.type) else 0.6)
        }


def is_needed(kind: object) -> bool:
    return str(kind).endswith("!")


class Operations:
    """Writes operations of one schema; `values` are those of each scalar by its name."""

    def __init__(self, schema: GraphQLSchema, values: Mapping[str, Sequence[object]]) -> None:
        self._schema = schema
        self._values = values
        self._roots: dict[str, GraphQLObjectType | None] = {
            "query": schema.query_type,
            "mutation": schema.mutation_type,
            "subscription": schema.subscription_type,
        }

    def request(self, random: Random) -> dict[str, object]:
        """One request: the parameters of a body."""
        kind = random.choice(KINDS)
        root, operation = self._roots[kind], Operation(random, self._values)
        if root is None:
            return {"query": "{__typename}"}
        names = random.choices(list(root.fields), k=random.choice((1, 1, 1, 2)) if kind == "query" else 1)
        chosen = " ".join(f"r{n}: {self._field(operation, root, name, 1)}" for n, name in enumerate(names))
        defined = f"({', '.join(operation.definitions)})" if operation.definitions else ""
        return {"query": f"{kind} Fuzz{defined} {{{chosen}}}", "variables": operation.variables}

    def _field(self, operation: Operation, parent: GraphQLObjectType, name: str, depth: int) -> str:
        found = parent.fields[name]
        return f"{name}{operation.arguments(found.args)}{self._below(operation, found, depth)}"

    def _below(self, operation: Operation, found: GraphQLField, depth: int) -> str:
        named = named_type(found)
        if named is None or is_leaf_type(named):
            return ""
        if isinstance(named, GraphQLUnionType | GraphQLInterfaceType):
            types = self._schema.get_possible_types(named)
            some = operation.random.sample(types, min(3, len(types)))
            inner = " ".join(f"... on {each}{self._selection(operation, each, depth)}" for each in some)
            return f" {{__typename {inner}}}"
        assert isinstance(named, GraphQLObjectType)
        return self._selection(operation, named, depth)

    def _selection(self, operation: Operation, of: GraphQLObjectType, depth: int) -> str:
        leaves = [name for name, each in of.fields.items() if is_leaf_type(named_type(each))]
        deeper = [name for name in of.fields if name not in leaves] if depth < DEEPEST else []
        random = operation.random
        chosen = random.sample(leaves, min(len(leaves), random.randint(1, WIDEST)))
        chosen += random.sample(deeper, min(len(deeper), random.choice((1, 1, 2))))
        # Aliases, because one field chosen in two fragments may have other arguments there.
        number = random.randrange(10**6)
        fields = [
            f"{f'{name}_{number}: ' if of.fields[name].args else ''}"
            + self._field(operation, of, name, depth + 1)
            for name in chosen
        ]
        return f" {{__typename {' '.join(fields)}}}"
