"""Objects in S3: private, write-once, reached from outside only by short signed links (3.3-13, 3.3-14).

One shared client per process; its blocking calls run in threads under their own limiter, signing is local.
Nothing of botocore leaves this file: see `models.objects` for what comes instead.
"""

import base64
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast
from urllib.parse import quote, urlsplit

import boto3
from anyio import CancelScope, CapacityLimiter, fail_after, to_thread
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from models.clock import Clock, SystemClock
from models.objects import (
    ObjectExists,
    ObjectMissing,
    ObjectsUnavailable,
    ObjectTooLarge,
    StoredObject,
    UploadForm,
)
from storage.s3_client import S3Client
from storage.store_clock import StoreClock, signed_form

log = logging.getLogger("nmo.objects")
THREADS, BODIES = 16, 8  # a body may be slow, so bodies have threads of their own and delay nothing else
PART_BYTES = 8 * 1024 * 1024
PIECE_BYTES = 1024 * 1024
UPLOAD_SECONDS = 300
DOWNLOAD_SECONDS = 60
CONNECT_SECONDS, READ_SECONDS, CALL_SECONDS = 2, 10, 30
PERSON_WAITS = 2.5  # longer than a store that works ever needs
ATTEMPTS = 3
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# What the calls of S3 look like takes a tenth of a second to parse, so it is done once; keys belong to the clients.
DESCRIPTIONS = boto3.session.Session()

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class S3Settings:
    """Any S3 endpoint by values; signed links name `public_endpoint` where browsers need another one."""

    endpoint: str
    access_key: str
    secret_key: str
    bucket: str
    region: str = "us-east-1"
    addressing: Literal["path", "virtual"] = "path"
    public_endpoint: str | None = None


