"""Where the databases of a run lie: each copy is hundreds of files, which takes ten times longer on a disk."""

import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import disk_usage, rmtree
from tempfile import TemporaryDirectory

from storage.folders import is_owned

MEMORY, NEEDED = Path("/dev/shm"), 2 << 30
PREFIX, OLD_SECONDS = "nmo-tests-", 3600.0


@contextmanager
def quick_folder() -> Generator[Path]:
    """A folder in memory where there is room, otherwise among the temporary ones."""
    roomy = MEMORY.exists() and disk_usage(MEMORY).free > NEEDED
    if roomy:
        _forget_killed()
    with TemporaryDirectory(prefix=PREFIX, dir=MEMORY if roomy else None) as folder:
        yield Path(folder)


def _forget_killed() -> None:
    """Runs that were killed leave their folders, and memory is dear."""
    for folder in MEMORY.glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError):
            if not is_owned(folder) and time.time() - folder.stat().st_mtime > OLD_SECONDS:
                rmtree(folder, ignore_errors=True)
