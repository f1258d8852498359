"""Writing and reading the journal (3.3-27, 3.4-17): gapless sequences, hash chain, resume by sequence."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.journal import GENESIS, Event, Fact, Stream, digest
from storage.rows import insertion, put

# One statement locks every stream in the order of its name, so two transactions never wait for each other in a ring.
_LOCK = text("""
    INSERT INTO stream (name, last_seq, last_hash)
    SELECT name, count, :genesis FROM unnest(CAST(:names AS text[]), CAST(:counts AS int[])) AS want (name, count)
    ORDER BY name
    ON CONFLICT (name) DO UPDATE SET last_seq = stream.last_seq + excluded.last_seq
    RETURNING name, last_seq, last_hash
""")
_SEAL = text("""
    UPDATE stream SET last_hash = head.hash
    FROM unnest(CAST(:names AS text[]), CAST(:hashes AS bytea[])) AS head (name, hash)
    WHERE stream.name = head.name
""")
_WRITE = insertion(Event)


async def append(
    session: AsyncSession, facts: list[Fact], actor: str, origin: str, now: datetime
) -> dict[str, int]:
    """Append facts to their streams in three statements, however many streams; returns the head of each."""
    if not facts:
        return {}
    by_stream: dict[str, list[Fact]] = {}
    for fact in facts:
        by_stream.setdefault(fact.stream, []).append(fact)
    names = sorted(by_stream)
    counts = [len(by_stream[name]) for name in names]
    locked = await session.execute(_LOCK, {"names": names, "counts": counts, "genesis": GENESIS})
    heads: dict[str, int] = {}
    hashes: dict[str, bytes] = {}
    events: list[Event] = []
    for name, last, prev in locked:
        first = last - len(by_stream[name]) + 1
        for seq, fact in enumerate(by_stream[name], start=first):
            event = Event(
                stream=name,
                seq=seq,
                at=now,
                action=fact.action,
                actor=fact.by or actor,
                subject=fact.subject,
                origin="" if fact.by else origin,
                data=dict(fact.data),
                prev_hash=prev,
                hash=b"",
            )
            prev = event.hash = digest(event)
            events.append(event)
        heads[name], hashes[name] = last, prev
    await put(session, _WRITE, map(vars, events))
    await session.execute(_SEAL, {"names": list(hashes), "hashes": list(hashes.values())})
    return heads


async def head(session: AsyncSession, stream: str) -> int:
    """The sequence of the newest event of a stream; 0 for a stream without events."""
    found = await session.scalar(select(col(Stream.last_seq)).where(col(Stream.name) == stream))
    return found or 0


_AFTER = text("""
    SELECT want.name, want.after, event.*
    FROM unnest(CAST(:names AS text[]), CAST(:seqs AS bigint[])) AS want (name, after)
    CROSS JOIN LATERAL (
        SELECT * FROM event WHERE stream = want.name AND seq > want.after ORDER BY seq LIMIT :most
    ) AS event
""")
Place = tuple[str, int]


async def events_after(
    session: AsyncSession, places: Collection[Place], limit: int
) -> dict[Place, list[Event]]:
    """At most `limit` events after each place (a stream and a sequence), oldest first, by one statement."""
    names, seqs = [name for name, _ in places], [seq for _, seq in places]
    found = await session.execute(_AFTER, {"names": names, "seqs": seqs, "most": limit})
    events: dict[Place, list[Event]] = {place: [] for place in places}
    for row in found.mappings():
        events[row["name"], row["after"]].append(Event(**{name: row[name] for name in Event.model_fields}))
    for each in events.values():
        each.sort(key=lambda event: event.seq)
    return events