class ObjectStore:
    """The bucket of the product."""

    def __init__(self, settings: S3Settings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._bucket = settings.bucket
        self._region = settings.region
        self._clock = StoreClock(clock or SystemClock())
        self._client = _client(settings, settings.endpoint, self._clock)
        public = settings.public_endpoint
        self._signer = _client(settings, public, self._clock) if public else self._client
        self._calls, self._bodies = CapacityLimiter(THREADS), CapacityLimiter(BODIES)

    async def ensure_bucket(self, origins: Sequence[str] = ()) -> None:
        """Makes the private bucket where it is absent and lets pages of exactly these origins post to it."""
        try:
            await self._call(self._client.head_bucket, Bucket=self._bucket)
        except ObjectMissing:
            await self._create_bucket()
        if origins:
            await self._allow(origins)

    async def ready(self) -> bool:
        """Whether the store answers us now."""
        with suppress(ObjectMissing, ObjectsUnavailable):
            await self._soon(self._client.head_bucket, Bucket=self._bucket)
            return True
        return False

    async def put(self, key: str, data: bytes, content_type: str, sha256: str) -> None:
        """Writes once; the store checks the bytes against `sha256` (hex). The same bytes again are fine."""
        try:
            await self._carry(
                self._client.put_object,
                Bucket=self._bucket,
                Key=key,
                Body=data,
                ContentType=content_type,
                ChecksumSHA256=base64.b64encode(bytes.fromhex(sha256)).decode(),
                Metadata={"sha256": sha256},
                IfNoneMatch="*",
            )
        except ObjectExists:
            if (await self.head(key)).sha256 != sha256:
                raise

    async def get(self, key: str, max_bytes: int) -> bytes:
        """All bytes of an object that is not longer than `max_bytes`."""
        found = await self._soon(self._client.get_object, Bucket=self._bucket, Key=key)
        try:
            return await self._carry(_read, key=key, found=found, max_bytes=max_bytes)
        except BaseException:
            _cut(found)  # a thread that still reads ends now, not when the store does
            raise

    async def open(self, key: str) -> AsyncIterator[bytes]:
        """The bytes of an object of any length, some at a time; close what is not read to its end."""
        found = await self._soon(self._client.get_object, Bucket=self._bucket, Key=key)
        return self._pieces(found)

    async def head(self, key: str) -> StoredObject:
        found = await self._soon(self._client.head_object, Bucket=self._bucket, Key=key)
        return StoredObject(
            key=key,
            size=found["ContentLength"],
            etag=found["ETag"].strip('"'),
            modified_at=found["LastModified"],
            content_type=found.get("ContentType", ""),
            sha256=found.get("Metadata", {}).get("sha256"),
        )

    async def delete(self, key: str) -> None:
        """An absent object is deleted already."""
        await self._call(self._client.delete_object, Bucket=self._bucket, Key=key)

    async def list(self, prefix: str = "") -> AsyncIterator[StoredObject]:
        """Every object under the prefix in the order of keys, page by page; for reconciliation."""
        arguments: dict[str, object] = {"Bucket": self._bucket, "Prefix": prefix}
        while True:
            page = await self._call(self._client.list_objects_v2, **arguments)
            for item in page.get("Contents", ()):
                yield StoredObject(item["Key"], item["Size"], item["ETag"].strip('"'), item["LastModified"])
            if not page.get("IsTruncated"):
                return
            arguments["ContinuationToken"] = page["NextContinuationToken"]

    async def stream_put(self, key: str, chunks: AsyncIterator[bytes], content_type: str) -> int:
        """Writes what comes out of `chunks`, holding one part in memory; returns the size in bytes."""
        target = {"Bucket": self._bucket, "Key": key}
        upload = await self._call(self._client.create_multipart_upload, **target, ContentType=content_type)
        target["UploadId"] = upload["UploadId"]
        try:
            return await self._send_parts(target, chunks)
        except BaseException:
            with CancelScope(shield=True), suppress(ObjectMissing, ObjectsUnavailable):
                await self._call(self._client.abort_multipart_upload, **target)
            raise

    def upload_form(
        self, key: str, content_type: str, max_bytes: int, seconds: int = UPLOAD_SECONDS
    ) -> UploadForm:
        """A signed form for one key, one type and 1..`max_bytes` bytes; the store refuses anything else.

        It may be sent again until it expires, so what was checked is to be kept under a key of its own.
        """
        url: str = self._signer.generate_presigned_post(Bucket=self._bucket, Key=key)["url"]
        fields = {"bucket": self._bucket, "key": key, "Content-Type": content_type}
        size = ["content-length-range", 1, max_bytes]
        signed = signed_form(self._settings, self._clock.now(), seconds, fields, size)
        return UploadForm(url, {name: value for name, value in signed.items() if name != "bucket"})

    def download_url(
        self, key: str, filename: str, content_type: str, seconds: int = DOWNLOAD_SECONDS
    ) -> str:
        """A signed link that saves the object under `filename`; the type is ours, never the uploader's."""
        return self._signer.generate_presigned_url(
            ClientMethod="get_object",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(filename, safe='')}",
                "ResponseContentType": content_type,
                "ResponseCacheControl": "private, no-store",
            },
            ExpiresIn=seconds,
        )

    async def _create_bucket(self) -> None:
        arguments: dict[str, object] = {"Bucket": self._bucket}
        if self._region != "us-east-1":
            arguments["CreateBucketConfiguration"] = {"LocationConstraint": self._region}
        with suppress(ObjectExists):
            await self._call(self._client.create_bucket, **arguments)

    async def _allow(self, origins: Sequence[str]) -> None:
        rule = {
            "AllowedOrigins": [*origins],
            "AllowedMethods": ["GET", "POST"],
            "AllowedHeaders": ["*"],
            "MaxAgeSeconds": 600,
        }
        rules = {"CORSRules": [rule]}
        try:
            await self._call(self._client.put_bucket_cors, Bucket=self._bucket, CORSConfiguration=rules)
        except _Refused as refusal:
            # MinIO has no rules per bucket and allows every origin; elsewhere the owner may keep them.
            level = logging.INFO if "NotImplemented" in refusal.answer else logging.WARNING
            told = "Корзина S3 не приняла правила CORS (%s): разрешите страницы %s в настройках хранилища."
            log.log(level, told, refusal.answer, ", ".join(origins))

    async def _pieces(self, found: dict[str, Any]) -> AsyncIterator[bytes]:
        try:
            while piece := await self._carry(found["Body"].read, amt=PIECE_BYTES):
                yield piece
        finally:
            _cut(found)

    async def _send_parts(self, target: dict[str, str], chunks: AsyncIterator[bytes]) -> int:
        parts: list[dict[str, object]] = []
        size = 0
        async for part in _parts(chunks):
            number = len(parts) + 1
            sent = await self._carry(self._client.upload_part, **target, PartNumber=number, Body=part)
            parts.append({"PartNumber": number, "ETag": sent["ETag"]})
            size += len(part)
        done = {"Parts": parts}
        await self._call(self._client.complete_multipart_upload, **target, MultipartUpload=done)
        return size

    async def _soon(self, method: Callable[..., T], **arguments: object) -> T:
        """A call that a person waits for."""
        try:
            with fail_after(PERSON_WAITS):
                return await self._call(method, **arguments)
        except TimeoutError as error:
            raise ObjectsUnavailable(f"no answer in {PERSON_WAITS} s") from error

    async def _call(self, method: Callable[..., T], **arguments: object) -> T:
        """A call of few bytes."""
        return await self._in_thread(self._calls, method, arguments)

    async def _carry(self, method: Callable[..., T], **arguments: object) -> T:
        """A call with a body."""
        return await self._in_thread(self._bodies, method, arguments)

    async def _in_thread(
        self, threads: CapacityLimiter, method: Callable[..., T], arguments: Mapping[str, object]
    ) -> T:
        """One blocking call, waited for no longer than a while."""

        def call() -> T:
            known = self._clock.ahead
            try:
                return _translated(method, **arguments)
            except ObjectsUnavailable:
                if known == self._clock.ahead:
                    raise
            return _translated(method, **arguments)  # now that the hour of the store is known

        try:
            with fail_after(CALL_SECONDS):
                return await to_thread.run_sync(call, limiter=threads, abandon_on_cancel=True)
        except TimeoutError as error:
            raise ObjectsUnavailable(f"no answer in {CALL_SECONDS} s") from error


