"""The hour by which the object store lives: it refuses what is signed more than a quarter of an hour off.

Its answers carry their date. Where that and our clock part, requests, links and forms are signed by the store's.
"""

import base64
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any, Protocol

import botocore.auth

from models.clock import Clock

TOLERATED = timedelta(minutes=1)
STAMP = "%Y%m%dT%H%M%SZ"
SIGNER = "s3v4-by-the-store"
HOUR = "hour_of_the_store"
BEFORE_SIGNING = "_modify_request_before_signing"


class StoreClock:
    """Ours, put right by what the store says."""

    def __init__(self, clock: Clock) -> None:
        self.ahead = timedelta()
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now() + self.ahead

    def attach(self, events: Any) -> None:
        """Sign every request of a client by this clock, and listen to every answer."""
        events.register("choose-signer.s3", self._signer)
        events.register("before-sign.s3", self._stamp)
        events.register("after-call.s3", self._hear)

    def _signer(self, **_: object) -> str:
        return SIGNER

    def _stamp(self, request: Any, **_: object) -> None:
        request.context[HOUR] = self.now().strftime(STAMP)

    def _hear(self, http_response: Any, **_: object) -> None:
        said = http_response.headers.get("Date")
        if said and abs(parsedate_to_datetime(said) - self.now()) > TOLERATED:
            self.ahead = parsedate_to_datetime(said) - self._clock.now()


def _stamped(kind: type) -> Any:
    """This way of signing, by the hour that the request carries."""
    before = getattr(kind, BEFORE_SIGNING)

    def modify(self: object, request: Any) -> None:
        request.context["timestamp"] = request.context[HOUR]
        before(self, request)

    return type(kind.__name__, (kind,), {BEFORE_SIGNING: modify})


botocore.auth.AUTH_TYPE_MAPS |= {
    SIGNER: _stamped(botocore.auth.S3SigV4Auth),
    f"{SIGNER}-query": _stamped(botocore.auth.S3SigV4QueryAuth),
    f"{SIGNER}-presign-post": botocore.auth.S3SigV4PostAuth,  # its address is used, its fields are `signed_form`
}


class Account(Protocol):
    """Who signs, and where."""

    @property
    def access_key(self) -> str: ...
    @property
    def secret_key(self) -> str: ...
    @property
    def region(self) -> str: ...


def signed_form(
    account: Account, now: datetime, seconds: int, fields: Mapping[str, str], *rules: object
) -> dict[str, str]:
    """The fields of a form that a browser may post until it expires (AWS Signature Version 4, POST)."""
    day = now.astimezone(UTC).strftime("%Y%m%d")
    scope = [day, account.region, "s3", "aws4_request"]
    given = {
        **fields,
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": "/".join([account.access_key, *scope]),
        "x-amz-date": now.strftime(STAMP),
    }
    policy = {
        "expiration": f"{now + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}",
        "conditions": [*({name: value} for name, value in given.items()), *rules],
    }
    text = base64.b64encode(json.dumps(policy).encode()).decode()
    key = f"AWS4{account.secret_key}".encode()
    for part in (*scope, text):
        key = hmac.digest(key, part.encode(), sha256)
    return {**given, "policy": text, "x-amz-signature": key.hex()}
