"""Writes the schema as a TypeScript type: tsc alone then checks the page's operations against the SDL.

The form is the one gql.tada reads (its own tool needs an older TypeScript). `nmo schema` writes the file
beside the SDL, and a test compares both with the schema: `python -m web.ui_types`.
"""

from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
)

HEADER = """\
// Written by `nmo schema` from schema/schema.graphql. Do not edit.

type Named<Kind, Name> = { kind: Kind; name: Name; ofType: null };
type NonNull<Of> = { kind: 'NON_NULL'; name: never; ofType: Of };
type List<Of> = { kind: 'LIST'; name: never; ofType: Of };
type Field<Name, Type> = { name: Name; type: Type };
type Input<Name, Type, Default> = { name: Name; type: Type; defaultValue: Default };
"""
KINDS: dict[type[GraphQLNamedType], str] = {
    GraphQLObjectType: "OBJECT",
    GraphQLInterfaceType: "INTERFACE",
    GraphQLUnionType: "UNION",
    GraphQLEnumType: "ENUM",
    GraphQLInputObjectType: "INPUT_OBJECT",
}


def write_introspection(schema_sdl: str) -> str:
    """The text of web/ui/src/schema.d.ts for this SDL; types in the order of their names."""
    schema = build_schema(schema_sdl)
    names = sorted(name for name in schema.type_map if not name.startswith("__"))
    types = "".join(f"  {name}: {of_type(schema, schema.type_map[name])};\n" for name in names)
    return (
        f"{HEADER}\nexport type introspection_types = {{\n{types}}};\n\n"
        f"export type introspection = {{\n  name: never;\n{roots(schema)}  types: introspection_types;\n}};\n"
    )


def roots(schema: GraphQLSchema) -> str:
    found = {
        "query": schema.query_type,
        "mutation": schema.mutation_type,
        "subscription": schema.subscription_type,
    }
    return "".join(f"  {kind}: {quoted(root.name) if root else 'never'};\n" for kind, root in found.items())


def of_type(schema: GraphQLSchema, named: GraphQLNamedType) -> str:
    match named:
        case GraphQLObjectType():
            return f"{{ kind: 'OBJECT'; name: {quoted(named.name)}; fields: {fields(schema, named)} }}"
        case GraphQLInterfaceType():
            start = f"{{ kind: 'INTERFACE'; name: {quoted(named.name)}; fields: {fields(schema, named)}"
            return f"{start}; possibleTypes: {possible(schema, named)} }}"
        case GraphQLUnionType():
            start = f"{{ kind: 'UNION'; name: {quoted(named.name)}; fields: {{}}"
            return f"{start}; possibleTypes: {possible(schema, named)} }}"
        case GraphQLEnumType():
            return f"{{ name: {quoted(named.name)}; enumValues: {one_of(list(named.values))} }}"
        case GraphQLInputObjectType():
            start = f"{{ kind: 'INPUT_OBJECT'; name: {quoted(named.name)}"
            return (
                f"{start}; isOneOf: {str(named.is_one_of).lower()}; inputFields: [{inputs(schema, named)}] }}"
            )
        case _:
            return "unknown"


def fields(schema: GraphQLSchema, owner: GraphQLObjectType | GraphQLInterfaceType) -> str:
    rows = (
        f"{name}: Field<{quoted(name)}, {reference(schema, str(field.type))}>"
        for name, field in owner.fields.items()
    )
    return f"{{ {'; '.join(rows)} }}"


def inputs(schema: GraphQLSchema, owner: GraphQLInputObjectType) -> str:
    return ", ".join(
        f"Input<{quoted(name)}, {reference(schema, str(field.type))}, {default(field)}>"
        for name, field in owner.fields.items()
    )


def default(field: GraphQLInputField) -> str:
    """Only whether there is a default matters to the types: such a field may be left out."""
    return "null" if field.ast_node is None or field.ast_node.default_value is None else "''"


def reference(schema: GraphQLSchema, written: str) -> str:
    """`[Item!]!` as the page's types say it."""
    if written.endswith("!"):
        return f"NonNull<{reference(schema, written[:-1])}>"
    if written.startswith("["):
        return f"List<{reference(schema, written[1:-1])}>"
    kind = KINDS.get(type(schema.type_map[written]), "SCALAR")
    return f"Named<{quoted(kind)}, {quoted(written)}>"


def possible(schema: GraphQLSchema, abstract: GraphQLInterfaceType | GraphQLUnionType) -> str:
    return one_of(sorted(named.name for named in schema.get_possible_types(abstract)))


def one_of(names: list[str]) -> str:
    return " | ".join(map(quoted, names)) or "never"


def quoted(name: str) -> str:
    return f"'{name}'"


if __name__ == "__main__":
    root = Path(__file__).resolve().parent.parent
    sdl = (root / "schema" / "schema.graphql").read_text("utf-8")
    (root / "web" / "ui" / "src" / "schema.d.ts").write_text(write_introspection(sdl), "utf-8")
