"""The first lines of `nmo`: what is read here takes no time, so that a signal has nobody to meet before them.

Reading the rest takes a third of a second. Nothing is begun by then that would have to be ended in order.
"""

import os
import signal
from types import FrameType

from web.loading import load


def main() -> None:
    """The console script `nmo`, and `python -m web`."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    load("web.cli").main()


def _leave(number: int, frame: FrameType | None) -> None:
    """At once: an exception would get lost where an import cannot pass it on."""
    os._exit(os.EX_OK)


if __name__ == "__main__":
    main()
