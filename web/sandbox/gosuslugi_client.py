"""How the sandbox knows a client: its register of systems, and the checks that ESIA makes of every request (A58, A60)."""

import hashlib
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateways.gost_certificate import certificate_hash, public_key, to_pem
from gateways.gost_curve import verify
from gateways.gost_hash import streebog256
from gateways.gosuslugi_codes import SCOPES

STALE = timedelta(minutes=5)
SIGNED_TOO = "scope_org"


class EsiaError(Exception):
    """A refusal under ESIA's code; the note says in the journal what an engineer would want to hear."""

    def __init__(self, code: str, note: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.note = note


@dataclass(frozen=True, slots=True)
class ClientSystem:
    """A system in the register, with the origins it may send people back to."""

    client_id: str
    certificate: bytes
    origins: frozenset[str]
    scopes: frozenset[str] = frozenset(SCOPES)

    def may_return_to(self, address: str) -> bool:
        return any(address == origin or address.startswith(f"{origin}/") for origin in self.origins)


def one_of_each(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Parameters by name; a repeated one is a mistake."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise EsiaError("ESIA-007003", "a parameter is repeated")
    return found


def needed(given: Mapping[str, str], *names: str) -> None:
    for name in names:
        if not given.get(name):
            raise EsiaError("ESIA-007013" if name == "scope" else "ESIA-007014", f"no {name}")


def check_client(system: ClientSystem, given: Mapping[str, str], now: datetime, *endings: str) -> str:
    """Scope, time, certificate and signature; returns which of the allowed endings of the signed text fits."""
    needed(given, "client_certificate_hash", "client_secret", "scope", "state", "timestamp")
    if unknown := set(given["scope"].split()) - system.scopes:
        raise EsiaError("ESIA-007006", f"unknown scopes: {' '.join(sorted(unknown))}")
    _check_time(given["timestamp"], now)
    _check_certificate(system, given["client_certificate_hash"])
    signature = _signature(given["client_secret"])
    begins = given["client_id"] + given["scope"] + given.get(SIGNED_TOO, "")
    begins += given["timestamp"] + given["state"]
    for ending in endings:
        if verify(public_key(system.certificate), (begins + ending).encode(), signature):
            return ending
    raise EsiaError("ESIA-007053", _signature_note(system, begins + endings[0], signature))


def _check_time(text: str, now: datetime) -> None:
    try:
        at = datetime.strptime(text, "%Y.%m.%d %H:%M:%S %z")
    except ValueError as error:
        raise EsiaError("ESIA-007015", "the timestamp is written yyyy.MM.dd HH:mm:ss ±hhmm") from error
    if abs(at - now) > STALE:
        raise EsiaError("ESIA-007015", f"the timestamp is {at - now} away from the portal's time")


def _check_certificate(system: ClientSystem, given: str) -> None:
    right = certificate_hash(system.certificate)
    if given.lower() == right:
        return
    der = system.certificate
    mistakes = {
        hashlib.sha1(der).hexdigest(): "this is SHA-1 of the certificate",  # noqa: S324 - to name the mistake
        hashlib.sha256(der).hexdigest(): "this is SHA-256 of the certificate",
        streebog256(to_pem(der)).hex(): "this is the hash of the PEM file, not of its DER form",
    }
    note = mistakes.get(given.lower(), "the hash is of another certificate")
    raise EsiaError("ESIA-007053", f"{note}; GOST R 34.11-2012 with 256 bits over DER is wanted")


def _signature(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError as error:
        raise EsiaError("ESIA-007053", "client_secret is not base64url") from error


def _signature_note(system: ClientSystem, text: str, signature: bytes) -> str:
    if len(signature) > 100:
        return "client_secret looks like PKCS#7; a raw signature of 64 bytes is wanted since version 2.90"
    key = public_key(system.certificate)
    if verify(key, text.encode(), signature[::-1]):
        return "the bytes are in CryptoPro's order: turn them round"
    if verify(key, text.encode(), signature[32:] + signature[:32]):
        return "the halves change places: s comes before r"
    return "the signature is not of client_id + scope + timestamp + state + what the request adds"
