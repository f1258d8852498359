"""Live streams that lose nothing: a snapshot, then every change since its cursor, resumable at any point (3.4-17, A24).

What is true is in the journal; the bus only says that it is worth looking again. A slow reader therefore costs no
memory: it lags behind in the journal, and when it lags too far it is told to start over from a new snapshot.
Steps of a subscription that also follows a stream shared by all carry their place in it as `shared` (live_pair).
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from models.errors import ErrorCode, Refusal
from models.journal import Event
from resolvers.context import Context
from storage.database import Database
from storage.journal import Place, events_after, head

BATCH = 100
LONGEST_GAP = 1000
HEARTBEAT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Load the whole state now; changes after `seq` will follow."""

    seq: int
    shared: int | None = None


@dataclass(frozen=True, slots=True)
class Delta:
    """One event of the stream."""

    seq: int
    event: Event
    shared: int | None = None


@dataclass(frozen=True, slots=True)
class Resync:
    """The cursor cannot be continued; a snapshot follows at once."""

    seq: int
    reason: str
    shared: int | None = None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Nothing happened; the stream is alive."""

    seq: int
    at: datetime
    shared: int | None = None


Step = Snapshot | Delta | Resync | Heartbeat


def parse_cursor(after: str | None) -> int | None:
    """The sequence in a cursor of a live stream."""
    if after is None:
        return None
    if not (after.isascii() and after.isdigit() and len(after) < 19):
        raise Refusal(ErrorCode.BAD_CURSOR, "Неизвестный курсор. Подпишитесь без него.")
    return int(after)


async def follow(
    context: Context, stream: str, after: int | None, actions: tuple[str, ...]
) -> AsyncIterator[Step]:
    """Steps of one subscription; only events whose action starts with one of `actions` become deltas."""
    async with context.ports.bus.subscribe(stream) as wake_up:
        newest = await _head(context, stream)
        seq = newest if after is None else after
        if after is not None and not 0 <= newest - after <= LONGEST_GAP:
            seq = newest
            yield Resync(seq, "UNKNOWN_CURSOR" if after > newest else "GAP_TOO_LARGE")
            after = None
        if after is None:
            yield Snapshot(seq)
        while True:
            (events,) = await events_since(context, (stream, seq))
            for event in events:
                seq = event.seq
                if event.action.startswith(actions):
                    yield Delta(seq, event)
            if len(events) == BATCH:
                newest = await _head(context, stream)
                if newest - seq > LONGEST_GAP:
                    seq = newest
                    yield Resync(seq, "GAP_TOO_LARGE")
                    yield Snapshot(seq)
            elif await wake_up.wait(HEARTBEAT_SECONDS) is None:
                yield Heartbeat(seq, context.clock.now())


async def events_since(context: Context, *places: Place) -> list[list[Event]]:
    """What follows each place of the journal; all who ask at once are answered by one statement."""

    gathering = context.ports.gatherings.of(events_since, partial(_read, context.ports.database.in_turn()))
    answers: list[list[Event]] = await gathering.ask(places)
    return answers


async def _read(database: Database, places: list[Place]) -> Mapping[Place, list[Event]]:
    async with database.reading() as session:
        return await events_after(session, places, BATCH)


async def _head(context: Context, stream: str) -> int:
    async with context.ports.database.in_turn().reading() as session:
        return await head(session, stream)
