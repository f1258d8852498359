"""The disk of PostgreSQL and of the object store fills up: people are told to come again, nothing acknowledged is lost."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api import Json
from tests.embedded_product import demo_folder, happens, serving_folder
from tests.product import Product
from tests.reporting import RECORD, lesson, result
from tests.test_outages import heals, probe, uploaded
from tests.uploading import REQUEST

MEGABYTES = 600
STATEMENTS = 40
SIZE = 2 << 20


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small disk of our own."""
    place = tmp_path_factory.mktemp("disk")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place)]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> Path:
    """All that is left is taken, to the last byte."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096):
            try:
                while file.write(bytes(size)):
                    pass
            except OSError:
                continue
    return filler


def told(product: Product, number: int) -> Json | None:
    """What a provider is told of a statement; nothing when it is to come again, and nothing else is ever said."""
    one = result(f"full-{number}", 1, 5, lessonId=lesson(5, 0, 0, 0))
    headers = {"authorization": f"Bearer {product.token('provider-6')}"}
    body = {"query": RECORD, "variables": {"results": [one]}}
    answer = httpx.post(product.url, json=body, headers=headers, timeout=20)
    if answer.status_code == 200 and "errors" not in answer.json():
        receipt: Json = answer.json()["data"]["recordResults"]
        return receipt
    codes = [error["extensions"]["code"] for error in answer.json()["errors"]]
    assert (answer.status_code, codes) == (503, ["UNAVAILABLE"]), answer.text
    return None


def ticket(product: Product) -> Json:
    """Leave to send a file."""
    given = {"type": "INN", "fileName": "inn_2023.pdf", "sizeBytes": SIZE, "mimeType": "application/pdf"}
    asked = product.ask(REQUEST, product.token("demo-1"), input=given)["data"]["requestDocumentUpload"]
    found: Json = asked["ticket"]
    return found


def arrives(leave: Json) -> bool:
    """Whether the store takes the file; anything but yes is the store's own fault."""
    fields = {field["name"]: field["value"] for field in leave["fields"]}
    sent = httpx.post(
        leave["url"], data=fields, files={"file": ("f", bytes(SIZE), "application/pdf")}, timeout=20
    )
    assert sent.status_code == 204 or sent.status_code >= 500, sent.text
    return sent.status_code == 204


def test_a_full_disk_is_503_and_what_was_acknowledged_is_there_when_there_is_space_again(disk: Path) -> None:
    folder = demo_folder(disk / "data")
    with serving_folder(folder, disk.parent / "disk.log") as product:
        product.token("provider-6")
        save, later = uploaded(product), ticket(product)
        filler = fill(disk)
        assert not arrives(later)
        acknowledged = [number for number in range(STATEMENTS) if told(product, number)]
        assert len(acknowledged) < STATEMENTS, "the disk was not full"
        assert probe(product, "/livez") == (200, "ok")
        filler.unlink()
        assert heals(product, lambda: told(product, STATEMENTS))
        assert heals(product, save)
        assert happens(lambda: arrives(later), 15)
        for number in acknowledged:
            assert told(product, number) == {"accepted": 0, "repeated": 1, "errors": []}
