"""The catcher's folder: order, bound, several processes, and a form that outside suites can read."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from gateways.outbox import KEPT, Kind, Outbox
from models.clock import SettableClock

ROOT = Path(__file__).parent.parent
PUT_MANY = """
import sys
from pathlib import Path
from uuid import UUID
from gateways.outbox import Kind, Outbox
from models.clock import SystemClock
outbox = Outbox(Path(sys.argv[1]), SystemClock())
for number in range(60):
    outbox.put(Kind.SMS, UUID(int=int(sys.argv[2]) + number), "+79161234567", "текст " * 200)
"""


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime(2026, 11, 24, 9, 30, tzinfo=UTC))


def put(outbox: Outbox, number: int) -> None:
    outbox.put(Kind.MAIL, UUID(int=number), "doctor@example.ru", f"письмо {number}", "Тема", "<p>")


def test_the_newest_comes_first_even_within_one_moment(tmp_path: Path, clock: SettableClock) -> None:
    outbox = Outbox(tmp_path, clock)
    for number in range(12):
        put(outbox, number)
    clock.advance(timedelta(seconds=1))
    put(outbox, 100)
    assert [caught.id.int for caught in outbox.messages(3)] == [100, 11, 10]
    assert len(outbox.messages()) == 13


def test_one_message_is_one_readable_json_file(tmp_path: Path, clock: SettableClock) -> None:
    put(Outbox(tmp_path, clock), 7)
    (file,) = tmp_path.iterdir()
    assert json.loads(file.read_text("utf-8")) == {
        "id": str(UUID(int=7)),
        "kind": "mail",
        "to": "doctor@example.ru",
        "subject": "Тема",
        "text": "письмо 7",
        "html": "<p>",
        "at": "2026-11-24T09:30:00+00:00",
    }


def test_a_repeated_id_is_kept_once(tmp_path: Path, clock: SettableClock) -> None:
    outbox = Outbox(tmp_path, clock)
    put(outbox, 7)
    put(outbox, 7)
    assert len(outbox.messages()) == 1


def test_only_the_last_500_are_kept(tmp_path: Path, clock: SettableClock) -> None:
    (tmp_path / "2026-report.json").write_text("{}")  # of somebody else, in a folder that is not ours alone
    outbox = Outbox(tmp_path, clock, keep=20)
    for number in range(25):
        put(outbox, number)
    assert [caught.id.int for caught in outbox.messages()] == list(range(24, 4, -1))
    assert len(list(tmp_path.iterdir())) == 20 + 1
    assert KEPT == 500


def test_several_processes_share_the_folder_and_a_reader_sees_only_whole_messages(
    tmp_path: Path, clock: SettableClock
) -> None:
    outbox = Outbox(tmp_path, clock)
    writers = [
        subprocess.Popen([sys.executable, "-c", PUT_MANY, str(tmp_path), str(start)], cwd=ROOT)
        for start in (1000, 2000)
    ]
    while any(writer.poll() is None for writer in writers):
        assert all(caught.text == "текст " * 200 for caught in outbox.messages())
    assert [writer.returncode for writer in writers] == [0, 0]
    assert len(outbox.messages()) == 120
    assert not list(tmp_path.glob(".*"))
