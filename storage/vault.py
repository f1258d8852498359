"""Personal data at rest: AES-256-GCM bound to its row, and keyed digests for look-ups (P01-P04).

A sealed field is: version, length and id of the key, nonce, ciphertext with its tag. The associated data
names the table, column and row: a ciphertext moved elsewhere does not open. Several keys open, one seals.
"""

import hmac
import os
from collections.abc import Mapping
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.folders import StartError

KEY_BYTES = 32
INDEX_BYTES = 16
_VERSION = 1
_NONCE = 12


class KeyMismatch(StartError):
    """The keys of the settings are not the ones that the stored data was sealed with."""


class IntegrityError(Exception):
    """A sealed field was changed, or moved from another row."""


class Vault:
    """Seals and opens fields; `keys` are by id, `current` is the id of the one that seals."""

    def __init__(self, keys: Mapping[str, bytes], current: str, index_key: bytes) -> None:
        if current not in keys:
            raise KeyMismatch(
                f"Среди ключей шифрования нет текущего ключа «{current}»: проверьте NMO_VAULT_CURRENT."
            )
        for name, key in (*keys.items(), ("index", index_key)):
            _check_key(name, key)
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self._index_key = index_key
        self._current = current
        self.header = _header(current)
        self.headers = tuple(_header(name) for name in keys)

    def seal(self, text: str, table: str, column: str, row: UUID) -> bytes:
        nonce = os.urandom(_NONCE)
        place = _place(self.header, table, column, row)
        return self.header + nonce + self._ciphers[self._current].encrypt(nonce, text.encode(), place)

    def open(self, sealed: bytes, table: str, column: str, row: UUID) -> str:
        header = _header_of(sealed)
        cipher, body = self._cipher(header), sealed[len(header) :]
        try:
            opened = cipher.decrypt(body[:_NONCE], body[_NONCE:], _place(header, table, column, row))
        except (InvalidTag, ValueError) as error:
            raise IntegrityError(f"{table}.{column} of {row} does not open") from error
        return opened.decode()

    def reseal(self, sealed: bytes, table: str, column: str, row: UUID) -> bytes:
        """The same text under the current key."""
        if sealed.startswith(self.header):
            return sealed
        return self.seal(self.open(sealed, table, column, row), table, column, row)

    def index(self, kind: str, value: str) -> bytes:
        """What a look-up compares in place of the value; without the key nobody can try all the numbers."""
        return _digest(self._index_key, f"{kind}\0{value}")

    def _cipher(self, header: bytes) -> AESGCM:
        name = header[2:].decode("ascii", "replace")
        if name not in self._ciphers:
            raise KeyMismatch(f"Данные зашифрованы ключом «{name}», а его нет в настройках.")
        return self._ciphers[name]


def _check_key(name: str, key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise KeyMismatch(
            f"В ключе «{name}» нужно {2 * KEY_BYTES} знака: проверьте NMO_VAULT_KEYS и NMO_VAULT_INDEX_KEY."
        )
    if not (name.isascii() and 0 < len(name) < 256):
        raise KeyMismatch("Имя ключа в NMO_VAULT_KEYS пишется латиницей, не длиннее 255 знаков.")


def _header(name: str) -> bytes:
    return bytes([_VERSION, len(name)]) + name.encode("ascii")


def _header_of(sealed: bytes) -> bytes:
    if len(sealed) < 2 or sealed[0] != _VERSION:
        raise IntegrityError("not a sealed field")
    return sealed[: 2 + sealed[1]]


def _place(header: bytes, table: str, column: str, row: UUID) -> bytes:
    return b"\0".join((header, table.encode(), column.encode(), row.bytes))


def _digest(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")[:INDEX_BYTES]
