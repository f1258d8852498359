"""Become another program that dies with its parent and, when asked, is not root.

Run as a script by `storage.processes`: `become.py PARENT SIGNAL KIND UID GID FOLDER COMMAND...`. A fresh
interpreter may do between fork and exec what a threaded server may not. It imports nothing of ours.
"""

import ctypes
import os
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1


def become(parent: int, death_signal: int, kind: str, uid: int, gid: int, folder: str, *command: str) -> None:
    if kind == "namespace":
        enter_namespace(uid, gid)
    elif kind == "user":
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.chdir(folder)
    if sys.platform == "linux":
        # Last, because a change of credentials clears it; then see whether the parent died before.
        checked(ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death_signal))
        if os.getppid() != parent:
            sys.exit("the parent is gone")
    os.execv(command[0], command)  # noqa: S606 - the command comes from the parent, there is no shell


def enter_namespace(uid: int, gid: int) -> None:
    """A user namespace where we are `uid`: files stay ours, but the program does not see root."""
    outer_uid, outer_gid = os.getuid(), os.getgid()
    checked(ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {outer_uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {outer_gid} 1")


def checked(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


if __name__ == "__main__":
    parent, death_signal, kind, uid, gid, *rest = sys.argv[1:]
    try:
        become(int(parent), int(death_signal), kind, int(uid), int(gid), *rest)
    except OSError as error:
        sys.exit(f"cannot become {rest[1]}: {error}")
