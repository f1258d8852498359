"""The two kinds of processes that are killed: both work through the product's own ports, as its servers do."""

import asyncio
from itertools import count
from pathlib import Path
from random import Random

from models.journal import Fact
from resolvers.context import Context, Ports
from resolvers.live import Delta, Resync, follow
from storage.database import Author
from tests.chaos.notes import Notes, note
from web.settings import Settings
from web.wiring import open_ports

STREAMS = tuple(f"chaos:{number}" for number in range(4))
ACTION = "chaos:event:written"
CURSOR_EVERY = 7
LONGEST_PAUSE = 0.04
LONGEST_LIFE = 300


class Abandoned(Exception):
    """A transaction given up on purpose: it may leave neither an event nor a gap."""


def write(settings: Settings, file: Path, name: str, stop: Path) -> None:
    """Commit facts to shared streams, and note each as acknowledged only after its commit."""
    asyncio.run(_write(settings, Notes(file), name, stop))


async def _write(settings: Settings, notes: Notes, name: str, stop: Path) -> None:
    random, numbers, noted = Random(name), count(), notes.open()
    async with asyncio.timeout(LONGEST_LIFE), open_ports(settings) as ports:
        while not _over(stop):
            keys = {stream: f"{name}/{next(numbers)}" for stream in _chosen(random)}
            try:
                await _commit(ports, name, keys, abandon=random.random() < 0.05)
            except Abandoned:
                continue
            for stream, key in keys.items():
                note(noted, stream, key)
            await asyncio.sleep(random.uniform(0, LONGEST_PAUSE))


def _over(stop: Path) -> bool:
    return stop.exists()


def _chosen(random: Random) -> list[str]:
    return random.sample(STREAMS, random.choice((1, 1, 2, 3)))


async def _commit(ports: Ports, name: str, keys: dict[str, str], *, abandon: bool) -> None:
    async with ports.database.transaction(Author(name, "")) as work:
        for stream, key in keys.items():
            work.record(Fact(stream, ACTION, None, {"key": key}))
        if abandon:
            raise Abandoned


def read(settings: Settings, file: Path, name: str) -> None:
    """Follow every stream as a subscription does, from the cursor the life before has noted."""
    asyncio.run(_read(settings, Notes(file), name))


async def _read(settings: Settings, notes: Notes, name: str) -> None:
    cursors = {words[1]: int(words[2]) for words in notes.lines() if words[0] == "cursor"}
    noted = notes.open()
    async with asyncio.timeout(LONGEST_LIFE), open_ports(settings) as ports, asyncio.TaskGroup() as group:
        for stream in STREAMS:
            group.create_task(_follow(Context(ports), stream, cursors.get(stream, 0), noted, name))


async def _follow(context: Context, stream: str, after: int, noted: int, name: str) -> None:
    """The cursor is noted now and then, as a client would: after a kill some events come a second time."""
    async for step in follow(context, stream, after, (ACTION,)):
        match step:
            case Delta(seq, event):
                note(noted, "seen", stream, seq, event.data["key"], name)
                if seq % CURSOR_EVERY == 0:
                    note(noted, "cursor", stream, seq)
            case Resync(seq, reason):
                note(noted, "resync", stream, seq, reason)
            case _:
                pass
