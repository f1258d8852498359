"""What the embedded servers have in common: one folder, one process, start and stop."""

import re
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from storage.folders import OwnedFolder, StartError, is_owned
from storage.processes import Program, ServerProcess

Place = TypeVar("Place")
OTHER_PORTS = 2
PORT_TAKEN = re.compile(
    "address already in use|is not available|could not create any TCP/IP sockets", re.IGNORECASE
)


class EmbeddedServer(ABC, Generic[Place]):
    """`start` returns the place where it answers; after a kill the next start goes on from its files."""

    patience = 10.0

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._owned: OwnedFolder | None = None
        self._process: ServerProcess | None = None
        # A start that is broken off is stopped by the thread that starts and by the one that leaves.
        self._stopping = threading.Lock()

    def start(self) -> Place:
        self._owned = OwnedFolder.take(self._folder)
        try:
            return self._launched(self._owned)
        except BaseException:
            self.stop()
            raise

    def _launched(self, owned: OwnedFolder) -> Place:
        """A port that was free may be taken before the server binds it: then others are tried."""
        for _ in range(OTHER_PORTS):
            try:
                return self._launch(owned)
            except StartError as error:
                if not PORT_TAKEN.search(str(error)):
                    raise
        return self._launch(owned)

    def stop(self) -> None:
        with self._stopping:
            if self._process is not None:
                self._process.stop(self.patience)
                self._process = None
            if self._owned is not None:
                self._owned.release()
                self._owned = None

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    @property
    def restarts(self) -> int:
        """How often the server died by itself and was started again."""
        return self._process.restarts if self._process else 0

    @abstractmethod
    def _launch(self, owned: OwnedFolder) -> Place: ...

    def _run(self, program: Program, ready: Callable[[], bool], limit: float) -> None:
        self._process = ServerProcess(program)
        self._process.start(ready, limit)

    def _noted(self, name: str) -> str | None:
        """A file of the folder while some process, this one or another, runs the server in it."""
        file = self._folder / name
        return file.read_text("utf-8") if is_owned(self._folder) and file.exists() else None
