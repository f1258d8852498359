"""The embedded PostgreSQL on real processes: starts, deaths, recoveries, odd folders."""

import os
import shutil
import signal
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from storage.folders import FolderBusy, StartError
from storage.postgres import EmbeddedPostgres
from tests.postgres_processes import (
    QUICK,
    answers,
    keep_a_row,
    owner_process,
    rows,
    runs,
    started,
    wait_until,
)

OLDER = Path("/usr/lib/postgresql/15/bin")


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
        wait_until(lambda: server.restarts > 0 and server.pid != killed and answers(url))
        assert rows(url) == 1
    finally:
        server.stop()


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


def test_a_short_path_with_a_space_keeps_the_socket_and_no_port(cluster: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(cluster, tmp_path / "a b"))
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
