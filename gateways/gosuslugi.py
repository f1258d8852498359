"""Gosuslugi (ESIA) as the product needs it: where to send a person, and whom it says came back (2.1, A7, A32).

No answer is `GatewayUnavailable`; an answer that says no is `GosuslugiRefused`; an answer whose origin, signature,
time or addressee is wrong is `GosuslugiUntrusted`. Protocol facts and their sources: docs/gosuslugi.md.
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from models.values.address import AddressFields


@dataclass(frozen=True, slots=True, repr=False)
class Attempt:
    """One way there and back: all four are made anew for each and known to nobody else."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str


@dataclass(frozen=True, slots=True, repr=False)
class GosuslugiPassport:
    """Series of 4 digits, number of 6, code as 000-000."""

    series: str
    number: str
    issue_date: date
    issued_by: str
    department_code: str


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class GosuslugiPerson:
    """What ESIA has confirmed; a fact that is missing, out of scope or not confirmed is None.

    `oid` identifies the person for ever; `trusted` says the account is a confirmed one. The phone is digits from the
    country code on, SNILS and INN are digits.
    """

    oid: str
    trusted: bool
    last_name: str
    first_name: str
    middle_name: str | None = None
    birth_date: date | None = None
    birth_place: str | None = None
    snils: str | None = None
    inn: str | None = None
    passport: GosuslugiPassport | None = None
    phone: str | None = None
    email: str | None = None
    registration_address: AddressFields | None = None
    residence_address: AddressFields | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Grant:
    """Who came, what they allow, and the token for asking again; an online grant has none."""

    person: GosuslugiPerson
    scopes: tuple[str, ...]
    refresh_token: str | None


class GosuslugiRefused(Exception):
    """ESIA said no: its own code, such as `ESIA-007004` for a person who declined."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class GosuslugiUntrusted(Exception):
    """What came is not from ESIA, not for us, or not for this attempt."""


class Gosuslugi(Protocol):
    """The state portal's way of saying who somebody is."""

    async def authorization_url(self, attempt: Attempt) -> str:
        """Where the person goes; they come back to `redirect_uri` with `code` and `state`, or with `error`."""
        ...

    async def exchange(self, attempt: Attempt, code: str) -> Grant:
        """Turns the code of this attempt into the person."""
        ...

    async def renew(self, refresh_token: str) -> Grant:
        """Asks for the person again without them (A32); withdrawn consent is `GosuslugiRefused`."""
        ...
