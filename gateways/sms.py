"""SMS to people: by a provider's HTTP interface, or into the catcher (1.1-12, 2.2-6, 3.1-6)."""

import asyncio
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import httpx

from gateways.errors import GatewayRefused, GatewayUnavailable
from gateways.outbox import Kind, Outbox

LIMIT_SECONDS = 10.0
MAY_PASS = frozenset({401, 403, 408, 425, 429})  # a wrong token is mended by people, the message waits


@dataclass(frozen=True, slots=True)
class Sms:
    id: UUID
    to: str
    text: str


class SmsGateway(Protocol):
    async def send(self, sms: Sms) -> None:
        """Hands the message over, or raises `GatewayUnavailable` (try again) or `GatewayRefused`."""
        ...


class HttpSms:
    """POSTs `{"to", "text", "id"}` with a bearer token; the id is also the idempotency key of the request."""

    def __init__(self, url: str, token: str, client: httpx.AsyncClient) -> None:
        self._url = url
        self._headers = {"authorization": f"Bearer {token}"} if token else {}
        self._client = client

    async def send(self, sms: Sms) -> None:
        body = {"to": sms.to, "text": sms.text, "id": str(sms.id)}
        headers = self._headers | {"idempotency-key": str(sms.id)}
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                answer = await self._client.post(self._url, json=body, headers=headers)
        except (httpx.HTTPError, TimeoutError) as error:
            raise GatewayUnavailable(f"sms: {type(error).__name__}") from error
        if 400 <= answer.status_code < 500 and answer.status_code not in MAY_PASS:
            raise GatewayRefused(f"sms: {answer.status_code}")
        if not answer.is_success:
            raise GatewayUnavailable(f"sms: {answer.status_code}")


class CaughtSms:
    """Messages kept in the outbox."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def send(self, sms: Sms) -> None:
        await asyncio.to_thread(self._outbox.put, Kind.SMS, sms.id, sms.to, sms.text)
