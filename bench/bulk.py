"""python -m bench.bulk [--data DIR]: what comes in bulk, on the data of `nmo seed --large`.

100,000 rows as CSV, 3,000 as PDF (seconds, and memory of the server above idle), then 50,000 results in batches
(3.1-18, 3.1-19, 3.4-16, A23).
"""

import argparse
import asyncio
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from bench.__main__ import folder, say, servers
from bench.client import Connection, body
from resolvers.demo_catalog import demo_id
from tests.product import Product, live, serving
from web.demo import ensure_large
from web.running import prepare

RESULTS, BATCH, SENDERS, PROVIDER, COURSES = 50_000, 100, 4, "provider-6", (5, 17, 29)
MANY = """
    INSERT INTO activity (id, organizer_id, title, title_sort, type, starts_at, ends_at, credits, taken, opens_at,
                          closes_at, specialties)
    SELECT gen_random_uuid(), organizer_id, mark || n, mark || n, type, starts_at, ends_at, credits, 0, opens_at,
           closes_at, '[]'
    FROM (VALUES ('Выгрузка ', 100000), ('Печать ', 3000)) AS wanted (mark, most), generate_series(1, most) AS n,
         (SELECT * FROM activity ORDER BY id LIMIT 1) AS sample
"""
LEARNERS = "SELECT id, course_id FROM element WHERE course_id = ANY(%s) ORDER BY id LIMIT %s"
EXPORT = (
    "mutation ($input: ExportInput!) { requestExport(input: $input) { job { id rows } errors { message } } }"
)
FOLLOW = (
    "subscription ($id: ID!) { exportJob(id: $id) { ... on ExportEvent { job { state rows sizeBytes } } } }"
)

RECORD = """
mutation ($results: [ResultInput!]!) { recordResults(input: {results: $results}) { accepted errors { code } } }
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder to keep the data in; otherwise it is thrown away")
    given = parser.parse_args()
    with folder(given.data) as data, servers(data) as (settings, _):
        asyncio.run(prepare(settings.model_copy(update={"demo": False}), say))
        asyncio.run(ensure_large(settings, say))
        with psycopg.connect(settings.database_url or "", autocommit=True) as connection:
            connection.execute(MANY)
            connection.execute("ANALYZE activity")
            learners = connection.execute(
                LEARNERS, ([demo_id("course", each) for each in COURSES], RESULTS // 18 + 1)
            ).fetchall()
        with serving(settings, data / "server.log") as product:
            asyncio.run(export(product, "CSV", "Выгрузка"))
            asyncio.run(export(product, "PDF", "Печать"))
            asyncio.run(report(product, [(element.hex, course) for element, course in learners]))


async def export(product: Product, form: str, search: str) -> None:
    """One file, asked for and followed to its end by its owner."""
    token, idle, most = product.token("demo-1"), resident(product), 0
    given = {"kind": "ACTIVITIES", "format": form, "activityFilter": {"search": search}}
    last: Any = None
    began = time.perf_counter()
    job = product.ask(EXPORT, token, input=given)["data"]["requestExport"]["job"]
    async with live(product.url, token) as connection:
        await connection.subscribe(FOLLOW, id=job["id"])
        while (message := await connection.next())["type"] == "next":
            last, most = message["payload"]["data"]["exportJob"], max(most, resident(product))
    seconds = time.perf_counter() - began
    sys.stdout.write(f"{form}: {last['job']} in {seconds:.1f} s, {(most - idle) / 1024:.0f} MB above idle\n")


async def report(product: Product, learners: list[tuple[str, UUID]]) -> None:
    """All results over HTTP by a few senders; every batch tells its learners live."""
    numbers = {demo_id("course", each): each for each in COURSES}
    results = [
        {
            "statementId": f"bulk-{element}-{place}",
            "elementId": f"element_{element}",
            "lessonId": f"lesson_{demo_id('lesson', numbers[course], *divmod3(place)).hex}",
            "verb": "COMPLETED",
            "happenedAt": "2026-01-01T08:00:00+00:00",
        }
        for element, course in learners
        for place in range(18)
    ][:RESULTS]
    batches = [body(RECORD, results=results[start : start + BATCH]) for start in range(0, RESULTS, BATCH)]
    token = product.token(PROVIDER)
    began = time.perf_counter()
    answers = await asyncio.gather(*(send(product, token, batches[each::SENDERS]) for each in range(SENDERS)))
    seconds = time.perf_counter() - began
    accepted = sum(answer.count(b'"accepted":%d,' % BATCH) for part in answers for answer in part) * BATCH
    sys.stdout.write(f"results: {accepted} accepted in {seconds:.1f} s\n")


def divmod3(place: int) -> tuple[int, int, int]:
    """Module, topic and place of one of the eighteen lessons of a course."""
    return place // 6, place // 3 % 2, place % 3


async def send(product: Product, token: str, batches: list[bytes]) -> list[bytes]:
    connection = await Connection.open(product.url, token)
    answers = [await connection.post(batch) for batch in batches]
    connection.close()
    return answers


def resident(product: Product) -> int:
    """Kilobytes the server holds now."""
    lines = Path(f"/proc/{product.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    main()
