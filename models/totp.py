"""Codes of an authenticator application: six digits every 30 seconds, each good once (2.2-7, A26)."""

import hmac
from base64 import b32encode
from datetime import datetime
from io import BytesIO

import segno
from pyotp.hotp import HOTP
from pyotp.totp import TOTP

from models.secrets import Secrets, fingerprint

ISSUER = "НМО"
STEP_SECONDS = 30
_SECRET_BYTES = 20
_TOLERATED = (-1, 0, 1)


def new_secret(secrets: Secrets) -> str:
    """160 random bits as applications take them."""
    return b32encode(fingerprint(secrets.token())[:_SECRET_BYTES]).decode()


def otpauth_uri(secret: str, login: str) -> str:
    """What the QR code holds: the secret under the name of the service and of the login."""
    return TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def qr_svg(uri: str) -> str:
    """An SVG picture of its own ground colour; no script, no style, no outside reference."""
    picture = BytesIO()
    code = segno.make(uri, error="m", micro=False)
    code.save(picture, kind="svg", xmldecl=False, nl=False, scale=4, light="#fff")
    return picture.getvalue().decode()


def accepted_counter(secret: str, code: str, at: datetime, last: int | None) -> int | None:
    """The step this code belongs to, if it is near `at` and later than the `last` accepted one.

    Whoever accepts it must store the counter under a lock: the same code on two sockets is one login.
    """
    now, generator = int(at.timestamp()) // STEP_SECONDS, HOTP(secret)
    fitting = [now + shift for shift in _TOLERATED if _same(generator.at(now + shift), code)]
    return next((counter for counter in fitting if last is None or counter > last), None)


def _same(right: str, given: str) -> bool:
    return hmac.compare_digest(right.encode(), given.encode("utf-8", "surrogatepass"))
