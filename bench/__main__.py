"""python -m bench [--large] [--seconds 3] [--data DIR]: servers of its own, a table, and bench/last.json."""

import argparse
import asyncio
import json
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.run import run
from bench.table import as_json, as_table
from storage.nats import EmbeddedNats
from storage.postgres import EmbeddedPostgres
from tests.product import serving
from web.demo import ensure_demo, ensure_large
from web.embedded import embedded
from web.running import prepare
from web.settings import Settings

LAST = Path(__file__).with_name("last.json")
COUNTED = {"shared_preload_libraries": "pg_stat_statements", "pg_stat_statements.track": "top"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="on the data of `nmo seed --large`")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each load lasts")
    parser.add_argument("--data", type=Path, help="a folder to keep the data in; otherwise it is thrown away")
    given = parser.parse_args()
    with folder(given.data) as data, servers(data) as (settings, database):
        asyncio.run(prepare(settings.model_copy(update={"demo": False}), say))
        asyncio.run(ensure_large(settings, say) if given.large else ensure_demo(settings, say))
        say("Measuring…")
        with serving(settings, data / "server.log") as product:
            result = asyncio.run(run(product, database, seconds=given.seconds, large=given.large))
    LAST.write_text(json.dumps(as_json(result), indent=2, ensure_ascii=False) + "\n")
    print(as_table(result))


@contextmanager
def folder(kept: Path | None) -> Generator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with TemporaryDirectory(prefix="nmo-bench-") as name:
        yield Path(name)


@contextmanager
def servers(data: Path) -> Generator[tuple[Settings, int]]:
    """PostgreSQL that counts its statements, NATS between the product and this process, S3."""
    with ExitStack() as stack:
        nats, postgres = EmbeddedNats(data / "nats"), EmbeddedPostgres(data / "postgres", settings=COUNTED)
        stack.callback(nats.stop)
        stack.callback(postgres.stop)
        settings = Settings(data=data, nats_url=nats.start(), database_url=postgres.start())
        yield stack.enter_context(embedded(settings, say, bus=False)), postgres.pid


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
