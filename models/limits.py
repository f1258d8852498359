"""How often something may be tried: rules as data, and the tries that are remembered (A21, A31)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from models.base import Row


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `most` tries within any stretch of `window`."""

    name: str
    most: int
    window: timedelta


_QUARTER = timedelta(minutes=15)
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)

# by account; a code has its own five tries besides
CODE_GUESSES = Rule("code-guesses", 10, _QUARTER)
# of those ten, the most that strangers can spend by recoveries: three are left to who knows the password
FLOW_GUESSES = Rule("flow-guesses", 7, _QUARTER)
TOTP_GUESSES = Rule("totp-guesses", 5, _QUARTER)
# at the login and within a session alike: what is guessed is one password
WRONG_PASSWORDS = Rule("wrong-passwords", 10, _QUARTER)
# of those ten, the most that logins can spend, where strangers guess: three are left to who is signed in
LOGIN_PASSWORDS = Rule("login-passwords", 7, _QUARTER)
PASSWORD_RULES = (LOGIN_PASSWORDS, WRONG_PASSWORDS)
IDENTIFICATIONS = Rule("identifications", 5, _QUARTER)
CONTACT_CHANGES = Rule("contact-changes", 5, _HOUR)
EXPORTS = Rule("exports", 60, _HOUR)
DATA_EXPORTS = Rule("data-exports", 5, _HOUR)
ATTENDANCE_CODES = Rule("attendance-codes", 10, _QUARTER)
# apart from MESSAGES, which strangers can use up for any contact: nobody is locked out of their own account
LOGIN_MESSAGES = Rule("login-messages", 5, _HOUR)
DATA_SUBMISSIONS = Rule("data-submissions", 10, _HOUR)
# by address of the caller
LOGINS = Rule("logins", 30, _MINUTE)
CODES_BY_ADDRESS = Rule("codes-by-address", 60, _MINUTE)
VERIFICATIONS = Rule("verifications", 60, _MINUTE)
REGISTRATIONS = Rule("registrations", 20, _MINUTE)
SUPPORT_REQUESTS = Rule("support-requests", 5, _HOUR)
# by contact
CONTACT_GUESSES = Rule("contact-guesses", 10, _QUARTER)
RECOVERIES = Rule("recoveries", 5, _HOUR)
MESSAGES = Rule("messages", 5, _HOUR)


_MOMENTS: Any = ARRAY(DateTime(timezone=True))


class Tries(Row, table=True):
    """The tries of one key under one rule; the key is a keyed digest, never a contact or an address."""

    rule: str = Field(primary_key=True, max_length=40)
    key: bytes = Field(primary_key=True)
    hits: list[datetime] = Field(sa_type=_MOMENTS)
    refused: bool
    void_at: datetime = Field(index=True)
