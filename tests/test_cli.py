"""The command line: what it prints where, and one clear line where it cannot start."""

import os
import socket
import subprocess
from argparse import Namespace
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from storage.folders import StartError, named_by_the_kernel
from tests.embedded_product import living
from tests.forked import Forked
from tests.product import NMO, environment
from web.commands import (
    block,
    check_config,
    close_again,
    free_inn,
    grant,
    migrate,
    rotate_keys,
    seed,
    token,
    unblock,
    withdraw,
)
from web.serving import serve
from web.settings import Environment, Settings

LOOKING = (
    token,
    rotate_keys,
    close_again,
    block,
    unblock,
    grant,
    withdraw,
    free_inn,
    check_config,
)
NOBODY = Namespace(
    account="demo-1",
    login="nobody@nmo.example",
    right="MANAGE_POLICIES",
    holder="nobody@nmo.example",
)
SDL = Path(__file__).parent.parent / "schema/schema.graphql"


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.nats_bus.CONNECT_LIMIT", 0.3)


def nmo(settings: Settings, *words: str, **extra: str) -> "subprocess.CompletedProcess[str]":
    """One command, to its end."""
    return subprocess.run(
        [*NMO, *words],
        env=environment(settings, extra),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def refused(done: "subprocess.CompletedProcess[str]", *words: str) -> None:
    """The start was refused with one line that names every one of the words."""
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if line]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("nmo: ")
    assert all(word in lines[0] for word in words), lines[0]


def test_a_token_is_alone_on_the_output(settings: Settings) -> None:
    done = nmo(settings, "token", "demo-1")
    assert (done.returncode, len(done.stdout.split()), done.stdout.count("\n")) == (0, 1, 1)
    assert (len(done.stdout.strip()), done.stderr) == (43, "")


def test_the_schema_is_alone_on_the_output(settings: Settings) -> None:
    done = nmo(settings, "schema")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == SDL.read_text("utf-8")


