"""What tests of the embedded PostgreSQL share: a process that owns a server, rows that must survive."""

import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

ROOT = Path(__file__).parent.parent
QUICK = {"fsync": "off"}  # what a process leaves in the page cache outlives it
START_AND_WAIT = """
import sys
from pathlib import Path
from storage.postgres import EmbeddedPostgres
binaries = Path(sys.argv[2]) if len(sys.argv) > 2 else None
server = EmbeddedPostgres(Path(sys.argv[1]), binaries, settings={"fsync": "off"})
print(server.start(), server.pid, flush=True)
sys.stdin.read()
server.stop()
"""


def rows(url: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT count(*) FROM kept").fetchone()
    return int(found[0]) if found else -1


def keep_a_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def runs(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]


def owner_process(
    folder: Path, *prefix: str, python: str = sys.executable, binaries: tuple[Path, ...] = ()
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*prefix, python, "-c", START_AND_WAIT, str(folder), *map(str, binaries)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": f"{ROOT}:{sysconfig.get_path('purelib')}"},
    )


def started(owner: subprocess.Popen[str]) -> tuple[str, int]:
    assert owner.stdout is not None
    assert owner.stderr is not None
    line = owner.stdout.readline()
    assert line, owner.stderr.read()
    url, pid = line.split()
    return url, int(pid)


def answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True
