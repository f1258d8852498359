"""The page's own checks: its types against the schema, its live client over cuts, its weight (3.4-17)."""

import gzip
import re
from pathlib import Path

import pytest

from tests.built_page import ROOT, checking_node, npm, page_is_built

FIRST_LOAD_LIMIT = 30_000
STATIC_IMPORT = re.compile(r"""(?:from|\bimport)\s*["'`]\./([\w.-]+\.js)["'`]""")


@pytest.fixture(scope="session")
def node() -> Path:
    """The folder of a fit Node, with what the checks need installed."""
    return checking_node()


def test_every_operation_of_the_page_fits_the_schema(node: Path) -> None:
    npm(node, "run", "--silent", "check")


def test_3_4_17_the_live_client_loses_and_doubles_nothing(node: Path) -> None:
    said = npm(node, "run", "--silent", "test")
    assert "\n# fail 0\n" in said
    assert "30 cuts lose nothing and double nothing" in said


def test_the_first_load_of_the_cabinet_stays_within_its_weight() -> None:
    page_is_built()
    static = ROOT / "web" / "static"
    page = (static / "index.html").read_text()
    named = {path for path in (static / "assets").iterdir() if path.name in page}
    assert {path.suffix for path in named} == {".js", ".css"}
    files = with_imports(named)
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in files) <= FIRST_LOAD_LIMIT


def with_imports(named: set[Path]) -> set[Path]:
    """These files and the parts they cannot start without; a screen that is loaded when shown is not among them."""
    found, waiting = set[Path](), list(named)
    while waiting:
        path = waiting.pop()
        if path not in found and path.suffix == ".js":
            waiting += [path.with_name(name) for name in STATIC_IMPORT.findall(path.read_text())]
        found.add(path)
    return found
