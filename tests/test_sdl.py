"""The published schema: written down as it is, described in Russian, changed only with notice."""

from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema

from schema.api import schema
from tests.sdl import moved_enum_values, unannounced_changes, undated_deprecations, undescribed

OLD = build_schema("type Query { a(x: Int): Int b: Colour } enum Colour { RED GREEN }")


def test_descriptions_are_missed_on_types_fields_arguments_and_inputs() -> None:
    described = build_schema(
        '''
        """Запросы"""
        type Query { """Поле""" a("""Довод""" x: Int, y: Thing): Int  """English""" b: Int }
        input Thing { """Число""" z: Int w: Int }
        '''
    )
    assert undescribed(described) == ["Query.a(y:)", "Query.b", "Thing", "Thing.w"]


def test_deprecations_carry_the_date_of_the_end() -> None:
    described = build_schema(
        """
        type Query {
          a: Int @deprecated(reason: "Используйте b; уйдёт 2027-06-01")
          b(x: Int @deprecated(reason: "скоро")): Colour @deprecated(reason: "потом")
        }
        enum Colour { RED @deprecated(reason: "никогда") GREEN }
        """
    )
    assert undated_deprecations(described) == ["Query.b", "Query.b(x:)", "Colour.RED"]


@pytest.mark.parametrize(
    ("sdl", "change"),
    [
        ("type Query { b: Colour } enum Colour { RED GREEN }", "Field Query.a was removed."),
        (
            "type Query { a(x: Int): Int b: Colour } enum Colour { RED GREEN BLUE }",
            "Enum value Colour.BLUE was added.",
        ),
    ],
)
def test_a_change_that_may_hurt_needs_a_line_in_the_changelog(sdl: str, change: str) -> None:
    assert unannounced_changes(OLD, build_schema(sdl), "") == [change]
    assert unannounced_changes(OLD, build_schema(sdl), f"- {change}") == []


@pytest.mark.parametrize(
    ("values", "moved"),
    [("RED GREEN BLUE", []), ("GREEN RED", ["Colour"]), ("RED BLUE GREEN", ["Colour"]), ("GREEN", [])],
)
def test_enum_values_keep_their_places(values: str, moved: list[str]) -> None:
    new = build_schema(f"type Query {{ a(x: Int): Int b: Colour }} enum Colour {{ {values} }}")
    assert moved_enum_values(OLD, new) == moved


def test_an_unchanged_schema_needs_no_notice() -> None:
    same: GraphQLSchema = build_schema("type Query { a(x: Int): Int b: Colour } enum Colour { RED GREEN }")
    assert unannounced_changes(OLD, same, "") == []


ROOT = Path(__file__).resolve().parent.parent
WRITTEN = (ROOT / "schema/schema.graphql").read_text()
RELEASED = (ROOT / "docs/schema-released.graphql").read_text()


def test_the_written_schema_is_that_of_the_code() -> None:
    assert schema.as_str().strip() == WRITTEN.strip(), "run `.venv/bin/nmo schema > schema/schema.graphql`"


def test_everything_public_is_described_in_russian() -> None:
    assert undescribed(build_schema(WRITTEN)) == []


def test_every_deprecation_has_a_date() -> None:
    assert undated_deprecations(build_schema(WRITTEN)) == []


def test_changes_since_the_release_are_announced() -> None:
    released, written = build_schema(RELEASED), build_schema(WRITTEN)
    assert unannounced_changes(released, written, (ROOT / "CHANGELOG.md").read_text()) == []
    assert moved_enum_values(released, written) == []
