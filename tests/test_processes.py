"""A supervised child on real processes: readiness, last words, restarts, an end in order."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from storage.folders import StartError
from storage.processes import Program, ServerProcess, run_to_end, wheel_file

Start = Callable[..., ServerProcess]
BEAT = "import pathlib, time; pathlib.Path('alive').touch(); time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + BEAT


def program(folder: Path, code: str) -> Program:
    return Program("child", [sys.executable, "-c", code], folder)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:

        def started(code: str, ready: Callable[[], bool] = (tmp_path / "alive").exists) -> ServerProcess:
            child = ServerProcess(program(tmp_path, code))
            stack.callback(child.stop, 0.1)
            child.start(ready, 20)
            return child

        yield started


def test_it_starts_when_ready_and_stops(start: Start) -> None:
    child = start(BEAT)
    os.kill(child.pid, 0)
    child.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


def test_a_child_that_dies_at_birth_leaves_its_last_words(start: Start) -> None:
    with pytest.raises(StartError, match=r"child не запустился: .*no such luck"):
        start("raise SystemExit('fatal: no such luck')")


def test_the_words_of_an_earlier_life_are_not_repeated(start: Start, tmp_path: Path) -> None:
    (tmp_path / "child.log").write_text("FATAL: an old trouble\n")
    with pytest.raises(StartError, match="без сообщений"):
        start("raise SystemExit(3)")


def test_a_child_that_is_never_ready_is_stopped(tmp_path: Path) -> None:
    child = ServerProcess(program(tmp_path, BEAT))
    with pytest.raises(StartError):
        child.start(lambda: False, 1)
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


def test_a_child_stopped_before_its_start_is_not_born(tmp_path: Path) -> None:
    child = ServerProcess(program(tmp_path, BEAT))
    child.stop()
    with pytest.raises(StartError):
        child.start(lambda: True, 5)
    assert not child.pid
    assert not (tmp_path / "alive").exists()


def test_a_killed_child_is_started_again(start: Start, tmp_path: Path) -> None:
    child = start(BEAT)
    for life in (1, 2):
        (tmp_path / "alive").unlink()
        os.kill(child.pid, signal.SIGKILL)
        wait_until((tmp_path / "alive").exists)
        assert child.restarts == life


def test_a_deaf_child_is_killed_in_the_end(start: Start) -> None:
    child = start(DEAF)
    began = time.monotonic()
    child.stop(patience=0.3)
    assert time.monotonic() - began < 5
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


def test_a_short_command_says_why_it_failed_or_that_it_hung(tmp_path: Path) -> None:
    run_to_end(program(tmp_path, "pass"), 20)
    with pytest.raises(StartError, match=r"child не выполнен: .*bad news"):
        run_to_end(program(tmp_path, "raise SystemExit('error: bad news')"), 20)
    with pytest.raises(StartError, match="не закончил"):
        run_to_end(program(tmp_path, BEAT), 0.5)


def test_an_absent_package_is_named() -> None:
    with pytest.raises(StartError, match="установите пакет no-such-package"):
        wheel_file("no-such-package", "bin/tool")
