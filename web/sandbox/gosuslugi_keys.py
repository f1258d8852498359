"""Keys of the sandbox of Gosuslugi, made once for a data folder: our system's, and two of each kind of the portal's."""

import fcntl
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from gateways.gost_certificate import self_signed
from gateways.gost_curve import public_point
from gateways.gost_signer import draw_scalar
from gateways.gosuslugi_tokens import TrustedKey
from models.secrets import Secrets
from storage.folders import write_private

NAME = "Песочница НМО"  # in the certificate; production knows it by this
BEGINS, ENDS = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 1, 1, tzinfo=UTC)
PORTAL = ("first", "second")


@dataclass(frozen=True, slots=True, repr=False)
class SandboxKeys:
    """`client` signs our requests; the portal signs tokens by the key whose turn it is."""

    client: int
    certificate: bytes
    gost: tuple[int, ...]
    rsa: tuple[RSAPrivateKey, ...]
    trusted: tuple[TrustedKey, ...]


def sandbox_keys(folder: Path, secrets: Secrets) -> SandboxKeys:
    """Those of the folder, made if they are not there; two processes that start together get the same."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "keys.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        client = _gost(folder / "client.gost", secrets)
        certificate = _certificate(folder / "client.certificate", client, secrets)
        gost = tuple(_gost(folder / f"{name}.gost", secrets) for name in PORTAL)
        rsa = tuple(_rsa(folder / f"{name}.pem") for name in PORTAL)
    by_rsa, by_gost = (
        (TrustedKey(key.public_key()) for key in rsa),
        (TrustedKey(_point(key)) for key in gost),
    )
    return SandboxKeys(client, certificate, gost, rsa, (*by_rsa, *by_gost))


@cache
def _point(key: int) -> tuple[int, int]:
    """A hundredth of a second of arithmetic, asked for by every part that is given the keys."""
    return public_point(key)


def _gost(file: Path, secrets: Secrets) -> int:
    if not file.exists():
        write_private(file, f"{draw_scalar(secrets):064x}")
    return int(file.read_text("ascii"), 16)


def _certificate(file: Path, key: int, secrets: Secrets) -> bytes:
    """Kept, since each signing gives other bytes and so another hash."""
    if not file.exists():
        write_private(file, self_signed(key, NAME, BEGINS, ENDS, draw_scalar(secrets)).hex())
    return bytes.fromhex(file.read_text("ascii"))


def _rsa(file: Path) -> RSAPrivateKey:
    if not file.exists():
        made = generate_private_key(public_exponent=65537, key_size=2048)
        pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_private(file, pem.decode("ascii"))
    # Our own file: its primes need not be proved again at every start.
    found = load_pem_private_key(file.read_bytes(), None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(found, RSAPrivateKey):
        raise ValueError(f"{file} holds another key")
    return found
