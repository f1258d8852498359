"""Who signs for Gosuslugi: whatever makes the signature, whoever checks it says the same."""

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateways.errors import GatewayUnavailable
from gateways.gost_certificate import (
    NotACertificate,
    certificate_hash,
    pem_to_der,
    public_key,
    self_signed,
    to_pem,
)
from gateways.gost_curve import CRYPTOPRO_A, public_point, sign, verify
from gateways.gost_hash import streebog256
from gateways.gost_signer import ExternalCommand, PurePythonGost, Signer, draw_scalar, openssl_engine
from models.clock import SettableClock
from models.secrets import SeededSecrets, SystemSecrets
from tests.gost import key_pem, openssl

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SECRETS = SystemSecrets(SettableClock(NOW))
TEXT = b"NMOopenid fullname2026.11.24 09:00:00 +0000"
SIGN_BY_PYTHON = """
import sys
from gateways.gost_curve import sign
signature = sign(int(sys.argv[1]), sys.stdin.buffer.read(), 77)
sys.stdout.buffer.write(signature[::-1] if sys.argv[2] == "backwards" else signature)
"""


@pytest.fixture(scope="module")
def key() -> int:
    return draw_scalar(SECRETS)


@pytest.fixture(scope="module")
def folder(key: int, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key and its certificate as files; OpenSSL reads them if it has the engine."""
    made = tmp_path_factory.mktemp("gost")
    (made / "key.pem").write_bytes(key_pem(key))
    (made / "certificate.pem").write_bytes(to_pem(certificate(key)))
    return made


def certificate(key: int) -> bytes:
    return self_signed(key, "Песочница", NOW, NOW.replace(year=2036), draw_scalar(SECRETS))


def by_python(key: int, folder: Path) -> Signer:
    return PurePythonGost(key, SECRETS)


def by_openssl(key: int, folder: Path) -> Signer:
    openssl(folder, "version")
    return openssl_engine(folder / "key.pem", folder / "own.cnf")


def by_command(key: int, folder: Path) -> Signer:
    return ExternalCommand([sys.executable, "-c", SIGN_BY_PYTHON, str(key), "forwards"])


def by_command_of_cryptopro(key: int, folder: Path) -> Signer:
    command = [sys.executable, "-c", SIGN_BY_PYTHON, str(key), "backwards"]
    return ExternalCommand(command, backwards=True)


Make = Callable[[int, Path], Signer]
SIGNERS: tuple[Make, ...] = (by_python, by_openssl, by_command, by_command_of_cryptopro)


@pytest.mark.parametrize("make", SIGNERS)
def test_every_signer_is_believed_by_our_check(make: Make, key: int, folder: Path) -> None:
    signature = asyncio.run(make(key, folder).sign(TEXT))
    assert verify(public_point(key), TEXT, signature)
    assert not verify(public_point(key), TEXT + b".", signature)


@pytest.mark.parametrize("make", SIGNERS)
def test_every_signer_is_believed_by_openssl(make: Make, key: int, folder: Path, tmp_path: Path) -> None:
    public = openssl(folder, "x509", "-in", str(folder / "certificate.pem"), "-pubkey", "-noout")
    (tmp_path / "public.pem").write_bytes(public)
    (tmp_path / "signature").write_bytes(asyncio.run(make(key, folder).sign(TEXT)))
    check = ("-verify", str(tmp_path / "public.pem"), "-signature", str(tmp_path / "signature"))
    assert openssl(folder, "dgst", "-md_gost12_256", *check, data=TEXT) == b"Verified OK\n"


def test_a_certificate_of_ours_is_a_certificate_to_openssl(folder: Path) -> None:
    file = str(folder / "certificate.pem")
    assert b"OK" in openssl(folder, "verify", "-CAfile", file, file)
    der = openssl(folder, "x509", "-in", file, "-outform", "DER")
    wanted = openssl(folder, "dgst", "-md_gost12_256", "-binary", data=der)
    assert certificate_hash(pem_to_der(Path(file).read_bytes())) == wanted.hex()


def test_a_certificate_made_by_openssl_is_read(folder: Path, tmp_path: Path) -> None:
    new = (
        "-newkey",
        "gost2012_256",
        "-pkeyopt",
        "paramset:A",
        "-nodes",
        "-keyout",
        str(tmp_path / "key.pem"),
    )
    der = openssl(folder, "req", "-x509", *new, "-subj", "/CN=test", "-outform", "DER")
    signer = openssl_engine(tmp_path / "key.pem", tmp_path / "own.cnf")
    assert verify(public_key(der), TEXT, asyncio.run(signer.sign(TEXT)))


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 200])
def test_our_hash_is_openssls(folder: Path, length: int) -> None:
    data = bytes(range(200))[:length]
    assert openssl(folder, "dgst", "-md_gost12_256", "-binary", data=data) == streebog256(data)


def test_files_that_are_no_gost_certificates_are_told_so(key: int) -> None:
    der = certificate(key)
    assert public_key(pem_to_der(to_pem(der))) == public_point(key)
    for wrong in (
        b"",
        b"text",
        der[:100],
        der.replace(bytes.fromhex("2a850302022301"), bytes.fromhex("2a850302022302")),
    ):
        with pytest.raises(NotACertificate):
            public_key(wrong)


COMMANDS = {
    "is not there": ["/no/such/program"],
    "fails": [sys.executable, "-c", "raise SystemExit(3)"],
    "says too little": [sys.executable, "-c", "print('short')"],
}


@pytest.mark.parametrize("case", COMMANDS)
def test_a_command_that_does_not_sign_is_an_outage(case: str) -> None:
    with pytest.raises(GatewayUnavailable):
        asyncio.run(ExternalCommand(COMMANDS[case]).sign(TEXT))


def test_a_command_that_hangs_is_given_up_and_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("gateways.gost_signer.LIMIT_SECONDS", 1)
    file = tmp_path / "number"
    script = f"import os, time; open({str(file)!r}, 'w').write(str(os.getpid())); time.sleep(30)"
    with pytest.raises(GatewayUnavailable):
        asyncio.run(ExternalCommand([sys.executable, "-c", script]).sign(TEXT))
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)


def test_scalars_are_in_range_and_never_the_same() -> None:
    drawn = [draw_scalar(SeededSecrets(SettableClock(NOW), seed)) for seed in range(200)]
    assert all(0 < scalar < CRYPTOPRO_A.q for scalar in drawn)
    assert len(set(drawn)) == 200


@pytest.mark.parametrize("nonce", [0, CRYPTOPRO_A.q])
def test_a_nonce_that_gives_the_key_away_is_refused(key: int, nonce: int) -> None:
    with pytest.raises(ValueError, match="nonce"):
        sign(key, TEXT, nonce)


@pytest.mark.parametrize(
    "signature", [b"", bytes(64), bytes(63), b"\xff" * 64, bytes(32) + b"\x01" * 32, b"\x01" * 32 + bytes(32)]
)
def test_signatures_out_of_range_are_refused(key: int, signature: bytes) -> None:
    assert not verify(public_point(key), TEXT, signature)
    assert not verify((1, 1), TEXT, signature)
