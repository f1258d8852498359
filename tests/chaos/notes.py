"""What a process that may be killed at any moment has noted: whole lines in a file of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

END = "."


class Notes:
    """Lines of words without spaces; one torn by a kill has no end mark and counts as never written."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def open(self) -> int:
        """A descriptor to append with; what the life before left half written is closed off."""
        descriptor = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(descriptor, b"\n")
        return descriptor

    def lines(self) -> Iterator[list[str]]:
        """Every whole line so far, in the order of writing."""
        for line in self.file.read_text("ascii").splitlines() if self.file.exists() else ():
            *words, last = line.split(" ")
            if last == END:
                yield words

    def size(self) -> int:
        return self.file.stat().st_size if self.file.exists() else 0


def note(descriptor: int, *words: object) -> None:
    """One line, in one call: a kill of the process cannot take back what the kernel has got."""
    os.write(descriptor, f"{' '.join(map(str, words))} {END}\n".encode("ascii"))
