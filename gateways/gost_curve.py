"""GOST R 34.10-2012 signatures over 256 bits (RFC 7091), plain Python: milliseconds each and no secret of timing.

Good for tests and for the sandbox, where keys protect nothing; a real key belongs to a `Signer` that is certified.
"""

from dataclasses import dataclass

from gateways.gost_hash import streebog256

SIZE = 32
Point = tuple[int, int] | None  # None is the point at infinity


@dataclass(frozen=True, slots=True)
class Curve:
    """y² = x³ + ax + b over p, with a base point of prime order q."""

    p: int
    a: int
    b: int
    q: int
    base: tuple[int, int]

    def add(self, one: Point, other: Point) -> Point:
        if one is None or other is None:
            return one or other
        (x1, y1), (x2, y2) = one, other
        if x1 == x2:
            if (y1 + y2) % self.p == 0:
                return None
            slope = (3 * x1 * x1 + self.a) * pow(2 * y1, -1, self.p)
        else:
            slope = (y2 - y1) * pow(x2 - x1, -1, self.p)
        x3 = (slope * slope - x1 - x2) % self.p
        return x3, (slope * (x1 - x3) - y1) % self.p

    def times(self, factor: int, point: Point) -> Point:
        total: Point = None
        for bit in bin(factor)[2:]:
            total = self.add(total, total)
            if bit == "1":
                total = self.add(total, point)
        return total

    def holds(self, point: tuple[int, int]) -> bool:
        x, y = point
        inside = 0 <= x < self.p and 0 <= y < self.p
        return inside and (y * y - x**3 - self.a * x - self.b) % self.p == 0


# id-GostR3410-2001-CryptoPro-A-ParamSet, which is id-tc26-gost-3410-2012-256-paramSetB (RFC 4357, RFC 7836).
CRYPTOPRO_A = Curve(
    p=2**256 - 617,
    a=2**256 - 617 - 3,
    b=166,
    q=0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF6C611070995AD10045841B09B761B893,
    base=(1, 0x8D91E471E0989CDA27DF505A453F2B7635294F2DDF23E3B122ACC99C9E9F1E14),
)


def public_point(key: int, curve: Curve = CRYPTOPRO_A) -> tuple[int, int]:
    point = curve.times(key, curve.base)
    if point is None:
        raise ValueError("not a private key of this curve")
    return point


def sign(key: int, data: bytes, nonce: int, curve: Curve = CRYPTOPRO_A) -> bytes:
    """64 bytes, s before r, high bytes first: the form that OpenSSL gives and ESIA reads."""
    return sign_digest(key, _number(data), nonce, curve)


def sign_digest(key: int, digest: int, nonce: int, curve: Curve = CRYPTOPRO_A) -> bytes:
    """`nonce` is drawn anew for each signature: two with the same one give the key away."""
    point = curve.times(nonce, curve.base)
    r = point[0] % curve.q if point else 0
    s = (r * key + nonce * (digest % curve.q or 1)) % curve.q
    if not 0 < nonce < curve.q or not r or not s:
        raise ValueError("this nonce will not do, draw another")
    return s.to_bytes(SIZE) + r.to_bytes(SIZE)


def verify(public: tuple[int, int], data: bytes, signature: bytes, curve: Curve = CRYPTOPRO_A) -> bool:
    return verify_digest(public, _number(data), signature, curve)


def verify_digest(public: tuple[int, int], digest: int, signature: bytes, curve: Curve = CRYPTOPRO_A) -> bool:
    if len(signature) != 2 * SIZE or not curve.holds(public):
        return False
    s, r = int.from_bytes(signature[:SIZE]), int.from_bytes(signature[SIZE:])
    if not (0 < r < curve.q and 0 < s < curve.q):
        return False
    inverse = pow(digest % curve.q or 1, -1, curve.q)
    found = curve.add(
        curve.times(s * inverse % curve.q, curve.base), curve.times(-r * inverse % curve.q, public)
    )
    return found is not None and found[0] % curve.q == r


def _number(data: bytes) -> int:
    return int.from_bytes(streebog256(data), "little")
