"""The keys of the embedded object server: made once, kept in its folder, readable by its owner only."""

import json
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from storage.folders import OwnedFolder, write_private

SIGNED = ("jwt.signing", "jwt.signing.read", "jwt.filer_signing", "jwt.filer_signing.read")
SPEAKERS = ("master", "volume", "filer", "s3", "admin", "worker", "client")
# The certificate never leaves the folder, so its dates only have to include every clock.
BORN, DIES = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


def write_keys(owned: OwnedFolder, access_key: str, secret_key: str) -> None:
    """Who may use S3, and what the server's own parts show one another."""
    if not (owned.path / "node.crt").exists():
        _write_certificate(owned.path)
    write_private(owned.path / "identities.json", _identities(access_key, secret_key))
    write_private(owned.path / "security.toml", _security(owned))


def _identities(access_key: str, secret_key: str) -> str:
    credentials = [{"accessKey": access_key, "secretKey": secret_key}]
    identity = {"name": "nmo", "credentials": credentials, "actions": ["Admin", "Read", "Write", "List"]}
    return json.dumps({"identities": [identity]})


def _security(owned: OwnedFolder) -> str:
    signed = [f'[{part}]\nkey = "{owned.secret(f"{part}.key")}"' for part in SIGNED]
    spoken = [f'[grpc.{part}]\ncert = "node.crt"\nkey = "node.key"' for part in SPEAKERS]
    return "\n".join([*signed, '[grpc]\nca = "ca.crt"', *spoken, ""])


def _write_certificate(folder: Path) -> None:
    """A certificate of an authority whose key is forgotten at once: nobody else can ever get one."""
    authority, node = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("nmo-objects", authority, authority, is_authority=True)
    leaf = _certificate("nmo-node", node, authority, is_authority=False)
    private = node.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private(folder / "ca.crt", root.public_bytes(Encoding.PEM).decode())
    write_private(folder / "node.key", private.decode())
    write_private(folder / "node.crt", leaf.public_bytes(Encoding.PEM).decode())


def _certificate(
    name: str, owner: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey, *, is_authority: bool
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name("nmo-objects"))
        .public_key(owner.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BORN)
        .not_valid_after(DIES)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    return builder.sign(signer, hashes.SHA256())


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
