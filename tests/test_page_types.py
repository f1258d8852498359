"""The schema reaches the page as a TypeScript type: every kind of type, every wrapper, defaults."""

from pathlib import Path

from web.ui_types import write_introspection

ROOT = Path(__file__).resolve().parent.parent

SDL = """
scalar Cursor
enum Kind { A B }
interface Node { id: ID! }
input Sent { text: String! kinds: [Kind!] size: Int! = 3 nothing: String = null }
input Pick @oneOf { a: ID b: ID }
type Item implements Node { id: ID! tags: [String!]! next(first: Int = 20): Item }
type Gone { cursor: Cursor! }
union Event = Item | Gone
type Query { item(id: ID!): Item }
type Subscription { items(after: Cursor): Event! }
"""


def line_of(name: str) -> str:
    [found] = [row for row in write_introspection(SDL).splitlines() if row.startswith(f"  {name}: ")]
    return found.removeprefix(f"  {name}: ").removesuffix(";")


def test_objects_carry_their_fields_with_wrappers() -> None:
    assert line_of("Item") == (
        "{ kind: 'OBJECT'; name: 'Item'; fields: { id: Field<'id', NonNull<Named<'SCALAR', 'ID'>>>; "
        "tags: Field<'tags', NonNull<List<NonNull<Named<'SCALAR', 'String'>>>>>; "
        "next: Field<'next', Named<'OBJECT', 'Item'>> } }"
    )


def test_abstract_types_name_what_they_can_be() -> None:
    assert line_of("Event").endswith("possibleTypes: 'Gone' | 'Item' }")
    assert line_of("Node").endswith("possibleTypes: 'Item' }")


def test_inputs_say_what_may_be_left_out() -> None:
    assert line_of("Sent") == (
        "{ kind: 'INPUT_OBJECT'; name: 'Sent'; isOneOf: false; inputFields: "
        "[Input<'text', NonNull<Named<'SCALAR', 'String'>>, null>, "
        "Input<'kinds', List<NonNull<Named<'ENUM', 'Kind'>>>, null>, "
        "Input<'size', NonNull<Named<'SCALAR', 'Int'>>, ''>, "
        "Input<'nothing', Named<'SCALAR', 'String'>, ''>] }"
    )
    assert "isOneOf: true" in line_of("Pick")


def test_enums_scalars_and_absent_roots() -> None:
    assert line_of("Kind") == "{ name: 'Kind'; enumValues: 'A' | 'B' }"
    assert line_of("Cursor") == "unknown"
    assert line_of("mutation") == "never"
    assert line_of("subscription") == "'Subscription'"


def test_the_text_does_not_depend_on_the_order_of_types() -> None:
    reordered = "\n".join(reversed(SDL.strip().splitlines()))
    assert write_introspection(reordered) == write_introspection(SDL)


def test_the_page_is_checked_against_the_schema_as_it_is_now() -> None:
    written = ROOT / "web" / "ui" / "src" / "schema.d.ts"
    sdl = (ROOT / "schema" / "schema.graphql").read_text("utf-8")
    assert written.read_text("utf-8") == write_introspection(sdl), "run: python -m web.ui_types"
