"""What is built of docs/requirements.md, read from the names of tests and the schema: nothing is kept twice.

A requirement is built when a test carries its id in its name (`test_3_1_20_...`, several with `_and_`) and
every element its row names exists in the schema; what it names in `web/ui` needs a test in a browser
(`test_page_*.py`). `make requirements` prints the count and the open ones.
"""

import ast
import re
from pathlib import Path

from graphql import GraphQLSchema, build_schema
from graphql.type import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs/requirements.md"
SCHEMA = ROOT / "schema/schema.graphql"
OPEN = ROOT / "tests/requirements_open.txt"
PAGE = "web/ui"

ROW = re.compile(r"^\| (?P<id>[\d.]+-\d+) \|(?P<cells>.*)\|$", re.MULTILINE)
ELEMENT = re.compile(r"`([^`]+)`")
NUMBERED = re.compile(r"test_(\d+(?:_\d+)+)((?:_and_\d+(?:_\d+)+)*)")


def requirements(document: str) -> dict[str, list[str]]:
    """Each id with the elements its row names in the column "covered by"."""
    rows = {row["id"]: row["cells"].split("|") for row in ROW.finditer(document)}
    return {name: ELEMENT.findall(cells[-2]) for name, cells in rows.items()}


def names_of_tests(files: str) -> set[str]:
    paths = (path for path in (ROOT / "tests").rglob(files) if "node_modules" not in path.parts)
    trees = (ast.parse(path.read_text()) for path in paths)
    functions = (node for tree in trees for node in ast.walk(tree))
    return {
        node.name
        for node in functions
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


def ids_of(test: str, known: set[str]) -> set[str]:
    """The ids a test's name carries; a number that belongs to the words after an id is left to them.

    The number of a whole section (`test_2_2_...`) says where a test belongs and proves no requirement.
    """
    found = NUMBERED.match(test)
    if not found:
        return set()
    sections = {name.rpartition("-")[0].replace(".", "_") for name in known}
    return {id_of(digits, known) for digits in f"{found[1]}{found[2]}".split("_and_")} - sections


def id_of(digits: str, known: set[str]) -> str:
    parts = digits.split("_")
    spelled = (".".join(parts[: size - 1]) + "-" + parts[size - 1] for size in range(len(parts), 1, -1))
    return next((name for name in spelled if name in known), digits)


def exists(element: str, schema: GraphQLSchema) -> bool:
    name, *rest = element.split(".")
    kind = schema.type_map.get(name)
    if kind is None or not rest:
        return kind is not None
    if isinstance(kind, GraphQLEnumType):
        return rest[0] in kind.values
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        return rest[0] in kind.fields
    return False


def missing(
    document: str, tests: set[str], page_tests: set[str], schema: GraphQLSchema
) -> dict[str, list[str]]:
    """Each requirement with what it still lacks; an empty list means it is built."""
    rows = requirements(document)
    seen = {name for test in page_tests for name in ids_of(test, set(rows))}
    tested = {name for test in tests for name in ids_of(test, set(rows))}
    return {
        name: ([] if name in tested else ["a test"])
        + [e for e in elements if not (name in seen if e == PAGE else exists(e, schema))]
        for name, elements in rows.items()
    }


def missing_now() -> dict[str, list[str]]:
    schema = build_schema(SCHEMA.read_text()) if SCHEMA.exists() else GraphQLSchema()
    tests, page_tests = names_of_tests("test_*.py"), names_of_tests("test_page_*.py")
    return missing(DOCUMENT.read_text(), tests, page_tests, schema)


def main() -> None:
    """Print `N of 196` and the open ids with what each lacks; strike off the list what has been built."""
    lacks = {name: what for name, what in missing_now().items() if what}
    listed = OPEN.read_text().split()
    OPEN.write_text("".join(f"{name}\n" for name in listed if name in lacks))
    total = len(requirements(DOCUMENT.read_text()))
    print(f"{total - len(lacks)} of {total}")
    for name, what in lacks.items():
        print(f"{name}\t{', '.join(what)}")


if __name__ == "__main__":
    main()
