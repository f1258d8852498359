"""What the notes of killed processes are held against: the journal as it is in the table."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from sqlalchemy import select
from sqlmodel import col

from models.journal import GENESIS, Event, Stream, follows
from storage.database import Database
from tests.chaos.actors import STREAMS
from tests.chaos.notes import Notes

Keys = Mapping[str, Mapping[int, str]]


@dataclass
class Journal:
    """The streams in the table: the key of every sequence, and what is wrong with the chain."""

    keys: dict[str, dict[int, str]] = field(default_factory=dict[str, dict[int, str]])
    broken: list[str] = field(default_factory=list[str])

    @property
    def committed(self) -> int:
        return sum(map(len, self.keys.values()))

    def heads(self) -> dict[str, int]:
        return {stream: max(keys, default=0) for stream, keys in self.keys.items()}


async def recorded(database: Database) -> Journal:
    """Reads every stream whole; a chain that holds from its beginning to its head has no gap either."""
    journal = Journal()
    async with database.reading() as session:
        for stream in STREAMS:
            query = select(Event).where(col(Event.stream) == stream).order_by(col(Event.seq))
            events = list(await session.scalars(query))
            journal.keys[stream] = {event.seq: event.data["key"] for event in events}
            head = await session.get_one(Stream, stream)
            last = (events[-1].seq, events[-1].hash) if events else (0, GENESIS)
            if not follows(events, 0, GENESIS) or last != (head.last_seq, head.last_hash):
                journal.broken.append(stream)
    return journal


@dataclass
class Sightings:
    """What one reader saw in all its lives."""

    seen: dict[str, dict[int, str]] = field(default_factory=dict[str, dict[int, str]])
    lines: int = 0
    repeated: int = 0
    contradictions: list[str] = field(default_factory=list[str])
    leaps: list[str] = field(default_factory=list[str])
    resyncs: int = 0

    @property
    def total(self) -> int:
        return sum(map(len, self.seen.values()))

    def heads(self) -> dict[str, int]:
        return {stream: max(self.seen.get(stream, {}), default=0) for stream in STREAMS}


def sighted(notes: Notes) -> Sightings:
    """The notes of a reader, its repetitions dropped by sequence; a leap is an event missed within one life."""
    found = Sightings()
    lines = list(notes.lines())
    found.resyncs = sum(words[0] == "resync" for words in lines)
    sights = [
        (stream, int(seq), key, life) for kind, stream, seq, key, life in _five(lines) if kind == "seen"
    ]
    for stream, seq, key, _ in sights:
        known = found.seen.setdefault(stream, {})
        found.repeated += seq in known
        if known.setdefault(seq, key) != key:
            found.contradictions.append(f"{stream} {seq} is {known[seq]} and {key}")
    found.leaps = list(_leaps(sights))
    return found


def _five(lines: Sequence[list[str]]) -> list[list[str]]:
    return [words for words in lines if len(words) == 5]


def _leaps(sights: Sequence[tuple[str, int, str, str]]) -> list[str]:
    ordered = sorted(enumerate(sights), key=lambda one: (one[1][0], one[1][3], one[0]))
    return [
        f"{life} in {stream}: {before} then {after}"
        for (stream, life), group in groupby((one for _, one in ordered), key=lambda one: (one[0], one[3]))
        for before, after in pairwise(seq for _, seq, _, _ in group)
        if after != before + 1
    ]


def acknowledged(writers: Sequence[Notes]) -> dict[str, set[str]]:
    """The keys that writers took for committed, by stream."""
    keys: dict[str, set[str]] = {stream: set() for stream in STREAMS}
    for notes in writers:
        for stream, key in notes.lines():
            keys[stream].add(key)
    return keys


def lost(acked: Mapping[str, set[str]], seen: Keys) -> list[str]:
    """Acknowledged and never seen."""
    return [
        f"{stream} {key}"
        for stream, keys in acked.items()
        for key in keys - set(seen.get(stream, {}).values())
    ]


def doubled(seen: Keys) -> list[str]:
    """Seen under more than one sequence."""
    return [
        f"{stream} {key}"
        for stream, keys in seen.items()
        for key, times in Counter(keys.values()).items()
        if times > 1
    ]


def invented(seen: Keys, journal: Journal) -> list[str]:
    """Seen, but not in the table under that sequence."""
    return [
        f"{stream} {seq} {key}"
        for stream, keys in seen.items()
        for seq, key in keys.items()
        if journal.keys[stream].get(seq) != key
    ]
