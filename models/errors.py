"""What can go wrong, as the product's own words.

A `UserError` is a mistake of the person: it travels as typed data in the payload of a mutation.
A `Refusal` is everything else that we foresee (no session, no right, not found, a bad page size):
it travels as an entry of `errors` with `extensions.code`. Any other exception is a fault of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class ErrorCode(StrEnum):
    """Stable codes; a client may switch on them. Messages may change, codes may not."""

    REQUIRED = "REQUIRED"
    INVALID_FORMAT = "INVALID_FORMAT"
    CHECKSUM = "CHECKSUM"
    ABBREVIATION = "ABBREVIATION"
    NOT_CYRILLIC = "NOT_CYRILLIC"
    PASSPORT_EXPIRED = "PASSPORT_EXPIRED"
    PASSWORD_TOO_SHORT = "PASSWORD_TOO_SHORT"  # noqa: S105 - codes, not secrets
    PASSWORD_TOO_LONG = "PASSWORD_TOO_LONG"  # noqa: S105
    PASSWORD_NO_UPPER = "PASSWORD_NO_UPPER"  # noqa: S105
    PASSWORD_NO_LOWER = "PASSWORD_NO_LOWER"  # noqa: S105
    PASSWORD_NO_DIGIT = "PASSWORD_NO_DIGIT"  # noqa: S105
    PASSWORD_NO_SPECIAL = "PASSWORD_NO_SPECIAL"  # noqa: S105
    PASSWORD_COMMON = "PASSWORD_COMMON"  # noqa: S105
    PASSWORD_PERSONAL = "PASSWORD_PERSONAL"  # noqa: S105
    PASSWORD_REUSED = "PASSWORD_REUSED"  # noqa: S105
    TERMS_NOT_ACCEPTED = "TERMS_NOT_ACCEPTED"
    REGISTRY_MISMATCH = "REGISTRY_MISMATCH"
    REGISTRY_UNAVAILABLE = "REGISTRY_UNAVAILABLE"
    CREDENTIALS_WRONG = "CREDENTIALS_WRONG"
    CODE_WRONG = "CODE_WRONG"
    CODE_EXPIRED = "CODE_EXPIRED"
    CODE_USED = "CODE_USED"
    CODE_ATTEMPTS_EXHAUSTED = "CODE_ATTEMPTS_EXHAUSTED"
    LINK_USED = "LINK_USED"
    LINK_EXPIRED = "LINK_EXPIRED"
    EMAIL_BLOCKED = "EMAIL_BLOCKED"
    CONTACT_UNKNOWN = "CONTACT_UNKNOWN"
    RATE_LIMITED = "RATE_LIMITED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    STEP_REQUIRED = "STEP_REQUIRED"
    REAUTH_REQUIRED = "REAUTH_REQUIRED"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    ENROLLMENT_CLOSED = "ENROLLMENT_CLOSED"
    NO_PLACES = "NO_PLACES"
    POLICY_RESTRICTED = "POLICY_RESTRICTED"
    CONFIRMATION_REQUIRED = "CONFIRMATION_REQUIRED"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    FILE_EMPTY = "FILE_EMPTY"
    FILE_TYPE = "FILE_TYPE"
    FILE_NAME = "FILE_NAME"
    FILE_CONTENT = "FILE_CONTENT"
    FILE_MISSING = "FILE_MISSING"
    FILE_ENCRYPTED = "FILE_ENCRYPTED"
    FILE_ACTIVE_CONTENT = "FILE_ACTIVE_CONTENT"
    FILE_QUOTA = "FILE_QUOTA"
    FILE_INFECTED = "FILE_INFECTED"
    IMAGE_BLURRED = "IMAGE_BLURRED"
    IMAGE_CROPPED = "IMAGE_CROPPED"
    IMAGE_SHADOW = "IMAGE_SHADOW"
    IMAGE_LOW_RESOLUTION = "IMAGE_LOW_RESOLUTION"
    CERTIFICATE_NOT_READY = "CERTIFICATE_NOT_READY"
    BAD_CURSOR = "BAD_CURSOR"
    BAD_PAGE_SIZE = "BAD_PAGE_SIZE"
    PROFILE_MISMATCH = "PROFILE_MISMATCH"
    ESIA_DENIED = "ESIA_DENIED"
    ESIA_STATE = "ESIA_STATE"
    ESIA_UNTRUSTED = "ESIA_UNTRUSTED"
    ESIA_OTHER_ACCOUNT = "ESIA_OTHER_ACCOUNT"
    ESIA_CONSENT_MISSING = "ESIA_CONSENT_MISSING"
    ESIA_UNAVAILABLE = "ESIA_UNAVAILABLE"
    IMAGE_BLANK = "IMAGE_BLANK"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: a stable code, a Russian message, and the path of the input it is about.

    `extra` carries what a richer error type adds (`retry_after_seconds`, `missing`, ...).
    """

    code: ErrorCode
    message: str
    path: tuple[str, ...] = ()
    hint: str | None = None
    expected: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])


class UserError(Exception):
    """The person's mistakes, all of them at once."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


class Refusal(Exception):
    """A request that cannot be served as it stands; shown as a top-level error with a code."""

    def __init__(self, code: ErrorCode, message: str, **extensions: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.extensions = extensions


class Unavailable(Exception):
    """A part that we stand on does not answer (database, object store, bus); worth trying again soon."""

    def __init__(self, part: str = "") -> None:
        super().__init__(f"{part} does not answer")


def signed_out() -> Refusal:
    """The answer to whoever has no session, or has it no more."""
    return Refusal(ErrorCode.UNAUTHENTICATED, "Войдите в личный кабинет.")


def as_refusal(error: UserError) -> Refusal:
    """The first mistake, where no payload can carry them all: in queries and subscriptions."""
    first = error.problems[0]
    return Refusal(first.code, first.message, input=list(first.path), expected=first.expected)


def too_long(message: str, most: int, *path: str) -> Problem:
    """A text with more signs than are kept."""
    return Problem(ErrorCode.INVALID_FORMAT, message, path, expected=f"до {most} знаков")


def mistake(code: ErrorCode, message: str, *path: str, **extra: Any) -> UserError:
    """A `UserError` of one problem, for the common case."""
    return UserError(Problem(code, message, path, extra=extra))
