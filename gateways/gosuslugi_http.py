"""Gosuslugi (ESIA) over HTTP: authorisation by code with GOST signatures, tokens, the person (2.1, A32, A58-A66).

No redirect is followed, no answer is larger than a megabyte, and the whole of a call takes five seconds at most.
"""

import asyncio
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast
from urllib.parse import urlencode

import httpx

from gateways.errors import GatewayUnavailable
from gateways.gost_signer import Signer
from gateways.gosuslugi import Attempt, GosuslugiPerson, GosuslugiRefused, GosuslugiUntrusted, Grant
from gateways.gosuslugi_codes import PASSING, SCOPES
from gateways.gosuslugi_person import PARTS, elements, to_person
from gateways.gosuslugi_tokens import Json, TokenCheck
from models.clock import Clock
from models.secrets import Secrets

LIMIT_SECONDS = 5.0
LARGEST_ANSWER = 1024 * 1024
MAY_PASS = frozenset({408, 425, 429})
CODE = re.compile(r"ESIA-\d{6}")
NO_PERMISSION = "ESIA-007019"
EMBED = ",".join(f"{name}.elements" for name in PARTS)


@dataclass(frozen=True, slots=True)
class EsiaSystem:
    """We, as ESIA has us in its register."""

    url: str
    client_id: str
    certificate_hash: str
    scopes: tuple[str, ...] = SCOPES

    @property
    def scope(self) -> str:
        return " ".join(self.scopes)


class EsiaGosuslugi:
    """The adapter of the port `Gosuslugi`; how requests are signed is told in docs/gosuslugi.md."""

    def __init__(
        self,
        system: EsiaSystem,
        signer: Signer,
        tokens: TokenCheck,
        client: httpx.AsyncClient,
        clock: Clock,
        secrets: Secrets,
    ) -> None:
        self._system = system
        self._signer = signer
        self._tokens = tokens
        self._client = client
        self._clock = clock
        self._secrets = secrets

    async def authorization_url(self, attempt: Attempt) -> str:
        challenge = urlsafe_b64encode(sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            **await self._signed(attempt.state, attempt.redirect_uri),
            "redirect_uri": attempt.redirect_uri,
            "response_type": "code",
            "access_type": "offline",
            "nonce": attempt.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._system.url}/aas/oauth2/v2/ac?{urlencode(asked)}"

    async def exchange(self, attempt: Attempt, code: str) -> Grant:
        async with _deadline():
            answer = await self._tokens_for(
                attempt.redirect_uri + code,
                grant_type="authorization_code",
                code=code,
                redirect_uri=attempt.redirect_uri,
                code_verifier=attempt.verifier,
            )
            now = self._clock.now()
            claims = self._tokens.id_token(_word(answer, "id_token"), attempt.nonce, now)
            return await self._grant(answer, claims["sub"])

    async def renew(self, refresh_token: str) -> Grant:
        async with _deadline():
            answer = await self._tokens_for(
                refresh_token, grant_type="refresh_token", refresh_token=refresh_token
            )
            return await self._grant(answer)

    async def _signed(self, state: str, rest: str) -> dict[str, str]:
        """What every request begins with; `rest` is what it signs beside."""
        system = self._system
        timestamp = self._clock.now().strftime("%Y.%m.%d %H:%M:%S %z")
        text = f"{system.client_id}{system.scope}{timestamp}{state}{rest}"
        signature = await self._signer.sign(text.encode())
        return {
            "client_id": system.client_id,
            "client_certificate_hash": system.certificate_hash,
            "client_secret": urlsafe_b64encode(signature).rstrip(b"=").decode(),
            "scope": system.scope,
            "state": state,
            "timestamp": timestamp,
        }

    async def _tokens_for(self, signed_beside: str, **asked: str) -> Json:
        state = str(self._secrets.uuid())
        form = {**await self._signed(state, signed_beside), "token_type": "Bearer", **asked}
        answer = await self._ask("POST", "/aas/oauth2/v3/te", data=form)
        if answer.get("state") != state:
            raise GosuslugiUntrusted("token answer: state")
        return answer

    async def _grant(self, answer: Json, expected: str | None = None) -> Grant:
        token = _word(answer, "access_token")
        claims = self._tokens.access_token(token, self._clock.now())
        oid = claims["urn:esia:sbj_id"]
        if expected not in (None, oid):
            raise GosuslugiUntrusted("tokens: two persons")
        scopes = tuple(part.partition("?")[0] for part in str(claims.get("scope", "")).split())
        refresh = answer.get("refresh_token")
        return Grant(await self._person(oid, token), scopes, refresh if isinstance(refresh, str) else None)

    async def _person(self, oid: str, token: str) -> GosuslugiPerson:
        headers = {"authorization": f"Bearer {token}"}
        path = f"/rs/prns/{oid}"
        record = await self._ask("GET", f"{path}?embed=({EMBED})", headers=headers)
        parts: dict[str, list[Json]] = {}
        for name, place in PARTS.items():
            found = elements(record.get(name))
            if found is None:
                found = elements(await self._ask("GET", f"{path}/{place}?embed=(elements)", headers=headers))
            parts[name] = found or []
        return to_person(oid, record, parts)

    async def _ask(self, method: str, path: str, **request: Any) -> Json:
        """One JSON object, or the reason why there is none."""
        given: dict[str, str] = request.pop("headers", {})
        stream = self._client.stream(
            method,
            self._system.url + path,
            headers={**given, "accept": "application/json", "accept-encoding": "identity"},
            follow_redirects=False,
            timeout=LIMIT_SECONDS,
            **request,
        )
        async with stream as answer:
            body = bytearray()
            async for part in answer.aiter_raw():
                body += part
                if len(body) > LARGEST_ANSWER:
                    raise GatewayUnavailable("gosuslugi: the answer is too large")
        return _meaning(answer.status_code, bytes(body))


@asynccontextmanager
async def _deadline() -> AsyncGenerator[None, None]:
    """One limit for all the calls of a use."""
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            yield
    except (httpx.HTTPError, TimeoutError) as error:
        raise GatewayUnavailable(f"gosuslugi: {type(error).__name__}") from error


def _meaning(status: int, body: bytes) -> Json:
    """Whatever is not JSON comes from something that stands in for ESIA, and is no refusal."""
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise GatewayUnavailable(f"gosuslugi: {status}, not JSON") from error
    if not isinstance(found, dict) or status >= 500 or 300 <= status < 400 or status in MAY_PASS:
        raise GatewayUnavailable(f"gosuslugi: {status}")
    answer = cast(Json, found)
    if status < 300 and "error" not in answer:
        return answer
    named = CODE.search(f"{answer.get('error_description')} {answer.get('code')} {answer.get('message')}")
    code = named[0] if named else NO_PERMISSION if status in (401, 403) else str(answer.get("error", status))
    if code in PASSING:
        raise GatewayUnavailable(f"gosuslugi: {code}")
    raise GosuslugiRefused(code)


def _word(answer: Json, name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str):
        raise GosuslugiUntrusted(f"token answer: no {name}")
    return value
