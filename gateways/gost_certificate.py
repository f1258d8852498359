"""Certificates with GOST keys: which key is inside, by which hash ESIA knows them, and one of our own for the sandbox.

The usual libraries refuse GOST keys, so the few fields that matter are read and written here (X.690, RFC 9215).
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import datetime

from gateways.gost_curve import SIZE, public_point, sign
from gateways.gost_hash import streebog256

SEQUENCE, SET, INTEGER, BITS, OCTETS = 0x30, 0x31, 0x02, 0x03, 0x04
TIME, TEXT, VERSION, OID = 0x18, 0x0C, 0xA0, 0x06
GOST_KEY = bytes.fromhex("2a85030701010101")  # 1.2.643.7.1.1.1.1
GOST_SIGNATURE = bytes.fromhex("2a85030701010302")  # 1.2.643.7.1.1.3.2
STREEBOG = bytes.fromhex("2a85030701010202")  # 1.2.643.7.1.1.2.2
CRYPTOPRO_A = bytes.fromhex("2a850302022301")  # 1.2.643.2.2.35.1, the curve of gost_curve
# The same curve under its other names: for exchange (1.2.643.2.2.36.0), and TC26's set B (1.2.643.7.1.2.1.1.2).
SAME_CURVE = (CRYPTOPRO_A, bytes.fromhex("2a850302022400"), bytes.fromhex("2a8503070102010102"))
COMMON_NAME = bytes.fromhex("550403")


class NotACertificate(ValueError):
    """The bytes are no certificate with a GOST key on the curve that we know."""


def certificate_hash(der: bytes) -> str:
    """What ESIA asks for as `client_certificate_hash`: over the DER form, 64 hexadecimal digits."""
    return streebog256(der).hex()


def pem_to_der(data: bytes) -> bytes:
    """DER from either form of a file."""
    begin, _, rest = data.partition(b"-----BEGIN CERTIFICATE-----")
    return b64decode(rest.partition(b"-----END")[0]) if rest else begin


def to_pem(der: bytes) -> bytes:
    """The form that OpenSSL reads without being told."""
    text = b64encode(der)
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return b"\n".join([b"-----BEGIN CERTIFICATE-----", *lines, b"-----END CERTIFICATE-----", b""])


def public_key(der: bytes) -> tuple[int, int]:
    """The point of the certificate's key."""
    try:
        signed = dict(enumerate(_parts(_content(_content(der, SEQUENCE), SEQUENCE))))
        shift = 1 if signed[0][0] == VERSION else 0
        algorithm, key = _parts(signed[5 + shift][1])
        kind, parameters = _parts(algorithm[1])
        curve = next(_parts(parameters[1]))
        point = _content(key[1][1:], OCTETS)
    except (IndexError, KeyError, StopIteration, ValueError) as error:
        raise NotACertificate("the certificate cannot be read") from error
    if kind[1] != GOST_KEY or curve[1] not in SAME_CURVE or len(point) != 2 * SIZE:
        raise NotACertificate("the key is not GOST R 34.10-2012 on the curve A of CryptoPro")
    return int.from_bytes(point[:SIZE], "little"), int.from_bytes(point[SIZE:], "little")


def self_signed(key: int, name: str, begins: datetime, ends: datetime, nonce: int) -> bytes:
    """A certificate for tests and the sandbox: nobody vouches for it."""
    algorithm = _der(SEQUENCE, _der(OID, GOST_SIGNATURE))
    owner = _der(SEQUENCE, _der(SET, _der(SEQUENCE, _der(OID, COMMON_NAME) + _der(TEXT, name.encode()))))
    body = _der(
        SEQUENCE,
        _der(VERSION, _der(INTEGER, b"\x02"))
        + _der(INTEGER, b"\x01")
        + algorithm
        + owner
        + _der(SEQUENCE, _time(begins) + _time(ends))
        + owner
        + _subject_key(key),
    )
    return _der(SEQUENCE, body + algorithm + _der(BITS, b"\x00" + sign(key, body, nonce)))


def _subject_key(key: int) -> bytes:
    x, y = public_point(key)
    point = _der(OCTETS, x.to_bytes(SIZE, "little") + y.to_bytes(SIZE, "little"))
    parameters = _der(SEQUENCE, _der(OID, CRYPTOPRO_A) + _der(OID, STREEBOG))
    return _der(SEQUENCE, _der(SEQUENCE, _der(OID, GOST_KEY) + parameters) + _der(BITS, b"\x00" + point))


def _time(at: datetime) -> bytes:
    return _der(TIME, f"{at:%Y%m%d%H%M%SZ}".encode())


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + content


def _content(data: bytes, tag: int) -> bytes:
    found, content = next(_parts(data))
    if found != tag:
        raise ValueError(f"tag {found} in place of {tag}")
    return content


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements that follow one another."""
    at = 0
    while at < len(data):
        tag, size, at = data[at], data[at + 1], at + 2
        if size & 0x80:
            wide = size & 0x7F
            size, at = int.from_bytes(data[at : at + wide]), at + wide
        if at + size > len(data):
            raise ValueError("the element does not end")
        yield tag, data[at : at + size]
        at += size