def test_a_reader_who_has_enough_is_no_fault(settings: Settings) -> None:
    with subprocess.Popen(
        [*NMO, "schema"], env=environment(settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert (process.stderr.read(), process.wait(60)) == (b"", 0)


def test_migrate_and_check_config_say_that_all_is_well(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    migrate(settings, Namespace())
    check_config(settings, Namespace())
    assert capsys.readouterr().out == "База готова.\nНастройки верны, все части отвечают.\n"


def test_a_command_beside_a_database_that_nobody_has_migrated_is_one_line(settings: Settings) -> None:
    empty = f"test_{uuid4().hex}"
    url = urlsplit(settings.database_url or "")
    with psycopg.connect(url._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {empty}".encode())
    unmade = settings.model_copy(update={"database_url": url._replace(path=f"/{empty}").geturl()})
    refused(nmo(unmade, "worker"), "База пуста", "nmo migrate")
    for command in LOOKING:
        with pytest.raises(StartError, match="База пуста: выполните nmo migrate"):
            command(unmade, NOBODY)


def test_a_command_in_a_folder_where_no_database_has_been_makes_none(tmp_path: Path) -> None:
    folder = tmp_path / "mistyped"
    for command in LOOKING:
        with pytest.raises(StartError, match=f"В папке {folder} базы нет: .*--data.* nmo migrate"):
            command(Settings(data=folder), NOBODY)
    assert not folder.exists()


def test_who_gives_back_or_takes_what_is_not_there_is_told_so(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    given = Namespace(login="+79161234503", right="MANAGE_POLICIES")
    for command in (unblock, block, unblock, withdraw, grant, grant, withdraw):
        command(settings, given)
    assert capsys.readouterr().out.splitlines() == [
        "Доступ и не был остановлен.",
        "Доступ остановлен, завершено сеансов: 0.",
        "Доступ возвращён.",
        "Этого права и не было.",
        "Право дано.",
        "Это право уже есть.",
        "Право снято.",
    ]


def test_demo_data_that_are_there_are_not_loaded_in_silence(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    seed(settings, Namespace(large=False))
    assert capsys.readouterr().out == "Демонстрационные данные уже есть.\n"


WRONG: list[tuple[dict[str, object], tuple[str, ...]]] = [
    ({"database_url": "postgresql://x:y@127.0.0.1:1/z"}, ("NMO_DATABASE_URL", "127.0.0.1")),
    ({"database_url": "mysql://x"}, ("NMO_DATABASE_URL", "postgresql://")),
    ({"database_url": "postgresql://x:y@h:port/z"}, ("NMO_DATABASE_URL",)),
    ({"s3_endpoint": "http://127.0.0.1:1"}, ("NMO_S3_", "127.0.0.1:1")),
    ({"nats_url": "nats://127.0.0.1:1"}, ("NMO_NATS_URL", "127.0.0.1:1")),
    ({"smtp_url": "smtps://nmo:nmo@127.0.0.1:1"}, ("NMO_SMTP_URL", "SMTPConnectError")),
    ({"outbox_dir": Path("/proc/nope")}, ("NMO_OUTBOX_DIR", "/proc/nope")),
    ({"vault_keys": {"k1": "zz"}}, ("NMO_VAULT_KEYS",)),
    ({"vault_keys": {"k1": "11"}}, ("«k1»", "64", "NMO_VAULT_KEYS")),
    ({"vault_current": "k9"}, ("«k9»", "NMO_VAULT_CURRENT")),
    ({"trusted_documents": Path("/proc/nope")}, ("NMO_TRUSTED_DOCUMENTS", "/proc/nope")),
    ({"vault_keys": {}, "data": Path("/proc/nope")}, ("NMO_VAULT_KEYS", "--data")),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG)
def test_a_wrong_setting_is_named_in_one_line(
    settings: Settings, wrong: dict[str, object], words: tuple[str, ...]
) -> None:
    with pytest.raises(StartError) as refusal:
        check_config(settings.model_copy(update=wrong), Namespace())
    line = str(refusal.value)
    assert "\n" not in line
    assert all(word in line for word in words), line


MEANT: list[tuple[dict[str, object], tuple[str, ...]]] = [
    WRONG[3],
    ({**WRONG[3][0], "env": Environment.PRODUCTION}, WRONG[3][1]),
    ({"s3_secret_key": "not ours"}, ("NMO_S3_",)),
    WRONG[4],
]


@pytest.mark.parametrize(("wrong", "words"), MEANT)
def test_a_server_that_opens_no_part_says_why_and_leaves_no_traceback(
    settings: Settings,
    wrong: dict[str, object],
    words: tuple[str, ...],
    caplog: pytest.LogCaptureFixture,
) -> None:
    meant = settings.model_copy(update={"port": named_by_the_kernel(), "demo": False, **wrong})
    with psycopg.connect(settings.database_url or "", autocommit=True) as connection:
        connection.execute("UPDATE account SET slug = NULL")
    with pytest.raises(StartError) as refusal:
        serve(meant, Namespace())
    line = str(refusal.value)
    assert "\n" not in line
    assert all(word in line for word in words), line
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("workers", [1, 2])
def test_a_port_of_the_metrics_in_use_is_named(settings: Settings, tmp_path: Path, workers: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        meant = {"port": named_by_the_kernel(), "workers": workers, "metrics_port": port - workers + 1}
        given = environment(settings.model_copy(update={**meant, "data": tmp_path / "data"}))
        process = Forked(["serve", "--no-demo"], given, tmp_path / "log")
        assert process.wait(60) == 1
    lines = (tmp_path / "log").read_text("utf-8").splitlines()
    assert lines[-1].startswith("nmo: ")
    assert f"Порт {port}" in lines[-1]
    assert "NMO_METRICS_PORT" in lines[-1]
    assert not [line for line in lines if "Traceback" in line or "Error" in line], lines


@pytest.mark.parametrize(("wrong", "words"), [WRONG[3], MEANT[2], WRONG[4]])
def test_several_workers_that_open_no_part_are_one_line_and_leave_nobody(
    settings: Settings, tmp_path: Path, wrong: dict[str, object], words: tuple[str, ...]
) -> None:
    meant = settings.model_copy(
        update={"port": named_by_the_kernel(), "workers": 2, "data": tmp_path / "data", **wrong}
    )
    process = Forked(["serve", "--no-demo"], environment(meant), tmp_path / "log")
    assert process.wait(60) == 1
    lines = (tmp_path / "log").read_text("utf-8").splitlines()
    [line] = [line for line in lines if line.startswith("nmo: ")]
    assert line == lines[-1]
    assert all(word in line for word in words), line
    assert not [each for each in lines if "Traceback" in each or "Готово" in each], lines
    assert not living(tmp_path / "data")


def test_a_database_of_a_newer_program_is_told_from_an_older_one(settings: Settings) -> None:
    with psycopg.connect(settings.database_url or "", autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'of_tomorrow'")
    meant = settings.model_copy(update={"port": named_by_the_kernel(), "demo": False})
    for command in (serve, check_config):
        with pytest.raises(StartError, match=r"База новее программы .*of_tomorrow"):
            command(meant, Namespace())


def test_production_names_everything_that_is_not_set(tmp_path: Path) -> None:
    bare = Settings(data=tmp_path)
    absent = ("NMO_PUBLIC_ORIGIN", "NMO_DATABASE_URL", "NMO_S3_ENDPOINT", "NMO_SMTP_URL", "NMO_VAULT_KEYS")
    refused(nmo(bare, "serve", NMO_ENV="production"), *absent)


def test_production_starts_on_no_database_with_accounts_whose_password_is_known(settings: Settings) -> None:
    meant = settings.model_copy(update={"port": named_by_the_kernel(), "env": Environment.PRODUCTION})
    with pytest.raises(StartError, match=r"демонстрационн.*NMO_DATABASE_URL.*--data"):
        serve(meant, Namespace())


def test_a_port_in_use_is_named_before_anything_starts(settings: Settings, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartError, match=rf"Порт {port} .*--port"):
            serve(Settings(data=tmp_path / "fresh", port=port), Namespace())
    assert not (tmp_path / "fresh").exists()


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_is_not_of_this_machine_is_named(tmp_path: Path, host: str) -> None:
    with pytest.raises(StartError, match=rf"У этой машины нет адреса {host} .*--host"):
        serve(Settings(data=tmp_path / "fresh", host=host, port=named_by_the_kernel()), Namespace())


def test_keys_of_the_folder_that_are_none_are_named(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "k1").write_bytes(b"\xff" * 32)
    meant = settings.model_copy(update={"vault_keys": {}, "data": tmp_path})
    with pytest.raises(StartError, match=r"NMO_VAULT_KEYS.*папки keys"):
        check_config(meant, Namespace())


def test_a_disk_without_room_is_named(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    mounted = 'mount -t tmpfs -o size=50m none "$0" && exec "$@"'
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", mounted, str(tmp_path), *NMO, "serve"],
        env=environment(Settings(data=tmp_path / "data", port=named_by_the_kernel())),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if "mount:" in done.stderr or "unshare:" in done.stderr:
        pytest.skip(f"this machine mounts nothing: {done.stderr.strip()}")
    refused(done, "Мало места на диске", "нужно 200 МБ")


def test_a_folder_of_another_user_is_named(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may become another user")
    theirs = tmp_path / "closed"
    theirs.mkdir(mode=0o700)
    done = subprocess.run(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *NMO, "migrate"],
        env=environment(Settings(data=theirs / "data")),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    refused(done, str(theirs), "--data")
