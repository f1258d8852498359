"""The check of files by a real child process: sound files pass, each bad one is told what is wrong."""

import os
import signal
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import anyio
import pytest

from gateways.inspector import ChildInspector, Claim, InspectionFailed
from models.documents_rules import MAX_BYTES, DocumentType
from models.errors import ErrorCode
from tests.files import archive, jpeg, pdf, pdf_stream_bomb, png, png_bomb, png_text_bomb
from tests.inspecting import claim, refused

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def inspector() -> ChildInspector:
    return ChildInspector()


@pytest.mark.parametrize(
    ("make", "name"),
    [
        pytest.param(pdf, "diploma_2023.pdf", id="3_3_7_pdf"),
        pytest.param(
            partial(pdf, 100, packed=True), "diploma_2023.pdf", id="pdf of 100 pages in packed objects"
        ),
        pytest.param(jpeg, "diploma_2023.jpg", id="3_3_8_jpg"),
        pytest.param(partial(jpeg, progressive=True), "диплом_2023.jpeg", id="progressive jpeg named .jpeg"),
        pytest.param(
            lambda: jpeg() + jpeg(64, 64), "diploma_2023.jpg", id="phone jpeg with a second picture"
        ),
        pytest.param(png, "diploma_2023.png", id="3_3_9_png"),
        pytest.param(partial(png, mode="RGBA"), "diploma_2023.png", id="png with transparency"),
        pytest.param(partial(png, 5_000, 5_000, "L"), "diploma_2023.png", id="png at the limit of pixels"),
        pytest.param(
            partial(jpeg, 5_000, 5_000, progressive=True),
            "diploma_2023.jpg",
            id="jpeg at the limit of pixels",
        ),
    ],
)
async def test_3_3_7_and_3_3_8_and_3_3_9_and_3_3_20_sound_file_passes_every_check(
    inspector: ChildInspector, make: Callable[[], bytes], name: str
) -> None:
    found = await inspector.inspect(make(), claim(name))
    assert [fault for fault in found if not fault.passed] == []
    assert {"size", "type", "content", "name", "opens", "single"} < {check.check for check in found}


async def test_checks_tell_what_was_measured(inspector: ChildInspector) -> None:
    found = {
        check.check: check for check in await inspector.inspect(jpeg(700, 900), claim("diploma_2023.jpg"))
    }
    assert (found["resolution"].measured, found["resolution"].passed) == ("700 × 900", True)
    assert found["pixels"].measured == "0.6 Мпикс"
    assert found["size"].limit == f"от 1 до {MAX_BYTES} байт"


@pytest.mark.parametrize("percent", [50, 99])
@pytest.mark.parametrize(
    ("make", "name"), [(pdf, "pdf"), (jpeg, "jpg"), (png, "png")], ids=["pdf", "jpg", "png"]
)
async def test_truncated_file_is_refused(
    inspector: ChildInspector, make: Callable[[], bytes], name: str, percent: int
) -> None:
    content = make()
    found = await refused(inspector, content[: len(content) * percent // 100], f"diploma_2023.{name}")
    assert found["opens"] == "FILE_CONTENT"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param(pdf() + archive(), "diploma_2023.pdf", id="pdf and zip"),
        pytest.param(pdf() + b"<html>", "diploma_2023.pdf", id="pdf with a tail"),
        pytest.param(jpeg() + archive(), "diploma_2023.jpg", id="jpeg and zip"),
        pytest.param(jpeg() + b"<script>", "diploma_2023.jpg", id="jpeg with a tail"),
        pytest.param(png() + archive(), "diploma_2023.png", id="png and zip"),
        pytest.param(png() + pdf(), "diploma_2023.png", id="png and pdf"),
        pytest.param(
            jpeg()[:2] + b"\xff\xfe\x00\x20%PDF-1.4" + b" " * 22 + jpeg()[2:],
            "diploma_2023.jpg",
            id="pdf in a comment",
        ),
    ],
)
async def test_3_3_10_file_of_two_kinds_is_refused(
    inspector: ChildInspector, content: bytes, name: str
) -> None:
    assert (await refused(inspector, content, name))["single"] == "FILE_CONTENT"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (png(), "diploma_2023.jpg"),
        (jpeg(), "diploma_2023.pdf"),
        (b"MZ\x90\x00" + b"\0" * 500, "diploma_2023.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "diploma_2023.png"),
        (b"\0" * 900 + pdf(), "diploma_2023.pdf"),
        (archive(), "diploma_2023.jpg"),
    ],
    ids=["png as jpg", "jpg as pdf", "exe as pdf", "svg as png", "pdf behind zeros", "zip as jpg"],
)
async def test_3_3_10_content_must_be_what_was_declared(
    inspector: ChildInspector, content: bytes, name: str
) -> None:
    assert (await refused(inspector, content, name))["content"] == "FILE_CONTENT"


