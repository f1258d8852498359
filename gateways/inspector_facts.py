"""What the child program measures of a file, and the limits under which it does so.

The child runs this module in a bare interpreter: only the standard library is imported here.
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

MEMORY_BYTES = 320 * 1024 * 1024
CPU_SECONDS = 3
WALL_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Picture:
    """How well a picture can be read, in shares of one; `sharpness` and `evenness` are empty if too little is written.

    `page` is empty for a file that is one picture; `cut` names the sides where writing leaves the picture.
    """

    page: int | None
    writing: float
    sharpness: float | None
    evenness: float | None
    cut: list[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Measures of one file; what could not be measured is empty."""

    broken: str = ""
    tail_bytes: int = 0
    is_archive: bool = False
    encrypted: bool = False
    pages: int = 0
    active: list[str] = field(default_factory=list[str])
    width: int = 0
    height: int = 0
    pictures: list[Picture] = field(default_factory=list[Picture])


def answer(measure: Callable[[bytes], Facts]) -> None:
    """The whole life of the child: limits first, then the bytes, then one line of JSON."""
    _limit()
    content = sys.stdin.buffer.read()
    try:
        facts = measure(content)
    except MemoryError:
        facts = Facts(broken="memory")
    except Exception as error:  # a parser may fail on hostile bytes in any way it likes
        facts = Facts(broken=type(error).__name__)
    sys.stdout.write(json.dumps(asdict(facts)))


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)  # people who wait for a page come first
    signal.alarm(WALL_SECONDS)  # a parent that was killed cannot end us
