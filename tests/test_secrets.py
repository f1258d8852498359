"""Time, randomness and ids come through ports that tests can move."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.clock import SettableClock, SystemClock
from models.secrets import (
    SeededSecrets,
    SystemSecrets,
    code_fingerprint,
    fingerprint,
    same,
    uuid7,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_system_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_settable_clock_moves_only_when_told() -> None:
    clock = SettableClock(NOON)
    assert clock.now() == NOON
    clock.advance(timedelta(minutes=11))
    assert clock.now() == NOON + timedelta(minutes=11)


def test_settable_clock_refuses_a_naive_moment() -> None:
    with pytest.raises(ValueError, match="aware"):
        SettableClock(NOON.replace(tzinfo=None))


def test_1_1_13_token_has_256_bits_and_is_safe_in_an_address() -> None:
    secrets = SystemSecrets(SystemClock())
    tokens = {secrets.token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_1_1_12_code_is_six_ascii_digits_and_every_digit_comes_up_everywhere() -> None:
    secrets = SystemSecrets(SystemClock())
    codes = [secrets.code() for _ in range(2000)]
    assert all(re.fullmatch(r"[0-9]{6}", code) for code in codes)
    assert all({code[place] for code in codes} == set("0123456789") for place in range(6))


def test_ids_keep_the_order_of_their_making_when_the_clock_is_put_back() -> None:
    clock = SettableClock(NOON)
    secrets = SystemSecrets(clock)
    made = [secrets.uuid()]
    clock.advance(-timedelta(days=2))
    made += [secrets.uuid() for _ in range(100)]
    clock.advance(timedelta(days=2, seconds=1))
    made.append(secrets.uuid())
    assert made == sorted(made)


def test_ids_of_one_moment_keep_the_order_of_their_making() -> None:
    secrets = SystemSecrets(SettableClock(NOON))
    made = [secrets.uuid() for _ in range(10_000)]
    assert made == sorted(set(made))


def test_seeded_secrets_repeat_for_a_seed_and_differ_between_seeds() -> None:
    def drawn(seed: int) -> tuple[str, str, UUID]:
        secrets = SeededSecrets(SettableClock(NOON), seed)
        return secrets.token(), secrets.code(), secrets.uuid()

    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)


def test_ids_sort_by_time() -> None:
    clock = SettableClock(NOON)
    secrets = SystemSecrets(clock)
    ids: list[UUID] = []
    for _ in range(100):
        ids.append(secrets.uuid())
        clock.advance(timedelta(milliseconds=1))
    assert ids == sorted(ids)
    assert len(set(ids)) == 100


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_uuid7_keeps_time_version_and_variant(milliseconds: int, randomness: bytes) -> None:
    made = uuid7(milliseconds, randomness)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == milliseconds


def test_uuid7_matches_the_example_of_rfc_9562() -> None:
    randomness = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(10)
    assert uuid7(0x017F22E279B0, randomness) == UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")


def test_fingerprint_hides_the_token_and_still_tells_it() -> None:
    token = SystemSecrets(SystemClock()).token()
    assert token.encode() not in fingerprint(token)
    assert same(fingerprint(token), fingerprint(token))
    assert not same(fingerprint(token), fingerprint(token + "x"))
    assert not same(fingerprint(token), fingerprint("\ud800"))


def test_1_2_7_code_of_another_request_never_fits() -> None:
    mine, other = UUID(int=1), UUID(int=2)
    assert same(code_fingerprint("012345", mine), code_fingerprint("012345", mine))
    assert not same(code_fingerprint("012345", mine), code_fingerprint("012345", other))