async def test_3_3_10_other_formats_are_refused(inspector: ChildInspector) -> None:
    document = Claim(DocumentType.DIPLOMA, "diploma_2023.docx", "application/msword", date(2023, 6, 15))
    found = {
        fault.check: fault.code for fault in await inspector.inspect(archive(), document) if not fault.passed
    }
    assert found == {"type": ErrorCode.FILE_TYPE, "content": ErrorCode.FILE_CONTENT}


@pytest.mark.parametrize(("size", "code"), [(0, "FILE_EMPTY"), (MAX_BYTES + 1, "FILE_TOO_LARGE")])
async def test_3_3_14_size_is_checked_again(inspector: ChildInspector, size: int, code: str) -> None:
    content = (pdf() + b"\n" * MAX_BYTES)[:size]
    assert (await refused(inspector, content))["size"] == code


async def test_small_picture_is_refused(inspector: ChildInspector) -> None:
    assert await refused(inspector, jpeg(800, 599), "diploma_2023.jpg") == {
        "resolution": "IMAGE_LOW_RESOLUTION"
    }


@pytest.mark.parametrize(
    ("make", "name", "check"),
    [
        pytest.param(
            partial(png_bomb, 50_000), "diploma_2023.png", "pixels", id="2,500 megapixels in 300 KB"
        ),
        pytest.param(
            partial(png_bomb, 5_100), "diploma_2023.png", "pixels", id="just over the limit of pixels"
        ),
        pytest.param(partial(png_text_bomb, 500_000_000), "diploma_2023.png", "opens", id="text of 500 MB"),
        pytest.param(partial(pdf_stream_bomb, 400_000_000), "diploma_2023.pdf", "opens", id="page of 400 MB"),
    ],
)
async def test_bomb_is_refused_in_time(
    inspector: ChildInspector, make: Callable[[], bytes], name: str, check: str
) -> None:
    content = make()
    began = time.monotonic()
    assert check in await refused(inspector, content, name)
    assert time.monotonic() - began < 10


async def test_many_files_at_once(inspector: ChildInspector) -> None:
    passed: list[bool] = []

    async def check() -> None:
        passed.extend(found.passed for found in await inspector.inspect(pdf(), claim()))

    async with anyio.create_task_group() as group:
        for _ in range(6):
            group.start_soon(check)
    assert all(passed)
    assert len(passed) == 6 * 9


def children() -> set[int]:
    return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


async def test_killed_child_says_nothing_about_the_file(inspector: ChildInspector) -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(kill_the_next_child, children())
        with pytest.raises(InspectionFailed):
            await inspector.inspect(pdf(), claim())


async def kill_the_next_child(before: set[int]) -> None:
    for _ in range(10_000):
        for pid in children() - before:
            os.kill(pid, signal.SIGKILL)
            return
        await anyio.sleep(0.001)


async def test_cancelled_check_leaves_no_child(inspector: ChildInspector) -> None:
    before = children()
    with anyio.move_on_after(0.05):
        await inspector.inspect(pdf_stream_bomb(50_000_000), claim())
    assert children() <= before
