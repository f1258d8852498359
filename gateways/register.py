"""The state register that personal data is compared with (1.1.1-17, 1.1.1-26..28, 2.2-2, A6).

No answer is not a refusal: `GatewayUnavailable` means "ask again later", never "the data is wrong".
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from gateways.errors import GatewayUnavailable
from models.personal_data import PersonalData
from models.personal_record import to_record

LIMIT_SECONDS = 10.0
LARGEST_ANSWER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Match:
    """Everything is as the register has it."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Names of the fields of the form that differ, in the order of the form."""

    fields: tuple[str, ...]


class Register(Protocol):
    async def check(self, person: PersonalData) -> Match | Mismatch:
        """Compares, or raises `GatewayUnavailable`."""
        ...


class HttpRegister:
    """POSTs the data with a bearer token; answers are `{"match": true}` and `{"fields": ["lastName"]}`."""

    def __init__(self, url: str, token: str, client: httpx.AsyncClient) -> None:
        self._url = url
        self._headers = {"authorization": f"Bearer {token}"} if token else {}
        self._client = client

    async def check(self, person: PersonalData) -> Match | Mismatch:
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                return await self._ask(to_record(person))
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            raise GatewayUnavailable(f"register: {type(error).__name__}") from error

    async def _ask(self, record: dict[str, Any]) -> Match | Mismatch:
        request = self._client.stream("POST", self._url, json=record, headers=self._headers)
        async with request as answer:
            answer.raise_for_status()
            body = bytearray()
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > LARGEST_ANSWER:
                    raise ValueError("the answer is too large")
        return _verdict(httpx.Response(200, content=bytes(body)).json())


def _verdict(answer: Any) -> Match | Mismatch:
    match answer:
        case {"match": True}:
            return Match()
        case {"fields": [str(), *_] as fields} if all(isinstance(field, str) for field in fields):
            return Mismatch(tuple(fields))
        case _:
            raise ValueError("the answer has another shape")
