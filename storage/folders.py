"""A folder that one running server owns: made, checked, locked, with values that survive a restart."""

import errno
import fcntl
import os
import secrets
import shutil
import socket
import time
from collections.abc import Sequence, Set
from pathlib import Path

PRIVATE = 0o600
LOW_SPACE = 200 * 1024 * 1024
ORPHANS_LEAVE = 10.0


class StartError(Exception):
    """A part cannot start; the message is one line that says what to do."""


class FolderBusy(StartError):
    """Another running server owns the folder."""


# In the words of whoever reads the line; the system would say it in English.
REASONS = {
    errno.EACCES: "нет прав",
    errno.EADDRINUSE: "уже занят",
    errno.EEXIST: "на этом месте файл",
    errno.EISDIR: "это папка",
    errno.ENAMETOOLONG: "слишком длинное имя",
    errno.ENOENT: "такого пути нет",
    errno.ENOSPC: "на диске нет места",
    errno.ENOTDIR: "на пути стоит файл",
    errno.EPERM: "нет прав",
    errno.EROFS: "только для чтения",
    socket.EAI_NONAME: "имя не найдено",
}


def reason(error: OSError) -> str:
    """Why the system has refused."""
    return REASONS.get(error.errno or 0) or error.strerror or str(error)


def no_access(path: Path, error: OSError, advice: str = "укажите другую в --data") -> StartError:
    """What is said of a folder that cannot be used."""
    return StartError(f"Нет доступа к папке {path} ({reason(error)}): {advice}.")


def make_folder(path: Path) -> None:
    """A private folder, there already or not."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise no_access(path, error) from error


class OwnedFolder:
    """Holds the folder until `release`.

    The lock is inherited by the servers started in the folder (`lock`), so an owner killed in the middle
    leaves the folder owned until its last child is gone: nobody starts a second database on living files.
    """

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self.lock = lock

    @classmethod
    def take(cls, path: Path, *, space: int = LOW_SPACE) -> "OwnedFolder":
        make_folder(path)
        try:
            lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT, PRIVATE)
        except OSError as error:
            raise no_access(path, error) from error
        try:
            _refuse_when_full(path, space)
            _lock(path, lock)
        except BaseException:
            os.close(lock)
            raise
        return cls(path, lock)

    def release(self) -> None:
        os.truncate(self.lock, 0)
        os.close(self.lock)

    def secret(self, name: str) -> str:
        """A password made once and kept in the folder, readable by the owner only."""
        file = self.path / name
        if not file.exists():
            write_private(file, secrets.token_urlsafe(24))
        return file.read_text("ascii")

    def port(self, name: str) -> int:
        """A free port of 127.0.0.1, the same as last time when it is still free."""
        return self.ports([name])[name]

    def ports(self, names: Sequence[str]) -> dict[str, int]:
        """Several such ports at once, no two the same: a port is free until somebody listens on it."""
        chosen: dict[str, int] = {}
        for name in names:
            file = self.path / name
            known = int(file.read_text("ascii")) if file.exists() else 0
            taken = {0, *chosen.values()}
            port = known if known not in taken and is_free(known) else _free_port(taken)
            if port != known:
                write_private(file, str(port))
            chosen[name] = port
        return chosen


def is_owned(path: Path) -> bool:
    """Whether some running server owns the folder; what a killed one has left is about to go."""
    try:
        lock = os.open(path / "lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _is_alive(_owner(lock))
    finally:
        os.close(lock)
    return False


def write_private(file: Path, text: str) -> None:
    """All or nothing: a crash leaves the old content or the new one."""
    fresh = file.with_name(file.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    with open(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)


def _refuse_when_full(path: Path, space: int) -> None:
    free = shutil.disk_usage(path).free
    if free < space:
        need, have = space >> 20, free >> 20
        raise StartError(f"Мало места на диске для {path}: свободно {have} МБ, нужно {need} МБ.")


def _lock(path: Path, lock: int) -> None:
    """Refuses at once while the owner lives; waits a little for the children of an owner that was killed."""
    deadline = time.monotonic() + ORPHANS_LEAVE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = _owner(lock)
            if _is_alive(owner) or time.monotonic() > deadline:
                raise FolderBusy(
                    f"Папку {path} уже обслуживает другой сервер (процесс {owner}): "
                    "укажите другую в --data, а если мало одного процесса, перезапустите его с --workers."
                ) from None
            time.sleep(0.05)
        else:
            os.truncate(lock, 0)
            os.pwrite(lock, str(os.getpid()).encode(), 0)
            return


def _owner(lock: int) -> int:
    return int(os.pread(lock, 20, 0) or b"0")


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return pid > 0


def is_free(port: int) -> bool:
    """Whether nobody uses the port on any address of the machine: SeaweedFS looks at all of them."""
    try:
        _listener(port).close()
    except OSError:
        return False
    return True


def _free_port(taken: Set[int]) -> int:
    while (port := named_by_the_kernel()) in taken:
        continue
    return port


def named_by_the_kernel() -> int:
    """A port that nobody uses at this moment."""
    with _listener(0) as probe:
        port: int = probe.getsockname()[1]
        return port


def _listener(port: int) -> socket.socket:
    if socket.has_dualstack_ipv6():
        return socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)
    return socket.create_server(("", port))
