"""OpenSSL as a second opinion on GOST, where the machine has its engine."""

import subprocess
from base64 import b64encode
from pathlib import Path

import pytest

from gateways.gost_signer import ENGINE

# A private key on the curve A of CryptoPro up to its 32 bytes (PKCS #8, RFC 9215).
BEGINS = "3048020100301f06082a85030701010101301306072a85030202230106082a8503070101020204220420"


def key_pem(key: int) -> bytes:
    """The key as the engine reads it."""
    text = b64encode(bytes.fromhex(BEGINS) + key.to_bytes(32, "little")).decode()
    return f"-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n".encode()


def openssl(folder: Path, *arguments: str, data: bytes = b"") -> bytes:
    """OpenSSL with its GOST engine; skips the test where the machine has none."""
    (folder / "openssl.cnf").write_text(ENGINE)
    environment = {"OPENSSL_CONF": str(folder / "openssl.cnf"), "PATH": "/usr/bin:/bin"}
    probe = subprocess.run(["openssl", "engine", "gost"], env=environment, capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("OpenSSL has no GOST engine here (Debian: libengine-gost-openssl)")
    command = ["openssl", *arguments]
    return subprocess.run(command, env=environment, input=data, capture_output=True, check=True).stdout
