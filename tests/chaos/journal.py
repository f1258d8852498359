"""Kills writers and readers of the journal at random and counts what was lost or doubled: nothing may be.

python -m tests.chaos.journal --kills 30 --seed 1
"""

import argparse
import asyncio
import multiprocessing
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from storage.database import connect
from storage.migrate import migrate
from storage.nats import EmbeddedNats
from tests.chaos import actors, verdict
from tests.chaos.notes import Notes
from web.embedded import embedded
from web.settings import Settings
from web.wiring import open_ports

WRITERS, READERS = 4, 2
FIRST_WORK_SECONDS, LAST_WORK_SECONDS = 90.0, 0.5
# Readers look again by themselves after fifteen seconds: who is later than this was not woken.
CATCH_UP_SECONDS = 10.0
PROCESSES = multiprocessing.get_context("forkserver")


@dataclass
class Actor:
    """One place in the play; whoever fills it is killed and followed by another at once."""

    role: str
    notes: Notes
    make: Callable[[str], ForkServerProcess]
    lives: int = 0
    process: ForkServerProcess | None = None
    grown_from: int = 0

    def be_born(self) -> None:
        self.lives += 1
        self.grown_from = self.notes.size()
        self.process = self.make(f"{self.notes.file.stem}.{self.lives}")
        self.process.daemon = True
        self.process.start()

    def wait_working(self) -> None:
        """Until this life has noted something: a kill before it has begun would prove nothing."""
        wait_until(lambda: self.notes.size() > self.grown_from + 1, FIRST_WORK_SECONDS, f"{self.role} works")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process.close()
            self.process = None

    def finish(self) -> None:
        if self.process is not None:
            self.process.join(FIRST_WORK_SECONDS)
            self.kill()


@dataclass
class Report:
    """The figures of one run."""

    kills: Counter[str] = field(default_factory=Counter[str])
    acknowledged: int = 0
    committed: int = 0
    readers: list[verdict.Sightings] = field(default_factory=list[verdict.Sightings])
    faults: list[str] = field(default_factory=list[str])
    lost: int = 0
    doubled: int = 0
    broken: int = 0
    catch_up: float = 0.0
    seconds: float = 0.0

    def line(self) -> str:
        killed = ", ".join(f"{number} {role}" for role, number in sorted(self.kills.items()))
        seen = " and ".join(f"{each.total} (+{each.repeated} again)" for each in self.readers)
        return (
            f"killed: {killed}; acknowledged {self.acknowledged}, committed {self.committed}, seen {seen}; "
            f"lost {self.lost}, doubled {self.doubled}, broken chains {self.broken}, other faults "
            f"{len(self.faults) - self.lost - self.doubled - self.broken}; "
            f"last event seen after {self.catch_up:.1f} s; {self.seconds:.0f} s"
        )


def play(settings: Settings, nats: EmbeddedNats, folder: Path, kills: int, seed: int) -> Report:
    """Writers and readers at work, `kills` of them killed, the message server once; then the count."""
    began, random, report = time.monotonic(), Random(seed), Report()
    PROCESSES.set_forkserver_preload(["tests.chaos.actors"])
    stop = folder / "stop"
    writers = [writer(settings, folder, number, stop) for number in range(WRITERS)]
    readers = [reader(settings, folder, number) for number in range(READERS)]
    everybody = [*writers, *readers]
    try:
        for actor in everybody:
            actor.be_born()
        for number in range(kills):
            if number == kills // 2:
                os.kill(nats.pid, signal.SIGKILL)
                report.kills["message server"] += 1
            victim = random.choice(everybody)
            victim.wait_working()
            time.sleep(random.uniform(0, 0.4))
            victim.kill()
            victim.be_born()
            report.kills[victim.role] += 1
        for actor in everybody:
            actor.wait_working()
        time.sleep(LAST_WORK_SECONDS)
        stop.touch()
        for actor in writers:
            actor.finish()
        judge(settings, [actor.notes for actor in writers], [actor.notes for actor in readers], report)
    finally:
        for actor in everybody:
            actor.kill()
    report.seconds = time.monotonic() - began
    return report


def writer(settings: Settings, folder: Path, number: int, stop: Path) -> Actor:
    file = folder / f"writer-{number}"

    def make(name: str) -> ForkServerProcess:
        return PROCESSES.Process(target=actors.write, args=(settings, file, name, stop))

    return Actor("writers", Notes(file), make)


def reader(settings: Settings, folder: Path, number: int) -> Actor:
    file = folder / f"reader-{number}"

    def make(name: str) -> ForkServerProcess:
        return PROCESSES.Process(target=actors.read, args=(settings, file, name))

    return Actor("readers", Notes(file), make)


def judge(settings: Settings, writers: list[Notes], readers: list[Notes], report: Report) -> None:
    """Waits until the readers are at the end of the journal, and compares."""
    journal = asyncio.run(_recorded(settings))
    began = time.monotonic()
    for notes in readers:
        if not _reached(notes, journal.heads(), began + CATCH_UP_SECONDS):
            report.faults.append(f"{notes.file.name} is not at the end after {CATCH_UP_SECONDS} s")
    report.catch_up = time.monotonic() - began
    acked = verdict.acknowledged(writers)
    report.acknowledged = sum(map(len, acked.values()))
    report.committed = journal.committed
    report.readers = [verdict.sighted(notes) for notes in readers]
    for found in report.readers:
        lost, doubled = verdict.lost(acked, found.seen), verdict.doubled(found.seen)
        report.lost += len(lost)
        report.doubled += len(doubled) + len(found.contradictions)
        report.faults += [f"lost: {each}" for each in lost] + [f"doubled: {each}" for each in doubled]
        report.faults += [f"doubled: {each}" for each in found.contradictions]
        report.faults += [f"leap: {each}" for each in found.leaps] + ["resync"] * found.resyncs
        report.faults += [f"invented: {each}" for each in verdict.invented(found.seen, journal)]
    report.broken = len(journal.broken)
    report.faults += [f"broken chain: {stream}" for stream in journal.broken]


async def _recorded(settings: Settings) -> verdict.Journal:
    async with open_ports(settings) as ports:
        return await verdict.recorded(ports.database)


def _reached(notes: Notes, heads: dict[str, int], deadline: float) -> bool:
    while verdict.sighted(notes).heads() != heads:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.01)


def main() -> None:
    """The long form, on servers of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="nmo-chaos-") as name:
        nats = EmbeddedNats(Path(name) / "nats")
        settings = Settings(data=Path(name), nats_url=nats.start(), demo=False)
        try:
            with embedded(settings, say, bus=False) as ready:
                asyncio.run(_tables(ready))
                report = play(ready, nats, Path(name), given.kills, given.seed)
        finally:
            nats.stop()
    print(report.line())
    for fault in report.faults[:20]:
        print(fault)
    sys.exit(1 if report.faults else 0)


async def _tables(settings: Settings) -> None:
    engine = connect(settings.database_url or "", pool_size=2)
    await migrate(engine)
    await engine.dispose()


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
