"""The log shows no personal data, whatever an exception quotes (P14)."""

import json
import logging
import subprocess
import sys

import pytest

from web.log_lines import Discreet

SECRETS = (
    "ivanova@example.ru",
    "Ёлкин.Пётр@почта.рф",
    "112-233-445 95",
    "11223344595",
    "500100732259",
    "+79161234501",
    "+7 (916) 123-45-01",
    "7010 123456",
    "123456",
)
ORDINARY = (
    '{"requestId":"01a20cc88e80704aaeef4af2c10dbce0","transport":"http","outcome":"OK","events":1,"ms":12.3}',
    "request 0123456789abcdef0123 failed",
    "account 0191d2f0-0000-7000-8000-000000123456 at 2026-11-24T09:30:00+00:00",
    "127.0.0.1:54321 left, 12345 rows, 0.123456 s, version 150004.20",
)


def written(message: str, *values: object, error: Exception | None = None) -> str:
    trace = (type(error), error, error.__traceback__) if error else None
    return Discreet("%(message)s").format(
        logging.LogRecord("nmo", logging.ERROR, "", 1, message, values, trace)
    )


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("frame", ["%s", "value '%s' is not a date", "(%s)", "a,%s,b", '{"phone": "%s"}'])
def test_p14_what_looks_like_personal_data_is_taken_out(secret: str, frame: str) -> None:
    assert secret not in written(frame, secret)
    assert secret not in written("failed", error=ValueError(frame % secret))


@pytest.mark.parametrize("line", ORDINARY)
def test_p14_ordinary_lines_stay_as_they_are(line: str) -> None:
    assert written(line) == line


def test_p14_a_line_of_json_stays_json() -> None:
    line = json.dumps({"operation": "Login", "path": "79161234501", "ms": 5})
    assert json.loads(written(line)) == {"operation": "Login", "path": "<number>", "ms": 5}


THROWN_AWAY = """
from web.log_lines import write_log
write_log()

class Careless:
    def __del__(self):
        raise ValueError("no ivanov@example.ru")

async def field(): ...

Careless()
exec("field()", {"__builtins__": {}, "field": field})
"""


def test_what_fails_while_it_is_thrown_away_is_told_discreetly_and_a_field_that_never_began_not_at_all() -> (
    None
):
    done = subprocess.run([sys.executable, "-c", THROWN_AWAY], capture_output=True, text=True, check=True)
    assert "ValueError: no <address>" in done.stderr
    assert done.stderr.count("Traceback") == 1
