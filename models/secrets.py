"""Randomness as a port: tokens, short codes and ids (1.1-12, 1.1-13, 1.2-6).

A token or a code is never stored: only its fingerprint is, and `same` compares without a timing hint.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from random import Random
from typing import Protocol
from uuid import UUID

from models.clock import Clock

TOKEN_BYTES = 32
COUNTER_BITS = 12
CODE_DIGITS = 6


class Secrets(Protocol):
    """What must not be guessed, and ids that sort by time."""

    def token(self) -> str:
        """256 random bits, safe in an address."""
        ...

    def code(self) -> str:
        """Six random digits to type by hand."""
        ...

    def uuid(self) -> UUID:
        """An id of version 7: its order is the order of time."""
        ...


class _Drawn:
    """Shapes drawn bytes into tokens, codes and ids; where the bytes come from is the subclass's word."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._latest = 0

    def _draw(self, size: int) -> bytes:
        raise NotImplementedError

    def token(self) -> str:
        return urlsafe_b64encode(self._draw(TOKEN_BYTES)).rstrip(b"=").decode()

    def code(self) -> str:
        # 64 bits over a million codes: the bias of the remainder is below one in 10^13
        return f"{int.from_bytes(self._draw(8)) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"

    def uuid(self) -> UUID:
        # Time and a counter of those made within a millisecond; both go on from the latest when the clock stands or
        # is put back, so that the order of ids is that of making (RFC 9562, 6.2, method 1).
        now = int(self._clock.now().timestamp() * 1000) << COUNTER_BITS
        self._latest = max(now, self._latest + 1)
        milliseconds, counter = divmod(self._latest, 1 << COUNTER_BITS)
        drawn = int.from_bytes(self._draw(8)) >> 2
        return uuid7(milliseconds, (counter << 62 | drawn).to_bytes(10))


class SystemSecrets(_Drawn):
    """The randomness of the operating system."""

    def _draw(self, size: int) -> bytes:
        return secrets.token_bytes(size)


class SeededSecrets(_Drawn):
    """The same secrets for the same seed: for tests and repeatable demonstrations, never for people."""

    def __init__(self, clock: Clock, seed: int = 0) -> None:
        super().__init__(clock)
        self._random = Random(seed)

    def _draw(self, size: int) -> bytes:
        return self._random.randbytes(size)


def uuid7(milliseconds: int, randomness: bytes) -> UUID:
    """RFC 9562, 5.7: 48 bits of time, version, 12 random bits, variant, 62 random bits; takes ten bytes."""
    bits = int.from_bytes(randomness)
    return UUID(
        int=(milliseconds & (1 << 48) - 1) << 80
        | 0x7 << 76
        | (bits >> 62 & 0xFFF) << 64
        | 0b10 << 62
        | bits & (1 << 62) - 1
    )


def fingerprint(token: str) -> bytes:
    """What is stored in place of a 256-bit token."""
    return hashlib.sha256(_bytes(token)).digest()


def code_fingerprint(code: str, flow: UUID) -> bytes:
    """What is stored in place of a short code; bound to its request, so a code of another one never fits."""
    return hashlib.sha256(flow.bytes + _bytes(code)).digest()


def same(stored: bytes, given: bytes) -> bool:
    """Equality in constant time."""
    return hmac.compare_digest(stored, given)


def _bytes(text: str) -> bytes:
    """What people send may hold half a surrogate pair; it is wrong, not a fault."""
    return text.encode("utf-8", "surrogatepass")
