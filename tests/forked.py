"""Servers born of a process that has read the product already: a test waits for no import of seconds.

What is forked is `nmo` from its first line on. Tests of how a server lives and dies start it by its command.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

MOTHER = get_context("forkserver")
READ_BEFORE = ["tests.forked", "web.cli", "web.serving", "web.running"]


class Running(Protocol):
    """A process, forked or started by its command."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int) -> None: ...


class Forked:
    """One `nmo` with its words, variables and log."""

    def __init__(self, words: Sequence[str], variables: Mapping[str, str], log: Path) -> None:
        MOTHER.set_forkserver_preload(READ_BEFORE)
        self._process = MOTHER.Process(target=_live, args=([*words], {**variables}, str(log)), daemon=True)
        self._process.start()
        self.pid = self._process.pid or 0

    def poll(self) -> int | None:
        """The exit code, or nothing of one that lives."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code; `TimeoutExpired` of one that lives on."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("nmo", timeout or 0)
        return self._process.exitcode

    def send_signal(self, sig: int) -> None:
        """Nothing is sent to one that has ended, whose number may be another's by now."""
        if self.poll() is None:
            os.kill(self.pid, sig)


def _live(words: list[str], variables: dict[str, str], log: str) -> None:
    for number, name, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, log, os.O_WRONLY | os.O_APPEND | os.O_CREAT),
    ):
        os.dup2(os.open(name, flags, 0o600), number)
    os.dup2(1, 2)
    os.environ.clear()
    os.environ.update(variables)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["nmo", *words]
    sys.modules["web.cli"].main()
