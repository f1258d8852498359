"""`nmo serve` with everything it needs inside one data folder, and the processes that live in such a folder."""

import asyncio
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.product import Product, start
from web.embedded import embedded
from web.running import prepare
from web.settings import Settings


def ignore(line: str) -> None:
    """What the servers say of themselves."""


def demo_folder(folder: Path) -> Path:
    """A data folder as the first start of a newcomer leaves it."""
    with embedded(Settings(data=folder), ignore, bus=False) as ready:
        asyncio.run(prepare(ready, ignore))
    return folder


def living(folder: Path, name: str = "") -> set[int]:
    """The processes that work in the folder or below it; only those of one program when it is named."""
    found: set[int] = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            inside = (process / "cwd").readlink().is_relative_to(folder)
            if inside and name in (process / "cmdline").read_bytes().decode():
                found.add(int(process.name))
    return found


def happens(condition: Callable[[], object], seconds: float) -> bool:
    """Whether it comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@contextmanager
def serving_folder(folder: Path, log: Path, **options: object) -> Generator[Product]:
    """A running server of the folder; its settings name where the embedded servers answer."""
    product = start(Settings(data=folder, drain_seconds=0).model_copy(update=options), log)
    try:
        with embedded(product.settings, ignore, bus=False) as ready:
            product.settings = ready
        yield product
    finally:
        if product.process.poll() is None:
            product.kill()