class _Refused(ObjectsUnavailable):
    """The server does not know this call, or keeps it from us."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


def _client(settings: S3Settings, endpoint: str, clock: StoreClock) -> S3Client:
    own_machine = urlsplit(endpoint).hostname in LOOPBACK
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": settings.addressing},
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        max_pool_connections=THREADS + BODIES,
        proxies={} if own_machine else None,
    )
    client: S3Client = DESCRIPTIONS.client(
        "s3",
        region_name=settings.region,
        endpoint_url=endpoint,
        aws_access_key_id=settings.access_key,
        aws_secret_access_key=settings.secret_key,
        config=config,
    )
    clock.attach(client.meta.events)
    return client


def _read(key: str, found: dict[str, Any], max_bytes: int) -> bytes:
    with found["Body"] as body:
        if found["ContentLength"] > max_bytes:
            raise ObjectTooLarge(key)
        return cast(bytes, body.read())


def _cut(found: dict[str, Any]) -> None:
    """No more bytes of this answer; one that has ended already has nothing to cut."""
    with suppress(OSError, RuntimeError, ValueError):
        found["Body"]._raw_stream.shutdown()  # botocore shows no other way to the connection


def _translated(method: Callable[..., T], **arguments: object) -> T:
    try:
        return method(**arguments)
    except ClientError as error:
        raise _meaning(error) from error
    except (BotoCoreError, HTTPError, RecursionError) as error:
        # botocore lets some faults of the body through as they are, and follows a redirect to itself for ever
        raise ObjectsUnavailable(str(error)) from error


def _meaning(error: ClientError) -> Exception:
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status == 404:
        return ObjectMissing(code)
    if status == 412 or code in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
        return ObjectExists(code)
    if status == 403 or code == "NotImplemented":
        return _Refused(f"{code}, {status}")
    return ObjectsUnavailable(f"{code} ({status})")


async def _parts(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in parts of one size; at least one part, so that an empty stream is an empty object."""
    waiting = bytearray()
    sent = False
    async for chunk in chunks:
        waiting += chunk
        while len(waiting) >= PART_BYTES:
            yield bytes(waiting[:PART_BYTES])
            del waiting[:PART_BYTES]
            sent = True
    if waiting or not sent:
        yield bytes(waiting)
