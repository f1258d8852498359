"""What the product relies on in the signed links and forms of an S3 server (3.3-13, 3.3-14, 3.3-26).

Asked of every server at hand. Met so far: MinIO has no CORS rules per bucket, it answers every origin.
"""

import base64
import hashlib
import json
import logging
import socket
from dataclasses import replace
from urllib.parse import quote, urlsplit

import anyio
import httpx
import pytest

from models.objects import ObjectsUnavailable, UploadForm
from storage.objects import ObjectStore, S3Settings
from tests.s3_servers import MINIO_KEYS, PAGE, PDF, is_absent, put

pytest_plugins = ("tests.s3_fixtures",)
pytestmark = pytest.mark.anyio

LIMIT = 5_242_880
Keys = tuple[str | None, str | None]
STRANGERS: tuple[Keys, ...] = (("nobody", None), (None, "wrong-secret"))
FOREIGN = "https://foreign.example"


async def send(http: httpx.AsyncClient, form: UploadForm, data: bytes, **changed: str) -> int:
    answer = await http.post(form.url, data={**form.fields, **changed}, files={"file": ("any.pdf", data)})
    return answer.status_code


# Links


async def test_link_names_type_name_and_no_cache(store: ObjectStore, http: httpx.AsyncClient) -> None:
    await put(store, "link", b"<script>", "text/html")
    name = 'диплом "2023".pdf'
    answer = await http.get(store.download_url("link", name, PDF))
    assert (answer.status_code, answer.content) == (200, b"<script>")
    assert answer.headers["content-type"] == PDF
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    assert answer.headers["cache-control"] == "private, no-store"


async def test_link_gives_parts_of_a_file(store: ObjectStore, http: httpx.AsyncClient) -> None:
    await put(store, "ranges", b"0123456789")
    link = store.download_url("ranges", "a.pdf", PDF)
    part = await http.get(link, headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"234", "bytes 2-4/10")
    assert (await http.get(link, headers={"Range": "bytes=10-"})).status_code == 416


async def test_link_ends(store: ObjectStore, http: httpx.AsyncClient) -> None:
    await put(store, "ends", b"x")
    link = store.download_url("ends", "a.pdf", PDF, seconds=1)
    assert (await http.get(link)).status_code == 200
    await anyio.sleep(2.1)
    assert (await http.get(link)).status_code == 403


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tamper/one", "tamper/two"),
        ("application%2Fpdf", "text%2Fhtml"),
        ("attachment", "inline"),
        ("X-Amz-Expires=60", "X-Amz-Expires=6000"),
        ("X-Amz-Signature=", "X-Amz-Signature=0"),
    ],
)
async def test_changed_link_is_refused(
    store: ObjectStore, http: httpx.AsyncClient, old: str, new: str
) -> None:
    await put(store, "tamper/one", b"one")
    await put(store, "tamper/two", b"two")
    link = store.download_url("tamper/one", "a.pdf", PDF)
    assert old in link
    answer = await http.get(link.replace(old, new))
    assert answer.status_code in {400, 403}
    assert answer.content not in {b"one", b"two"}


async def test_link_to_read_cannot_write_or_delete(store: ObjectStore, http: httpx.AsyncClient) -> None:
    await put(store, "read-only", b"kept")
    link = store.download_url("read-only", "a.pdf", PDF)
    assert (await http.put(link, content=b"other")).status_code == 403
    assert (await http.delete(link)).status_code == 403
    assert await store.get("read-only", 4) == b"kept"


async def test_link_to_an_absent_object_is_not_found(store: ObjectStore, http: httpx.AsyncClient) -> None:
    assert (await http.get(store.download_url("never/was", "a.pdf", PDF))).status_code == 404


# Forms


@pytest.mark.parametrize(("size", "accepted"), [(0, False), (1, True), (LIMIT, True), (LIMIT + 1, False)])
async def test_3_3_14_form_takes_up_to_five_megabytes(
    store: ObjectStore, http: httpx.AsyncClient, size: int, accepted: bool
) -> None:
    key = f"form/size/{size}"
    status = await send(http, store.upload_form(key, PDF, LIMIT), b"x" * size)
    assert (status in {200, 201, 204}, await is_absent(store, key)) == (accepted, not accepted)
    if accepted:
        found = await store.head(key)
        assert (found.size, found.content_type) == (size, PDF)
        assert found.etag == hashlib.md5(b"x" * size).hexdigest()


@pytest.mark.parametrize(
    "changed",
    [
        {"key": "form/stolen"},
        {"Content-Type": "text/html"},
        {"x-amz-signature": "0" * 64},
        {"x-amz-credential": "nobody/20260101/us-east-1/s3/aws4_request"},
        {"policy": base64.b64encode(json.dumps({"expiration": "2999-01-01T00:00:00Z"}).encode()).decode()},
    ],
    ids=lambda changed: next(iter(changed)),
)
async def test_changed_form_is_refused(
    store: ObjectStore, http: httpx.AsyncClient, changed: dict[str, str]
) -> None:
    form = store.upload_form("form/mine", PDF, LIMIT)
    assert await send(http, form, b"x", **changed) in {400, 403}
    assert await is_absent(store, "form/mine")
    assert await is_absent(store, "form/stolen")


