"""Ten one-use codes for the day the phone is lost: shown once, kept as fingerprints (2.2-7)."""

from uuid import UUID

from models.secrets import Secrets, code_fingerprint, fingerprint

COUNT = 10
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"  # no I, L, O, U: they are misread
_GROUPS, _GROUP = 4, 4


def new_recovery_codes(secrets: Secrets) -> list[str]:
    """80 random bits each: too many to try even for who has the fingerprints."""
    return [_code(secrets) for _ in range(COUNT)]


def recovery_fingerprint(typed: str, account: UUID) -> bytes:
    """Case, blanks and hyphens do not matter; a code of another account never fits."""
    return code_fingerprint("".join(typed.upper().replace("-", " ").split()), account)


def _code(secrets: Secrets) -> str:
    bits = fingerprint(secrets.token())
    signs = "".join(_LETTERS[byte % len(_LETTERS)] for byte in bits[: _GROUPS * _GROUP])
    return "-".join(signs[start : start + _GROUP] for start in range(0, len(signs), _GROUP))
