"""How the log is written: to the error output, with what looks like personal data taken out of every line (P14).

Nothing of ours logs values. This is the second net, for words of an exception that quotes what it stumbled over.
"""

import logging
import re
import sys
from inspect import iscoroutine

logger = logging.getLogger(__name__)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Numbers as people write them: SNILS, INN, phone, passport, a code; not a part of a hash, an id or a fraction.
_NUMBER = re.compile(r"(?<![\w.:-])\+?\d(?:[ ()-]?\d){5,14}(?![\w:.-])")


class Discreet(logging.Formatter):
    """Plain lines without addresses and long numbers."""

    def format(self, record: logging.LogRecord) -> str:
        return _NUMBER.sub("<number>", _EMAIL.sub("<address>", super().format(record)))


def write_log() -> None:
    """Our own lines go to the error output, and of libraries only what is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("nmo").setLevel(logging.INFO)
    logging.captureWarnings(True)
    sys.unraisablehook = _note_left


def _note_left(left: "sys.UnraisableHookArgs") -> None:
    """What fails while something is thrown away is told in the same way.

    A field of an operation that was broken off before it began is no failure: Python would warn of it, and says so here
    where it happens to throw it away in code that may import nothing.
    """
    if not iscoroutine(left.object) and left.exc_value is not None:
        logger.error("a failure while %r was thrown away", type(left.object), exc_info=left.exc_value)
