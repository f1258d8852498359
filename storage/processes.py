"""Servers of others that run as our children: they start, are kept alive, and never outlive us."""

import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from storage.folders import StartError

log = logging.getLogger(__name__)
BECOME = Path(__file__).with_name("become.py")
COMPLAINT = re.compile(r"FATAL|PANIC|FTL|error:", re.IGNORECASE)
LARGE_LOG = 10 * 1024 * 1024
SHORT_PAUSE, LONG_PAUSE = 0.1, 5.0


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a child is: us (`self`), another `user`, or us under another number in a user `namespace`."""

    kind: str
    uid: int
    gid: int


OURSELVES = Identity("self", 0, 0)


@dataclass(frozen=True, slots=True)
class Program:
    """What to run and how it wants to be ended."""

    name: str
    command: Sequence[str]
    folder: Path
    identity: Identity = OURSELVES
    environment: Mapping[str, str] | None = None
    stop_signals: Sequence[signal.Signals] = (signal.SIGTERM,)
    death_signal: signal.Signals = signal.SIGKILL
    inherited: Sequence[int] = ()

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def argv(self) -> list[str]:
        who = self.identity
        plan = (os.getpid(), int(self.death_signal), who.kind, who.uid, who.gid, self.folder)
        return [sys.executable, "-I", "-S", str(BECOME), *map(str, plan), *self.command]


class ServerProcess:
    """One child: started once, restarted when it dies by itself, stopped in order."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.restarts = 0
        self._popen: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._keep_alive = False
        # The parent-death signal follows the thread that forked, so that thread lives as long as the child.
        self._thread = threading.Thread(target=self._supervise, name=program.name, daemon=True)

    @property
    def pid(self) -> int:
        return self._popen.pid if self._popen else 0

    def start(self, ready: Callable[[], bool], timeout: float) -> None:
        """Returns when `ready` says so; a child that ends or is late: `StartError` with its last words."""
        _rotate(self.program.log)
        silence = _size(self.program.log)
        self._thread.start()
        deadline = time.monotonic() + timeout
        while self._thread.is_alive() and time.monotonic() < deadline:
            if self.pid and ready():
                self._keep_alive = True
                return
            time.sleep(0.01)
        self.stop()
        raise StartError(f"{self.program.name} не запустился: {_last_words(self.program.log, silence)}")

    def stop(self, patience: float = 10.0) -> None:
        """Also of a child whose start was broken off before it was born: then it is not born any more."""
        self._stopping.set()
        for number in (*self.program.stop_signals, signal.SIGKILL):
            if not self._thread.is_alive():
                return
            self._signal(number)
            self._thread.join(patience)

    def _signal(self, number: signal.Signals) -> None:
        if self._popen is not None and self._popen.poll() is None:
            self._popen.send_signal(number)

    def _supervise(self) -> None:
        pause = SHORT_PAUSE
        while not self._stopping.is_set():
            born = time.monotonic()
            end = self._live()
            if self._stopping.is_set() or not self._keep_alive:
                return
            log.error("%s ended: %s; starting it again", self.program.name, end)
            self.restarts += 1
            pause = SHORT_PAUSE if time.monotonic() - born > LONG_PAUSE else min(pause * 2, LONG_PAUSE)
            self._stopping.wait(pause)

    def _live(self) -> str:
        """One life of the child; says how it ended. A machine short of memory may refuse even the birth."""
        try:
            self._popen = self._spawn()
        except OSError as error:
            return str(error)
        if self._stopping.is_set():
            self._popen.kill()
        return f"code {self._popen.wait()}"

    def _spawn(self) -> subprocess.Popen[bytes]:
        program = self.program
        with program.log.open("ab") as output:
            return subprocess.Popen(  # noqa: S603 - a fixed command, no shell
                program.argv(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=program.environment,
                pass_fds=program.inherited,
                start_new_session=True,  # Ctrl-C is ours to handle: children stop after us, in order
            )


def stop_together(stops: Sequence[Callable[[], None]]) -> None:
    """Stops children that do not need one another at the same time."""
    with ThreadPoolExecutor(max(len(stops), 1)) as pool:
        for stopping in [pool.submit(stop) for stop in stops]:
            stopping.result()


def run_to_end(program: Program, timeout: float) -> None:
    """Runs a short command the same way; a failure is a `StartError` with its last words."""
    argv, silence = program.argv(), _size(program.log)
    with program.log.open("ab") as output:
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command, no shell
                argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=program.inherited,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise StartError(f"{program.name} не закончил работу за {timeout:.0f} с.") from error
    if done.returncode != 0:
        raise StartError(f"{program.name} не выполнен: {_last_words(program.log, silence)}")


def wheel_file(distribution: str, ending: str) -> Path:
    """A program that a Python package brought, found by the end of its path."""
    try:
        files = metadata.files(distribution) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.as_posix().endswith(ending):
            return Path(str(file.locate())).resolve()
    raise StartError(f"Нет программы {ending}: установите пакет {distribution}.")


def _rotate(file: Path) -> None:
    if file.exists() and file.stat().st_size > LARGE_LOG:
        file.replace(file.with_name(file.name + ".1"))


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _last_words(file: Path, since: int) -> str:
    """What the program complained of; a line about an error says more than the farewell after it."""
    said = file.read_bytes()[since:].decode("utf-8", errors="replace") if file.exists() else ""
    lines = said.strip().splitlines()
    errors = [line for line in lines if COMPLAINT.search(line)]
    return f"{[*lines, *errors][-1] if lines else 'без сообщений'} (журнал {file})"