async def test_form_without_a_policy_is_refused(store: ObjectStore, http: httpx.AsyncClient) -> None:
    form = store.upload_form("form/bare", PDF, LIMIT)
    answer = await http.post(form.url, data={"key": "form/bare"}, files={"file": ("a.pdf", b"x")})
    assert answer.status_code in {400, 403}
    assert await is_absent(store, "form/bare")


async def test_form_ends(store: ObjectStore, http: httpx.AsyncClient) -> None:
    form = store.upload_form("form/late", PDF, LIMIT, seconds=1)
    await anyio.sleep(2.1)
    assert await send(http, form, b"x") in {400, 403}
    assert await is_absent(store, "form/late")


async def test_broken_upload_leaves_nothing(store: ObjectStore, s3_settings: S3Settings) -> None:
    form = store.upload_form("form/broken", PDF, LIMIT)
    await anyio.to_thread.run_sync(send_half, form)
    await anyio.sleep(0.3)
    assert await is_absent(store, "form/broken")
    assert await store.ready() is True


def send_half(form: UploadForm) -> None:
    request = httpx.Request("POST", form.url, data=form.fields, files={"file": ("a.pdf", b"x" * 500_000)})
    body = request.read()
    url = urlsplit(form.url)
    assert url.hostname is not None
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    with socket.create_connection((url.hostname, url.port or 80), timeout=5) as connection:
        connection.sendall(f"POST {url.path} HTTP/1.1\r\n{head}\r\n".encode() + body[: len(body) // 2])


# Strangers


def stranger_to(s3_settings: S3Settings, access_key: str | None, secret_key: str | None) -> ObjectStore:
    access_key, secret_key = access_key or s3_settings.access_key, secret_key or s3_settings.secret_key
    return ObjectStore(replace(s3_settings, access_key=access_key, secret_key=secret_key))


async def test_anonymous_may_nothing(
    s3_settings: S3Settings, store: ObjectStore, http: httpx.AsyncClient
) -> None:
    await put(store, "closed", b"kept")
    bucket = f"{s3_settings.endpoint}/{s3_settings.bucket}"
    answers = [
        await http.get(f"{bucket}/closed"),
        await http.get(f"{bucket}?list-type=2"),
        await http.put(f"{bucket}/planted", content=b"x"),
        await http.delete(f"{bucket}/closed"),
        await http.get(s3_settings.endpoint, headers={"Accept": "application/xml"}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert await store.get("closed", 4) == b"kept"


@pytest.mark.parametrize("keys", STRANGERS)
async def test_wrong_keys_are_refused(s3_settings: S3Settings, store: ObjectStore, keys: Keys) -> None:
    stranger = stranger_to(s3_settings, *keys)
    assert await stranger.ready() is False
    with pytest.raises(ObjectsUnavailable, match="403"):
        await stranger.get("closed", 10)
    with pytest.raises(ObjectsUnavailable, match="403"):
        await put(stranger, "planted", b"x")
    assert await is_absent(store, "planted")


@pytest.mark.parametrize("keys", STRANGERS)
async def test_links_and_forms_of_strangers_are_refused(
    s3_settings: S3Settings, store: ObjectStore, http: httpx.AsyncClient, keys: Keys
) -> None:
    await put(store, "signed", b"kept")
    stranger = stranger_to(s3_settings, *keys)
    assert (await http.get(stranger.download_url("signed", "a.pdf", PDF))).status_code == 403
    assert await send(http, stranger.upload_form("form/forged", PDF, LIMIT), b"x") in {400, 403}
    assert await is_absent(store, "form/forged")


async def test_page_may_send_forms(store: ObjectStore, http: httpx.AsyncClient) -> None:
    form = store.upload_form("cors/page", PDF, LIMIT)
    asked = {"Origin": PAGE, "Access-Control-Request-Method": "POST"}
    before = await http.request("OPTIONS", form.url, headers=asked)
    sent = await http.post(form.url, data=form.fields, files={"file": b"x"}, headers={"Origin": PAGE})
    allowed = {answer.headers.get("access-control-allow-origin") for answer in (before, sent)}
    assert allowed <= {PAGE, "*"}
    assert (before.status_code, sent.status_code) in {(200, 204), (204, 204)}


async def test_a_store_without_rules_of_its_own_for_pages_is_no_warning(
    store: ObjectStore, caplog: pytest.LogCaptureFixture, s3_settings: S3Settings
) -> None:
    with caplog.at_level(logging.INFO):
        await store.ensure_bucket([PAGE])
    said = [
        (record.levelname, PAGE in record.getMessage()) for record in caplog.records if "CORS" in record.msg
    ]
    assert said == ([("INFO", True)] if s3_settings.access_key == MINIO_KEYS[0] else [])


async def test_page_of_others_may_not_read(
    store: ObjectStore, http: httpx.AsyncClient, s3_settings: S3Settings
) -> None:
    await put(store, "cors/read", b"x")
    answer = await http.get(store.download_url("cors/read", "a.pdf", PDF), headers={"Origin": FOREIGN})
    if "MinIO" in answer.headers.get("server", ""):
        pytest.skip("MinIO sets allowed origins for the whole server (MINIO_API_CORS_ALLOW_ORIGIN)")
    assert "access-control-allow-origin" not in answer.headers
