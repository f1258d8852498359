"""Processor time of processes, read from /proc; it varies less than requests a second on a shared machine."""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
UTIME, STIME, PPID = 11, 12, 1  # places after the name in /proc/PID/stat


def seconds(pid: int) -> float:
    """What one process has used so far."""
    fields = _fields(Path(f"/proc/{pid}/stat"))
    return (int(fields[UTIME]) + int(fields[STIME])) / TICK


def family_seconds(pid: int) -> float:
    """A process and its children, such as PostgreSQL with its backends."""
    children = [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/stat")
        if (fields := _fields(path)) and int(fields[PPID]) == pid
    ]
    return sum(seconds(each) for each in (pid, *children))


def _fields(path: Path) -> list[str]:
    try:
        return path.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
