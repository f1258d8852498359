"""A folder that a server owns: refused in one clear line, with ports and passwords that outlive a restart."""

import errno
import os
import re
import socket
import subprocess
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.folders import (
    FolderBusy,
    OwnedFolder,
    StartError,
    is_owned,
    named_by_the_kernel,
    reason,
    write_private,
)
from web.commands import migrate, token
from web.serving import serve
from web.settings import Settings

ROOT = Path(__file__).parent.parent
TAKE = "from pathlib import Path; from storage.folders import OwnedFolder; OwnedFolder.take(Path({!r}))"
LEAVE_AN_ORPHAN = """
import subprocess, sys, time
from pathlib import Path
from storage.folders import OwnedFolder
owned = OwnedFolder.take(Path(sys.argv[1]))
subprocess.Popen(["cat"], pass_fds=(owned.lock,))
print("taken", flush=True)
time.sleep(60)
"""


@pytest.fixture
def owned(tmp_path: Path) -> Iterator[OwnedFolder]:
    folder = OwnedFolder.take(tmp_path / "new" / "folder")
    yield folder
    folder.release()


def test_a_new_folder_is_private_and_owned_until_released(tmp_path: Path) -> None:
    folder = OwnedFolder.take(tmp_path / "folder")
    assert (tmp_path / "folder").stat().st_mode & 0o077 == 0
    assert is_owned(tmp_path / "folder")
    with pytest.raises(FolderBusy, match=str(os.getpid())):
        OwnedFolder.take(tmp_path / "folder")
    folder.release()
    assert not is_owned(tmp_path / "folder")
    OwnedFolder.take(tmp_path / "folder").release()


def test_a_killed_owner_is_replaced_once_its_children_are_gone(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", LEAVE_AN_ORPHAN, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert owner.stdin is not None
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"taken\n"
    owner.kill()
    owner.wait()
    assert not is_owned(tmp_path)  # or the next server would be a guest of those who leave
    last_child_leaves = threading.Timer(0.3, owner.stdin.close)
    last_child_leaves.start()
    OwnedFolder.take(tmp_path).release()
    assert last_child_leaves.finished.is_set()
    owner.stdout.close()


def test_a_full_disk_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="Мало места на диске"):
        OwnedFolder.take(tmp_path, space=1 << 60)
    assert not is_owned(tmp_path)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can mount")
def test_a_read_only_place_is_one_clear_line(tmp_path: Path) -> None:
    place = tmp_path / "read-only"
    place.mkdir()
    mounted = f'mount -t tmpfs -o ro none {place} && exec {sys.executable} -c "$0"'
    script = TAKE.format(str(place / "data"))
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", mounted, script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"StartError: Нет доступа к папке {place / 'data'}" in done.stderr
    assert "укажите другую в --data" in done.stderr


def test_a_secret_is_made_once_and_private(owned: OwnedFolder) -> None:
    secret = owned.secret("password")
    assert len(secret) >= 32
    assert owned.secret("password") == secret
    assert owned.secret("other") != secret
    assert (owned.path / "password").stat().st_mode & 0o077 == 0


def test_a_port_is_kept_while_free_and_changed_when_taken(owned: OwnedFolder) -> None:
    port = owned.port("port")
    assert owned.port("port") == port
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", port))
        stranger.listen()
        moved = owned.port("port")
    assert moved != port
    assert owned.port("port") == moved


def test_a_port_used_on_another_address_is_not_free(owned: OwnedFolder) -> None:
    port = owned.port("port")
    with socket.create_server(("127.0.0.2", port)):
        moved = owned.port("port")
    assert moved != port


def test_several_ports_are_never_the_same(owned: OwnedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    named = iter([40_001, 40_001, 40_002])
    monkeypatch.setattr("storage.folders.named_by_the_kernel", lambda: next(named))
    assert owned.ports(["volume", "s3"]) == {"volume": 40_001, "s3": 40_002}
    (owned.path / "s3").write_text("40001", "ascii")
    named = iter([40_003])
    assert owned.ports(["volume", "s3"]) == {"volume": 40_001, "s3": 40_003}


def test_writing_replaces_a_file_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "value"
    write_private(file, "long old value")
    write_private(file, "new")
    assert file.read_text() == "new"
    assert [found.name for found in tmp_path.iterdir()] == ["value"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("file", "на этом месте файл|на пути стоит файл"),
        ("file/data", "на пути стоит файл"),
    ],
)
@pytest.mark.parametrize("command", [serve, migrate, token])
def test_a_folder_that_cannot_be_is_named_as_it_was_given_with_the_reason(
    tmp_path: Path, command: Callable[[Settings, Namespace], None], name: str, why: str
) -> None:
    (tmp_path / "file").touch()
    given = Settings(data=tmp_path / name, port=named_by_the_kernel())
    with pytest.raises(StartError, match=rf"^Нет доступа к папке {tmp_path / name} \(({why})\): .*--data\.$"):
        command(given, Namespace(account="demo-1"))


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC, errno.ENOENT, errno.EADDRINUSE])
def test_the_reason_of_a_refusal_is_russian(number: int) -> None:
    assert not re.search("[A-Za-z]", reason(OSError(number, os.strerror(number))))


def test_a_reason_without_russian_words_is_what_the_system_says() -> None:
    assert reason(OSError(errno.EMFILE, "Too many open files")) == "Too many open files"
