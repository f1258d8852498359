"""GOST R 34.11-2012 with 256 bits ("Streebog", RFC 6986): what certificates are named by and signatures are made of.

Python's own libraries have no GOST. This is for short texts in tests and in the sandbox.
"""

from gateways.gost_tables import LINEAR, ROUNDS, SUBSTITUTION

BLOCK = 64
ALL_BITS = (1 << 8 * BLOCK) - 1
ROUND_KEYS = [int.from_bytes(ROUNDS[at : at + BLOCK], "little") for at in range(0, len(ROUNDS), BLOCK)]


def _mixed(place: int) -> list[int]:
    """What each byte in one of the eight places of a word adds to the word's new value."""
    starts = range(64 * place, 64 * (place + 1), 8)
    words = [int.from_bytes(LINEAR[at : at + 8]) for at in starts]
    sums = [0]
    for bits in range(1, 256):
        sums.append(sums[bits & bits - 1] ^ words[(bits & -bits).bit_length() - 1])
    return [sums[bits] for bits in SUBSTITUTION]


MIXED = [_mixed(place) for place in range(8)]


def streebog256(data: bytes) -> bytes:
    """32 bytes in the order in which OpenSSL gives them."""
    state = int.from_bytes(b"\x01" * BLOCK)
    length = total = 0
    whole = len(data) - len(data) % BLOCK
    for at in range(0, whole, BLOCK):
        block = int.from_bytes(data[at : at + BLOCK], "little")
        state = _compressed(length, state, block)
        length += 8 * BLOCK
        total = total + block & ALL_BITS
    rest = data[whole:]
    last = int.from_bytes(rest + b"\x01", "little")
    state = _compressed(length, state, last)
    state = _compressed(0, state, length + 8 * len(rest))
    state = _compressed(0, state, total + last & ALL_BITS)
    return state.to_bytes(BLOCK, "little")[BLOCK // 2 :]


def _compressed(counter: int, state: int, block: int) -> int:
    key = _stirred(counter ^ state)
    text = key ^ block
    for constant in ROUND_KEYS:
        key = _stirred(key ^ constant)
        text = _stirred(text) ^ key
    return text ^ state ^ block


def _stirred(state: int) -> int:
    """Substitution, transposition and the linear transformation at once."""
    data, words = state.to_bytes(BLOCK, "little"), bytearray()
    for column in range(8):
        word = 0
        for place, table in enumerate(MIXED):
            word ^= table[data[8 * place + column]]
        words += word.to_bytes(8, "little")
    return int.from_bytes(words, "little")
