"""How `nmo serve` with everything embedded ends, what it leaves behind and what the next start finds."""

import asyncio
import os
import signal
import subprocess
import time
from hashlib import sha256
from pathlib import Path

import pytest

from storage.folders import named_by_the_kernel
from tests.embedded_product import demo_folder, happens, living, serving_folder
from tests.product import NMO, Product, environment
from tests.reporting import RECORD, lesson, result
from web.settings import Settings
from web.wiring import open_ports

GONE_SECONDS, END_SECONDS = 5.0, 10.0
IMPORT_SECONDS = 30.0  # a start is not broken off before Python has read the product
PAPER = b"what the object store has acknowledged"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all lives: each test is also the next start after the end before it."""
    return demo_folder(tmp_path_factory.mktemp("life") / "data")


def acknowledged(product: Product) -> None:
    """A row and an object that the product has promised to keep."""
    assert recorded(product) == {"accepted": 1, "repeated": 0, "errors": []}
    asyncio.run(put(product))


async def put(product: Product) -> None:
    async with open_ports(product.settings) as ports:
        await ports.objects.put("promised", PAPER, "text/plain", sha256(PAPER).hexdigest())


async def kept(product: Product) -> bytes:
    async with open_ports(product.settings) as ports:
        return await ports.objects.get("promised", 1000)


def recorded(product: Product) -> object:
    """What a provider is told of its statement; one that is there already is `repeated`."""
    one = result("promised", 1, 5, lessonId=lesson(5, 0, 0, 0))
    return product.ask(RECORD, product.token("provider-6"), results=[one])["data"]["recordResults"]


def ends(product: Product, number: signal.Signals, folder: Path, seconds: float = END_SECONDS) -> None:
    """In time, in order, with nothing left."""
    began = time.monotonic()
    product.process.send_signal(number)
    assert product.process.wait(30) == 0, product.log.read_text("utf-8")
    assert time.monotonic() - began < seconds
    assert happens(lambda: not living(folder), 1), living(folder)
    assert "Traceback" not in product.log.read_text("utf-8")


def test_a_killed_server_leaves_no_child_and_the_next_start_has_all_that_was_acknowledged(
    folder: Path, tmp_path: Path
) -> None:
    with serving_folder(folder, tmp_path / "first.log") as product:
        acknowledged(product)
        assert living(folder, "postgres")
        assert living(folder, "weed")
        product.kill()
        assert happens(lambda: not living(folder), GONE_SECONDS), living(folder)
    with serving_folder(folder, tmp_path / "second.log") as product:
        assert asyncio.run(kept(product)) == PAPER
        assert recorded(product) == {"accepted": 0, "repeated": 1, "errors": []}
        ends(product, signal.SIGINT, folder)


def test_a_killed_worker_process_is_replaced_and_a_killed_server_takes_all_of_them_along(
    folder: Path, tmp_path: Path
) -> None:
    with serving_folder(folder, tmp_path / "log", workers=2) as product:
        assert happens(lambda: "Готово" in product.log.read_text("utf-8"), 60)
        killed = living(folder, "web.serve_one").pop()
        os.kill(killed, signal.SIGKILL)
        assert happens(lambda: len(living(folder, "web.serve_one") - {killed}) == 2, GONE_SECONDS)
        assert product.ask("{ viewer { nextSteps } }", product.token("demo-1"))["data"]
        product.kill()
        assert happens(lambda: not living(folder), GONE_SECONDS), living(folder)


def test_a_start_that_is_broken_off_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    settings = Settings(data=folder, port=named_by_the_kernel())
    with (tmp_path / "log").open("wb") as output:
        process = subprocess.Popen([*NMO, "serve"], env=environment(settings), stdout=output, stderr=output)
    assert happens(lambda: living(folder), 30)
    ends(Product(settings.port, settings, tmp_path / "log", process), signal.SIGTERM, folder, IMPORT_SECONDS)
