"""Every requirement is built, with a test and schema elements, or on the open list, which only shrinks."""

import subprocess

import pytest
from graphql import build_schema

from tests.requirements import (
    DOCUMENT,
    OPEN,
    ROOT,
    ids_of,
    missing,
    missing_now,
    names_of_tests,
    requirements,
)

KNOWN = set(requirements(DOCUMENT.read_text()))


def test_the_document_has_all_requirements() -> None:
    assert len(KNOWN) == 196


def test_the_open_list_is_what_is_not_built() -> None:
    lacks = {name for name, what in missing_now().items() if what}
    listed = set(OPEN.read_text().split())
    assert listed - lacks == set(), "these are built now: `make requirements` takes them off the list"
    assert lacks - listed == set(), "these were built and have lost a test or an element of the schema"


def test_the_open_list_only_shrinks() -> None:
    name = OPEN.relative_to(ROOT).as_posix()
    log = git("log", "--format=%H", "--", name)
    if log is None:
        pytest.skip("not a git checkout, so there is no earlier list to compare with")
    earlier = [set((git("show", f"{commit}:{name}") or "").split()) for commit in log.split()]
    assert [sorted(set(OPEN.read_text().split()) - listed) for listed in earlier] == [[] for _ in earlier]


def git(*arguments: str) -> str | None:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else None


def test_numbered_tests_name_requirements_that_exist() -> None:
    unknown = {test: ids_of(test, KNOWN) - KNOWN for test in names_of_tests("test_*.py")}
    assert {test: ids for test, ids in unknown.items() if ids} == {}


@pytest.mark.parametrize(
    ("test", "ids"),
    [
        ("test_3_1_20_shown", {"3.1-20"}),
        ("test_1_1_1_20_and_1_1_1_21_date", {"1.1.1-20", "1.1.1-21"}),
        ("test_1_1_1_closed_to_strangers", {"1.1-1"}),
        ("test_1_2_8_129_characters", {"1.2-8"}),
        ("test_9_9_9_nothing", {"9_9_9"}),
        ("test_2_2_whole_section", set[str]()),
        ("test_plain", set[str]()),
    ],
)
def test_ids_are_read_from_names(test: str, ids: set[str]) -> None:
    assert ids_of(test, KNOWN) == ids


def test_a_requirement_is_built_by_a_test_and_every_element() -> None:
    document = "\n".join(
        [
            "| 1.1-1 | sentence | words | `Query.a` `Colour.RED` `Date` `web/ui` |  |",
            "| 1.1-2 | sentence | words | `Query.b` `Colour.BLUE` `Query` |  |",
            "| 1.1-3 | sentence | words | `Query.a` | A1 |",
        ]
    )
    schema = build_schema("scalar Date type Query { a: Colour } enum Colour { RED }")
    lacks = {"1.1-1": [], "1.1-2": ["Query.b", "Colour.BLUE"], "1.1-3": ["a test"]}
    tests = {"test_1_1_1_and_1_1_2_x"}
    assert missing(document, tests, tests, schema) == lacks
    assert missing(document, tests, set(), schema) == lacks | {"1.1-1": ["web/ui"]}
