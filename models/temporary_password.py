"""A password sent to who has none: easy to type from an SMS, good once and for 72 hours (2.2-3, 2.2-4, A2)."""

from datetime import timedelta

from models.secrets import Secrets, fingerprint

LIFE = timedelta(hours=72)
_LARGE = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I, O, l, 0, 1: they are misread
_SMALL = "abcdefghijkmnpqrstuvwxyz"
_DIGITS = "23456789"
_SHAPE = (_LARGE, _SMALL, _SMALL, _SMALL, "-", _DIGITS, _DIGITS, _DIGITS, _DIGITS, "-", *(_SMALL,) * 4)


def temporary_password(secrets: Secrets) -> str:
    """49 random bits in the shape `Kmtr-4927-wxqd`, which keeps every rule of passwords."""
    bits = fingerprint(secrets.token())
    return "".join(signs[byte % len(signs)] for signs, byte in zip(_SHAPE, bits, strict=False))
