"""The page of today's sources: processes of one run build it in turn, the first of them for all."""

import fcntl
from pathlib import Path

from hatch_build import build_page

ROOT = Path(__file__).resolve().parent.parent


def page_is_built() -> None:
    """Returns when web/static is that of web/ui."""
    with (ROOT / "web/ui/package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        build_page(ROOT)
