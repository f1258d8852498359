"""One worker of several: serves on the socket it inherits, tells its parent by a file when it answers."""

import signal
import socket
import sys
from pathlib import Path

from storage.folders import StartError
from web.loading import load
from web.log_lines import write_log
from web.settings import read_settings


def main(listener: int, ready: Path) -> None:
    """`listener` is the descriptor of a listening socket."""
    write_log()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    running = load("web.running")
    try:
        running.run_site(read_settings(), socket.socket(fileno=listener), ready.touch)
    except StartError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
