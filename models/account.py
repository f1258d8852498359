"""The account of a person: who may enter, what is confirmed, what is still to do (domain.md 7.1, 7.2)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from models.base import Row, document, owner, word


class Channel(StrEnum):
    """The entry through which an account was made or a step was taken."""

    SITE = "SITE"
    GOSUSLUGI = "GOSUSLUGI"


class AccountState(StrEnum):
    """How far a person has come; LOCKED and CLOSED can follow any of them."""

    REGISTERED = "REGISTERED"
    CONTACT_CONFIRMED = "CONTACT_CONFIRMED"
    DATA_SUBMITTED = "DATA_SUBMITTED"
    DATA_REJECTED = "DATA_REJECTED"
    VERIFIED = "VERIFIED"
    LOCKED = "LOCKED"
    CLOSED = "CLOSED"


class AccessLevel(StrEnum):
    """What the server allows: nothing, the steps still to take, or everything (A4, A25)."""

    NONE = "NONE"
    LIMITED = "LIMITED"
    FULL = "FULL"


class AccessStep(StrEnum):
    """A step that stands between a person and full access, in the order it is suggested."""

    CONFIRM_PHONE = "CONFIRM_PHONE"
    CONFIRM_EMAIL = "CONFIRM_EMAIL"
    CHANGE_TEMPORARY_PASSWORD = "CHANGE_TEMPORARY_PASSWORD"  # noqa: S105 - a step, not a secret
    IDENTIFY_INN_OR_SNILS = "IDENTIFY_INN_OR_SNILS"
    ACCEPT_TERMS = "ACCEPT_TERMS"
    FILL_PERSONAL_DATA = "FILL_PERSONAL_DATA"
    PASS_REGISTRY_CHECK = "PASS_REGISTRY_CHECK"  # noqa: S105
    BUILD_PORTFOLIO = "BUILD_PORTFOLIO"


class Permission(StrEnum):
    """Rights that can be taken from an account or given to it."""

    PROFILE_EDIT = "PROFILE_EDIT"
    ACTIVITY_ENROLL = "ACTIVITY_ENROLL"
    PORTFOLIO_EDIT = "PORTFOLIO_EDIT"
    EXPORT = "EXPORT"
    REVIEW_DOCUMENTS = "REVIEW_DOCUMENTS"
    MANAGE_POLICIES = "MANAGE_POLICIES"


DOCTOR = [Permission.PROFILE_EDIT, Permission.ACTIVITY_ENROLL, Permission.PORTFOLIO_EDIT, Permission.EXPORT]


class Account(Row, table=True):
    """One person, one account; INN, SNILS, e-mail and phone are unique among live accounts.

    `*_sealed` hold AES-GCM ciphertext, `*_index` the keyed digest that look-ups use.
    """

    __table_args__ = (
        Index(
            "uq_account_email", "email", unique=True, postgresql_where=text("email_confirmed_at IS NOT NULL")
        ),
        Index(
            "uq_account_phone",
            "phone_index",
            unique=True,
            postgresql_where=text("phone_confirmed_at IS NOT NULL"),
        ),
        Index("uq_account_snils", "snils_index", unique=True),
        Index("uq_account_inn", "inn_index", unique=True),
    )

    id: UUID = Field(primary_key=True)
    slug: str | None = Field(default=None, unique=True)
    state: AccountState = word(AccountState, AccountState.REGISTERED)
    created_via: Channel = word(Channel, Channel.SITE)
    created_at: datetime
    last_name: str
    first_name: str
    middle_name: str | None = None
    email: str | None = Field(default=None, index=True)
    email_confirmed_at: datetime | None = None
    email_send_blocked: bool = False
    phone_sealed: bytes | None = None
    phone_index: bytes | None = Field(default=None, index=True)
    phone_confirmed_at: datetime | None = None
    snils_sealed: bytes | None = None
    snils_index: bytes | None = None
    # the one that the register confirmed last, while newer data wait for its answer
    confirmed_snils_index: bytes | None = Field(default=None, index=True)
    inn_sealed: bytes | None = None
    inn_index: bytes | None = None
    identified_at: datetime | None = None
    password_hash: str | None = None
    password_temporary_until: datetime | None = None
    password_temporary_used_at: datetime | None = None
    terms_version: str | None = None
    terms_accepted_at: datetime | None = None
    terms_sha256: str | None = None
    verified_at: datetime | None = None
    last_login_at: datetime | None = None
    permissions: list[str] = document(list)
    specialties: list[str] = document(list)
    cycle_start: date | None = None


class Session(Row, table=True):
    """An open session; only the SHA-256 of its token is kept. 30 minutes idle, 12 hours in all."""

    id: UUID = Field(primary_key=True)
    account_id: UUID = owner()
    token_hash: bytes = Field(unique=True)
    via: Channel = word(Channel, Channel.SITE)
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    revoked_because: str | None = None
    reauthenticated_at: datetime | None = None
    user_agent: str | None = None
    ip_masked: str | None = None
