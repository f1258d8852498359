"""Codes of an authenticator application and the ten codes for when it is lost."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlparse
from uuid import UUID
from xml.etree import ElementTree

import pytest
from pyotp.totp import TOTP

from models.clock import SettableClock, SystemClock
from models.recovery_codes import new_recovery_codes, recovery_fingerprint
from models.secrets import SeededSecrets, SystemSecrets
from models.totp import STEP_SECONDS, accepted_counter, new_secret, otpauth_uri, qr_svg

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
STEP = timedelta(seconds=STEP_SECONDS)
COUNTER = int(NOON.timestamp()) // STEP_SECONDS
SECRET = new_secret(SeededSecrets(SettableClock(NOON)))


def code_at(moment: datetime) -> str:
    return TOTP(SECRET).at(moment)


@pytest.mark.parametrize(
    ("moment", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_codes_are_those_of_rfc_6238(moment: int, code: str) -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the ASCII text 12345678901234567890 of appendix B
    assert accepted_counter(secret, code, datetime.fromtimestamp(moment, UTC), None) == moment // 30


@pytest.mark.parametrize(("steps", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_2_2_7_one_step_of_drift_is_forgiven_and_two_are_not(steps: int, accepted: bool) -> None:
    counter = accepted_counter(SECRET, code_at(NOON + steps * STEP), NOON, None)
    assert counter == (COUNTER + steps if accepted else None)


def test_2_2_7_code_is_good_once_and_so_is_every_older_one() -> None:
    first = accepted_counter(SECRET, code_at(NOON), NOON, None)
    assert accepted_counter(SECRET, code_at(NOON), NOON, first) is None
    assert accepted_counter(SECRET, code_at(NOON - STEP), NOON, first) is None
    assert accepted_counter(SECRET, code_at(NOON + STEP), NOON, first) == COUNTER + 1


@pytest.mark.parametrize("typed", ["", "000000 ", "12345", "１２３４５６", "\ud800", "9" * 1000])
def test_any_text_may_be_typed_and_is_wrong(typed: str) -> None:
    assert accepted_counter(SECRET, typed, NOON, None) is None


def test_2_2_7_uri_names_the_service_and_the_login() -> None:
    uri = urlparse(otpauth_uri(SECRET, "ivanov@example.ru"))
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert unquote(uri.path) == "/НМО:ivanov@example.ru"
    assert parse_qs(uri.query) == {"secret": [SECRET], "issuer": ["НМО"]}
    assert len(SECRET) == 32


def test_2_2_7_qr_is_a_plain_picture_and_another_secret_gives_another() -> None:
    picture = qr_svg(otpauth_uri(SECRET, "ivanov@example.ru"))
    root = ElementTree.fromstring(picture)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {"svg", "g", "path"}
    assert SECRET not in picture
    assert picture != qr_svg(otpauth_uri(SECRET[::-1], "ivanov@example.ru"))


def test_2_2_7_ten_recovery_codes_that_differ() -> None:
    codes = new_recovery_codes(SystemSecrets(SystemClock()))
    assert len(set(codes)) == 10
    assert all(len(code) == 19 and code.count("-") == 3 for code in codes)


def test_2_2_7_recovery_code_fits_however_it_is_typed_and_only_its_account() -> None:
    account = UUID(int=1)
    code = new_recovery_codes(SeededSecrets(SettableClock(NOON)))[0]
    kept = recovery_fingerprint(code, account)
    assert recovery_fingerprint(f" {code.lower().replace('-', ' ')} ", account) == kept
    assert recovery_fingerprint(code, UUID(int=2)) != kept
    assert recovery_fingerprint(code[:-1], account) != kept
