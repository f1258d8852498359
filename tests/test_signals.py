"""An impatient operator: a second signal, of whatever kind and at whatever moment, hurts nothing but manners."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from storage.folders import named_by_the_kernel
from tests.embedded_product import demo_folder, happens, living, serving_folder
from tests.forked import Running
from tests.product import NMO, environment
from tests.test_serve_life import END_SECONDS, GONE_SECONDS, IMPORT_SECONDS, recorded
from web.settings import Settings

TERM, INT = signal.SIGTERM, signal.SIGINT
IMPATIENT = [(1, TERM, INT), (1, INT, TERM), (2, INT, INT)]
PAUSE = 0.2
SIGNALLED = "import os; os.kill(os.getpid(), {:d})"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all lives: each test is also the next start after the end before it."""
    return demo_folder(tmp_path_factory.mktemp("signals") / "data")


def ends(process: Running, first: int, second: int, folder: Path, log: Path, seconds: float) -> None:
    """In time, as after one signal, with nothing left."""
    process.send_signal(first)
    time.sleep(PAUSE)
    process.send_signal(second)
    assert process.wait(seconds) == 0, log.read_text("utf-8")
    assert happens(lambda: not living(folder), GONE_SECONDS), living(folder)
    assert "Traceback" not in log.read_text("utf-8")


@pytest.mark.parametrize(("workers", "first", "second"), IMPATIENT)
def test_two_signals_end_a_server_as_one_does(
    folder: Path, tmp_path: Path, workers: int, first: int, second: int
) -> None:
    with serving_folder(folder, tmp_path / "log", workers=workers, drain_seconds=0.5) as product:
        assert recorded(product)
        ends(product.process, first, second, folder, product.log, END_SECONDS * workers)


@pytest.mark.parametrize(("moment", "first", "second"), [("postgres", INT, TERM), ("weed", TERM, TERM)])
def test_two_signals_break_off_a_start(
    folder: Path, tmp_path: Path, moment: str, first: int, second: int
) -> None:
    settings, log = Settings(data=folder, port=named_by_the_kernel()), tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen([*NMO, "serve"], env=environment(settings), stdout=output, stderr=output)
    assert happens(lambda: living(folder, moment), 30)
    ends(process, first, second, folder, log, IMPORT_SECONDS)


@pytest.mark.parametrize("number", [INT, TERM])
def test_a_signal_while_python_reads_the_libraries_ends_a_command_in_silence(
    tmp_path: Path, number: int
) -> None:
    (tmp_path / "pydantic.py").write_text(SIGNALLED.format(number), "utf-8")
    given = environment(Settings(data=tmp_path / "data"), {"PYTHONPATH": str(tmp_path)})
    done = subprocess.run([*NMO, "check-config"], env=given, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
