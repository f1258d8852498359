"""Tokens of the sandbox in the shape that ESIA gives them, whole or broken in one of the ways that tests need (A59)."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from gateways.gost_curve import sign
from gateways.gost_signer import draw_scalar
from gateways.gosuslugi_tokens import RSA
from models.secrets import Secrets
from web.sandbox.gosuslugi_keys import SandboxKeys
from web.sandbox.gosuslugi_people import Citizen

Json = dict[str, Any]
LIFE = 3600
DAY = 86400
# How a token can be broken: claims in place of the right ones; `sig`, `none` and `hs256` break the seal itself.
WRONG: dict[str, Json] = {
    "iss": {"iss": "http://esia.example/"},
    "aud": {"aud": "OTHER"},
    "client": {"client_id": "OTHER"},
    "nonce": {"nonce": "other"},
    "no_nonce": {"nonce": None},
    "sub": {"sub": 1000999999},
    "text_sub": {"sub": "somebody"},
    "no_exp": {"exp": None},
}
SEALS = ("sig", "none", "hs256")
LATE: dict[str, Json] = {"exp": {"exp": -DAY}, "nbf": {"nbf": DAY}, "iat": {"iat": DAY}}


@dataclass(frozen=True, slots=True)
class Issuer:
    """The portal as the maker of tokens."""

    name: str
    keys: SandboxKeys
    secrets: Secrets

    def access_token(self, citizen: Citizen, turn: "Turn", scope: str) -> str:
        claims = {
            "client_id": turn.client_id,
            "urn:esia:sid": turn.session,
            "urn:esia:sbj_id": citizen.oid,
            "scope": " ".join(f"{part}?oid={citizen.oid}" for part in scope.split()),
        }
        return self._token("access", claims, turn)

    def id_token(self, citizen: Citizen, turn: "Turn", nonce: str) -> str:
        subject: Json = {"urn:esia:sbj:typ": "P", "urn:esia:sbj:lvl": citizen.level}
        subject |= {"urn:esia:sbj:oid": citizen.oid, "urn:esia:sbj:nam": citizen.name}
        if citizen.trusted:
            subject["urn:esia:sbj:is_tru"] = True
        claims = {
            "aud": turn.client_id,
            "sub": citizen.oid,
            "auth_time": turn.now,
            "amr": "PWD",
            "urn:esia:amd": "PWD",
            "urn:esia:sid": turn.session,
            "urn:esia:sbj": subject,
            "nonce": nonce or None,
        }
        return self._token("id", claims, turn)

    def _token(self, kind: str, claims: Json, turn: "Turn") -> str:
        claims |= {"iss": self.name, "nbf": turn.now, "iat": turn.now, "exp": turn.now + LIFE}
        claims |= {name: value for name, value in WRONG.get(turn.broken, {}).items() if name in claims}
        claims |= {name: turn.now + value for name, value in LATE.get(turn.broken, {}).items()}
        header = {"ver": 1, "typ": "JWT", "sbt": kind, "alg": turn.algorithm}
        if turn.broken in ("none", "hs256"):
            header["alg"] = turn.broken
        present = {name: value for name, value in claims.items() if value is not None}
        signed = f"{_part(header)}.{_part(present)}"
        seal = b"" if turn.broken == "none" else self._seal(signed.encode(), turn)
        return f"{signed}.{_text(seal)}"

    def _seal(self, data: bytes, turn: "Turn") -> bytes:
        data = b"other" if turn.broken == "sig" else data
        if turn.algorithm == RSA:
            return self.keys.rsa[turn.key].sign(data, PKCS1v15(), SHA256())
        return sign(self.keys.gost[turn.key], data, draw_scalar(self.secrets))


@dataclass(frozen=True, slots=True)
class Turn:
    """For whom and when a pair of tokens is made, by which key, and how broken."""

    client_id: str
    session: str
    now: int
    algorithm: str = RSA
    key: int = 0
    broken: str = ""


def _part(value: Json) -> str:
    return _text(json.dumps(value, ensure_ascii=False).encode())


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
