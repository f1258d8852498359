"""A live stream over two streams of the journal: a person's own, and one that is shared by all (3.1-21, A24).

Its cursor has two parts, one for each, so that after a cut nothing of either is lost.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from models.errors import ErrorCode, Refusal
from resolvers.context import Context
from resolvers.live import (
    BATCH,
    HEARTBEAT_SECONDS,
    LONGEST_GAP,
    Delta,
    Heartbeat,
    Resync,
    Snapshot,
    Step,
    events_since,
)
from storage.journal import head
from storage.wakeups import Subscription

Places = tuple[int, int]
_CURSOR = re.compile(r"[0-9]{1,18}\.[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Feed:
    """A stream, and with what the actions of its events must begin to be of interest."""

    stream: str
    actions: tuple[str, ...]


def parse_places(after: str | None) -> Places | None:
    """The two sequences in a cursor."""
    if after is None:
        return None
    if _CURSOR.fullmatch(after) is None:
        raise Refusal(ErrorCode.BAD_CURSOR, "Неизвестный курсор. Подпишитесь без него.")
    own, _, shared = after.partition(".")
    return int(own), int(shared)


async def follow_two(context: Context, own: Feed, shared: Feed, after: Places | None) -> AsyncIterator[Step]:
    """As `follow`, over both at once; the order within each stream is kept.

    Of several events of the shared stream on one thing, read at once, only the last becomes a delta: it shows the
    thing as it stands, so that a slow reader of a busy stream catches up.
    """
    bus = context.ports.bus
    async with bus.subscribe(own.stream) as first, bus.subscribe(shared.stream) as second:
        at = await _heads(context, own, shared)
        if after is not None and (reason := _broken(after, at)):
            yield Resync(at[0], reason, shared=at[1])
            after = None
        if after is None:
            yield Snapshot(at[0], shared=at[1])
        at = after or at
        while True:
            full = False
            read = await events_since(context, (own.stream, at[0]), (shared.stream, at[1]))
            for place, (feed, events) in enumerate(zip((own, shared), read, strict=True)):
                newest_of = {event.subject: event.seq for event in events}
                for event in events:
                    at = (event.seq, at[1]) if place == 0 else (at[0], event.seq)
                    if place == 1 and newest_of[event.subject] != event.seq:
                        continue
                    if event.action.startswith(feed.actions):
                        yield Delta(at[0], event, shared=at[1])
                full = full or len(events) == BATCH
            if full:
                newest = await _heads(context, own, shared)
                if _broken(at, newest):
                    at = newest
                    yield Resync(at[0], "GAP_TOO_LARGE", shared=at[1])
                    yield Snapshot(at[0], shared=at[1])
            elif not await _woken(first, second):
                yield Heartbeat(at[0], context.clock.now(), shared=at[1])


def _broken(after: Places, newest: Places) -> str | None:
    """Why one cannot go on from `after`."""
    gaps = [last - place for last, place in zip(newest, after, strict=True)]
    if min(gaps) < 0:
        return "UNKNOWN_CURSOR"
    return "GAP_TOO_LARGE" if max(gaps) > LONGEST_GAP else None


async def _heads(context: Context, own: Feed, shared: Feed) -> Places:
    async with context.ports.database.in_turn().reading() as session:
        return await head(session, own.stream), await head(session, shared.stream)


async def _woken(*slots: Subscription) -> bool:
    """Whether either was woken; a wake-up that is let slip costs nothing, since both streams are read after it."""
    waits = [asyncio.create_task(slot.wait(HEARTBEAT_SECONDS)) for slot in slots]
    try:
        done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
    return any(wait.result() is not None for wait in done)
