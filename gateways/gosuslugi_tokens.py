"""Tokens of ESIA: whose they are is checked before a word of them is believed (A59).

The usual libraries refuse what ESIA really sends: a `sub` that is a number, strange words in the header.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from gateways.gost_certificate import pem_to_der, public_key
from gateways.gost_curve import verify
from gateways.gosuslugi import GosuslugiUntrusted

LEEWAY = timedelta(seconds=60)
LONGEST_NUMBER = 20
RSA, GOST = "RS256", "GOST3410_2012_256"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class TrustedKey:
    """A key of ESIA, with the days between which it is believed; two overlap while ESIA changes its key."""

    key: RSAPublicKey | tuple[int, int]
    begins: datetime | None = None
    ends: datetime | None = None

    def good(self, now: datetime) -> bool:
        return (self.begins is None or self.begins <= now) and (self.ends is None or now < self.ends)

    def signed(self, algorithm: str, data: bytes, signature: bytes) -> bool:
        if isinstance(self.key, tuple):
            return algorithm == GOST and verify(self.key, data, signature)
        if algorithm != RSA:
            return False
        try:
            self.key.verify(signature, data, PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True


def read_key(data: bytes) -> RSAPublicKey | tuple[int, int]:
    """From a certificate with an RSA or a GOST key, or from a bare RSA key in PEM; `ValueError` otherwise."""
    if b"PUBLIC KEY" in data:
        bare = load_pem_public_key(data)
        if isinstance(bare, RSAPublicKey):
            return bare
        raise ValueError("not an RSA key")
    der = pem_to_der(data)
    try:
        return public_key(der)
    except ValueError:
        found = x509.load_der_x509_certificate(der).public_key()
        if isinstance(found, RSAPublicKey):
            return found
        raise


def issuer_of(url: str) -> str:
    """ESIA names itself in tokens by the http form of its own address."""
    return f"http://{url.partition('://')[2]}/"


@dataclass(frozen=True, slots=True)
class TokenCheck:
    """What tokens for this client must look like; `nonce` says that the portal is known to give it back."""

    issuer: str
    client_id: str
    keys: Sequence[TrustedKey]
    nonce: bool = True

    def id_token(self, token: str, nonce: str, now: datetime) -> Json:
        """Claims of a token about the person who has come with this attempt; `sub` as text."""
        claims = self._claims(token, now)
        audience = claims.get("aud")
        if self.client_id not in (audience if isinstance(audience, list) else [audience]):
            raise GosuslugiUntrusted("id_token: aud")
        if claims.get("nonce", nonce if not self.nonce else None) != nonce:
            raise GosuslugiUntrusted("id_token: nonce")
        return claims | {"sub": _whole_number(claims.get("sub"))}

    def access_token(self, token: str, now: datetime) -> Json:
        """Claims of a token for asking; the person's number as text."""
        claims = self._claims(token, now)
        if claims.get("client_id") != self.client_id:
            raise GosuslugiUntrusted("access_token: client_id")
        return claims | {"urn:esia:sbj_id": _whole_number(claims.get("urn:esia:sbj_id"))}

    def _claims(self, token: str, now: datetime) -> Json:
        try:
            signed, _, signature = token.rpartition(".")
            header, claims = (_json(part) for part in signed.split("."))
            self._signed(header, signed.encode("ascii"), _bytes(signature), now)
        except (ValueError, RecursionError) as error:  # binascii.Error is a ValueError
            raise GosuslugiUntrusted("token: shape") from error
        if claims.get("iss") != self.issuer:
            raise GosuslugiUntrusted("token: iss")
        _in_time(claims, now)
        return claims

    def _signed(self, header: Json, data: bytes, signature: bytes, now: datetime) -> None:
        algorithm = header.get("alg")
        if algorithm not in (RSA, GOST) or "crit" in header:
            raise GosuslugiUntrusted("token: alg")
        if not any(key.signed(algorithm, data, signature) for key in self.keys if key.good(now)):
            raise GosuslugiUntrusted("token: signature")


def _in_time(claims: Json, now: datetime) -> None:
    """Nothing is good for ever: a token without an end is refused too."""
    earliest, latest = (now - LEEWAY).timestamp(), (now + LEEWAY).timestamp()
    rules: dict[str, Callable[[float], bool]] = {
        "exp": lambda at: at > earliest,
        "nbf": lambda at: at <= latest,
        "iat": lambda at: at <= latest,
    }
    for name, good in rules.items():
        at = claims.get(name, 0 if name == "nbf" else None)
        if isinstance(at, bool) or not isinstance(at, int | float) or not good(at):
            raise GosuslugiUntrusted(f"token: {name}")


def _whole_number(value: object) -> str:
    """ESIA writes the number of a person as a number; others would have written it as text."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise GosuslugiUntrusted("token: subject")
    return text


def _json(part: str) -> Json:
    found = json.loads(_bytes(part))
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return cast(Json, found)


def _bytes(part: str) -> bytes:
    return urlsafe_b64decode(part.encode("ascii") + b"=" * (-len(part) % 4))
