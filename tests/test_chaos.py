"""The journal under kill -9, in short; `make chaos` is the long form (3.4-17, 3.3-27)."""

from pathlib import Path

from storage.nats import EmbeddedNats
from tests.chaos.journal import play
from web.settings import Settings


def test_3_4_17_and_3_3_27_kills_of_writers_and_readers_lose_and_double_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    nats = EmbeddedNats(tmp_path / "nats")
    joined = settings.model_copy(update={"nats_url": nats.start()})
    try:
        report = play(joined, nats, tmp_path, kills=6, seed=20_261_124)
    finally:
        nats.stop()
    assert report.faults == [], report.line()
    assert sum(report.kills.values()) == 7
    assert report.acknowledged > 100
    assert [reader.total for reader in report.readers] == [report.committed] * 2
