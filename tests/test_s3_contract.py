"""What the product relies on in an S3 server, asked of every server at hand (3.3-13, 3.3-14, 3.3-26).

Servers differ in much else; only what breaks the product when it is missing is asked here.
Met so far: MinIO refuses a key with an empty part (x//y), SeaweedFS one that ends in dots (x/..).
Links and forms are asked about in test_s3_links.py.
"""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace

import anyio
import httpx
import pytest

from models.objects import (
    ObjectExists,
    ObjectMissing,
    ObjectsUnavailable,
    ObjectTooLarge,
)
from storage.objects import ObjectStore, S3Settings
from tests.s3_servers import PAGE, PDF, is_absent, put, sha256

pytest_plugins = ("tests.s3_fixtures",)
pytestmark = pytest.mark.anyio

LIMIT = 5_242_880
ODD_KEYS = ("диплом/2023 год.pdf", "a+b&c=d?e#f%20g.pdf", "'quotes\"", "日本/Ё")


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


# The bucket


async def test_bucket_is_made_once_and_answers(store: ObjectStore) -> None:
    await store.ensure_bucket([PAGE])
    assert await store.ready() is True


async def test_absent_bucket_is_not_ready(s3_settings: S3Settings) -> None:
    assert await ObjectStore(replace(s3_settings, bucket="nmo-absent-bucket")).ready() is False


# Writing and reading


@pytest.mark.parametrize("size", [0, 1, 65_537, LIMIT])
async def test_bytes_come_back_as_they_went(store: ObjectStore, size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    await put(store, f"size/{size}", data[:size])
    assert await store.get(f"size/{size}", LIMIT) == data[:size]


async def test_head_tells_size_type_and_sums(store: ObjectStore) -> None:
    await put(store, "head", b"%PDF-1.7")
    found = await store.head("head")
    assert (found.size, found.content_type, found.sha256) == (8, PDF, sha256(b"%PDF-1.7"))
    assert found.etag == hashlib.md5(b"%PDF-1.7").hexdigest()


@pytest.mark.parametrize("key", ODD_KEYS)
async def test_any_key_is_kept_as_it_is(store: ObjectStore, http: httpx.AsyncClient, key: str) -> None:
    await put(store, f"odd/{key}", b"odd")
    assert await store.get(f"odd/{key}", 3) == b"odd"
    assert [found.key async for found in store.list(f"odd/{key}")] == [f"odd/{key}"]
    assert (await http.get(store.download_url(f"odd/{key}", "a.pdf", PDF))).content == b"odd"


async def test_absent_object_is_missing(store: ObjectStore) -> None:
    with pytest.raises(ObjectMissing):
        await store.get("never/was", 1)
    with pytest.raises(ObjectMissing):
        await store.head("never/was")


async def test_longer_object_than_wanted_is_refused(store: ObjectStore) -> None:
    await put(store, "long", b"12345")
    with pytest.raises(ObjectTooLarge):
        await store.get("long", 4)


async def test_damaged_bytes_are_refused_and_not_kept(store: ObjectStore) -> None:
    with pytest.raises(ObjectsUnavailable):
        await store.put("damaged", b"one", PDF, sha256(b"two"))
    assert await is_absent(store, "damaged")


async def test_delete_is_final_and_repeatable(store: ObjectStore) -> None:
    await put(store, "gone", b"x")
    await store.delete("gone")
    await store.delete("gone")
    assert await is_absent(store, "gone")
    assert [found async for found in store.list("gone")] == []


async def test_a_key_is_free_again_after_delete(store: ObjectStore) -> None:
    await put(store, "again", b"one")
    await store.delete("again")
    await put(store, "again", b"two")
    assert await store.get("again", 3) == b"two"


# Written once


async def test_same_bytes_again_are_fine_and_others_are_refused(store: ObjectStore) -> None:
    await put(store, "once", b"first")
    await put(store, "once", b"first")
    with pytest.raises(ObjectExists):
        await put(store, "once", b"other")
    assert await store.get("once", 5) == b"first"


async def test_of_twenty_racing_writers_exactly_one_wins(store: ObjectStore) -> None:
    won: list[bytes] = []

    async def write(data: bytes) -> None:
        try:
            await put(store, "race", data)
        except ObjectExists:
            return
        won.append(data)

    async with anyio.create_task_group() as group:
        for number in range(20):
            group.start_soon(write, b"%d" % number)
    assert len(won) == 1
    assert await store.get("race", 2) == won[0]


# Lists


async def test_list_has_the_prefix_only_in_order(store: ObjectStore) -> None:
    for key in ("order/b", "order/a", "order2/c", "order/c/d"):
        await put(store, key, key.encode())
    found = [(item.key, item.size) async for item in store.list("order/")]
    assert found == [("order/a", 7), ("order/b", 7), ("order/c/d", 9)]


async def test_list_goes_past_its_page(store: ObjectStore) -> None:
    keys = [f"pages/{number:04}" for number in range(1_020)]
    async with anyio.create_task_group() as group:
        for key in keys:
            group.start_soon(put, store, key, b"")
    assert [item.key async for item in store.list("pages/")] == keys


# Streams


async def test_stream_of_several_parts_is_one_object(store: ObjectStore) -> None:
    part = bytes(range(256)) * 12_000
    assert await store.stream_put("stream", chunks(*[part] * 7), "text/csv") == len(part) * 7
    found = await store.head("stream")
    assert (found.size, found.content_type) == (len(part) * 7, "text/csv")
    assert sha256(await store.get("stream", found.size)) == sha256(part * 7)


async def test_an_object_is_read_piece_by_piece_and_an_absent_one_is_told_before(store: ObjectStore) -> None:
    body = bytes(range(256)) * 12_000
    await store.put("pieces", body, "text/csv", sha256(body))
    pieces = [piece async for piece in await store.open("pieces")]
    assert (b"".join(pieces), len(pieces)) == (body, 3)
    with pytest.raises(ObjectMissing):
        await store.open("nothing")


async def test_empty_stream_is_an_empty_object(store: ObjectStore) -> None:
    assert await store.stream_put("stream-empty", chunks(), "text/csv") == 0
    assert await store.get("stream-empty", 0) == b""


async def test_broken_stream_leaves_nothing(store: ObjectStore) -> None:
    async def breaks() -> AsyncIterator[bytes]:
        yield b"x" * 9_000_000
        raise ConnectionError("the source is gone")

    with pytest.raises(ConnectionError):
        await store.stream_put("stream-broken", breaks(), "text/csv")
    assert await is_absent(store, "stream-broken")
    assert [found async for found in store.list("stream-broken")] == []


# Many at once


async def test_many_readers_of_one_object(store: ObjectStore) -> None:
    data = b"shared" * 20_000
    await put(store, "shared", data)
    read: list[bytes] = []

    async def reader() -> None:
        read.append(await store.get("shared", len(data)))

    async with anyio.create_task_group() as group:
        for _ in range(64):
            group.start_soon(reader)
    assert read == [data] * 64
