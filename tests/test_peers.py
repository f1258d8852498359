"""Where a request comes from (web/peers.py)."""

import pytest

from web.peers import counted, masked


@pytest.mark.parametrize(
    ("host", "kept", "counted_by"),
    [
        ("203.0.113.7", "203.0.113.0", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.0", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002::", "2001:0db8:0001:0002::"),
        ("2001:db8:1:2:ffff::1", "2001:0db8:0001:0002::", "2001:0db8:0001:0002::"),
        ("a socket file", "", "a socket file"),
        ("", "", ""),
    ],
)
def test_an_address_is_kept_without_its_end_and_counted_by_what_one_subscriber_has(
    host: str, kept: str, counted_by: str
) -> None:
    assert (masked(host), counted(host)) == (kept, counted_by)
