"""The journal: one gapless, hash-chained stream of typed events per account (3.3-27, 3.3-28, 3.4-16).

It has four readers: the action log a person sees, live subscriptions, notifications and jobs.
An event names what happened and to what; it never holds personal data, so the chain can outlive the person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
from sqlmodel import Field

from models.base import Row, document

GENESIS = bytes(32)


class Stream(Row, table=True):
    """The head of a stream; its row lock is what makes the sequence gapless."""

    name: str = Field(primary_key=True)
    last_seq: int
    last_hash: bytes


class Event(Row, table=True):
    """One fact. `action` reads `capability:subject:verb`, e.g. `portfolio:document:saved`."""

    stream: str = Field(primary_key=True, foreign_key="stream.name")
    seq: int = Field(primary_key=True)
    at: datetime
    action: str
    actor: str
    subject: UUID | None
    origin: str
    data: dict[str, Any] = document()
    prev_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Fact:
    """What a use case says happened; the transaction turns it into an `Event` when it commits."""

    stream: str
    action: str
    subject: UUID | None = None
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])
    by: str | None = (
        None  # where it is not the author of the transaction, whose name and address are left out
    )


ACTIVITIES_STREAM = "activities"  # what changes in events, for everybody's open lists
RESTRICTIONS_STREAM = (
    "restrictions"  # what institutions forbid and allow again, for everybody's open education
)


def account_stream(account_id: UUID) -> str:
    """The stream of everything that concerns one person."""
    return f"account:{account_id}"


def organizer_stream(organizer_id: UUID) -> str:
    """The stream of what an organiser does that concerns no one person."""
    return f"organizer:{organizer_id}"


def digest(event: Event) -> bytes:
    """SHA-256 over the previous hash and every recorded word of the event."""
    body = (
        event.stream,
        event.seq,
        event.at.isoformat(),
        event.action,
        event.actor,
        str(event.subject),
        event.origin,
        event.data,
    )
    return sha256(event.prev_hash + orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).digest()


def follows(events: Iterable[Event], seq: int, prev_hash: bytes) -> bool:
    """True when the events go on from `seq` without a gap and none was altered, dropped or added."""
    for seq_before, event in enumerate(events, start=seq):
        if event.seq != seq_before + 1 or event.prev_hash != prev_hash or event.hash != digest(event):
            return False
        prev_hash = event.hash
    return True
