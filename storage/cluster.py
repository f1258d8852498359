"""The files of a PostgreSQL cluster: made once, checked before every start."""

import re
import shutil
import subprocess
from pathlib import Path

from storage.folders import OwnedFolder, StartError
from storage.identity import give
from storage.processes import Identity, Program, run_to_end

OLDEST, BUILTIN_LOCALE, ITERATIONS = 15, 17, 16
INITDB_LIMIT = 60.0
PASSWORD = "password"  # noqa: S105 - the name of a file


def major_version(postgres: Path) -> int:
    answer = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if found is None or int(found[1]) < OLDEST:
        raise StartError(f"{postgres} не подходит: нужен PostgreSQL {OLDEST} или новее.")
    return int(found[1])


def initialise(owned: OwnedFolder, postgres: Path, identity: Identity, user: str, *, sync: bool) -> None:
    """Makes `data` in the folder, whole or not at all: what a killed initdb leaves is thrown away."""
    fresh, password = owned.path / "data.new", owned.path / PASSWORD
    shutil.rmtree(fresh, ignore_errors=True)
    owned.secret(PASSWORD)
    give(password, identity)
    options = [f"--pgdata={fresh}", f"--username={user}", f"--pwfile={password}", "--encoding=UTF8"]
    options += ["--auth=scram-sha-256", "--no-instructions", *_by_version(major_version(postgres))]
    if not sync:
        options.append("--no-sync")
    command = [str(postgres.with_name("initdb")), *options]
    run_to_end(Program("initdb", command, owned.path, identity, inherited=(owned.lock,)), INITDB_LIMIT)
    fresh.rename(owned.path / "data")


def check_version(data: Path, postgres: Path) -> None:
    made_by, runs = int((data / "PG_VERSION").read_text("ascii")), major_version(postgres)
    if made_by != runs:
        raise StartError(
            f"Папка {data} создана PostgreSQL {made_by}, а запускается {runs}: "
            f"укажите программы версии {made_by} в NMO_POSTGRES_BIN."
        )


def forget_dead_server(data: Path) -> None:
    """Removes the pid file of a killed server: its number may belong to a stranger by now.

    The caller owns the folder, so no server of ours lives in it; one started by hand is left alone.
    """
    file = data / "postmaster.pid"
    if not file.exists():
        return
    number = file.read_text("utf-8").split("\n", 1)[0]
    program = Path("/proc", number, "comm")
    if program.parent.parent.exists() and not (
        program.exists() and program.read_text().startswith("postgres")
    ):
        file.unlink()


def is_ready(data: Path, pid: int) -> bool:
    """The server itself writes into its pid file when it takes connections."""
    try:
        lines = (data / "postmaster.pid").read_text("utf-8").splitlines()
    except OSError:
        return False
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _by_version(version: int) -> list[str]:
    """pg_trgm splits words by LC_CTYPE whatever the provider is: under C it drops Cyrillic.

    Stretching a random password only slows connections down, so one iteration is enough.
    """
    stretching = ["--set=scram_iterations=1"] if version >= ITERATIONS else []
    if version < BUILTIN_LOCALE:
        return ["--locale=C.UTF-8", *stretching]
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--lc-ctype=C.UTF-8"]
    return builtin + stretching
