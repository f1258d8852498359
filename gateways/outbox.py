"""The catcher of mail and SMS where no real sender is set: one JSON file a message, for people and suites.

Several processes share the folder. A file appears whole or not at all; its name sorts by time.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from itertools import count, islice
from pathlib import Path
from uuid import UUID

from models.clock import Clock

KEPT = 500
MESSAGES = f"{'[0-9]' * 8}T{'[0-9]' * 6}.{'[0-9]' * 6}-*.json"  # a folder may hold files of others


class Kind(StrEnum):
    MAIL = "mail"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Caught:
    """One message; `subject` and `html` are empty for an SMS."""

    id: UUID
    kind: Kind
    to: str
    subject: str
    text: str
    html: str
    at: datetime


class Outbox:
    """The last messages of a folder."""

    def __init__(self, folder: Path, clock: Clock, keep: int = KEPT) -> None:
        self._folder = folder
        self._clock = clock
        self._keep = keep
        self._order = count()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, kind: Kind, id: UUID, to: str, text: str, subject: str = "", html: str = "") -> None:  # noqa: A002
        """A repeated id changes nothing: a job that was tried twice sends once."""
        if any(self._folder.glob(f"*-{id}.json")):
            return
        caught = Caught(id, kind, to, subject, text, html, self._clock.now())
        name = f"{caught.at:%Y%m%dT%H%M%S.%f}-{os.getpid():07d}-{next(self._order):06d}-{id}.json"
        unfinished = self._folder / f".{name}"
        unfinished.write_text(_to_json(caught), "utf-8")
        unfinished.replace(self._folder / name)
        self._prune()

    def messages(self, limit: int = KEPT) -> list[Caught]:
        """Newest first."""
        found = (_read(file) for file in self._newest_first())
        return list(islice((caught for caught in found if caught), limit))

    def _newest_first(self) -> list[Path]:
        return sorted(self._folder.glob(MESSAGES), reverse=True)

    def _prune(self) -> None:
        for file in self._newest_first()[self._keep :]:
            file.unlink(missing_ok=True)


def _to_json(caught: Caught) -> str:
    record = asdict(caught) | {"id": str(caught.id), "at": caught.at.isoformat()}
    return json.dumps(record, ensure_ascii=False, indent=1)


def _read(file: Path) -> Caught | None:
    """None when another process has just pruned the file."""
    try:
        record = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return None
    known = {
        "id": UUID(record["id"]),
        "kind": Kind(record["kind"]),
        "at": datetime.fromisoformat(record["at"]),
    }
    return Caught(**record | known)
