"""The link of an account with Gosuslugi and the ways there and back (2.1, domain.md 3.5)."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from models.base import Row, document, owner, word
from models.errors import ErrorCode, Problem

ATTEMPT_LIFE = timedelta(minutes=10)
SYNC_EVERY = timedelta(hours=24)
SYNC_AGAIN = timedelta(hours=1)


class LinkState(StrEnum):
    """How the account stands to Gosuslugi."""

    NOT_LINKED = "NOT_LINKED"
    PENDING = "PENDING"
    LINKED = "LINKED"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    ERROR = "ERROR"
    CONSENT_MISSING = "CONSENT_MISSING"


LINK_LABELS = {
    LinkState.NOT_LINKED: "Не связано",
    LinkState.PENDING: "Ожидает подтверждения на Госуслугах",
    LinkState.LINKED: "Связано",
    LinkState.CONSENT_WITHDRAWN: "Согласие на передачу данных отозвано",
    LinkState.ERROR: "Ошибка привязки",
    LinkState.CONSENT_MISSING: "Нет согласия на передачу данных",
}
# What every mistake of linking advises (2.1-14, 2.1-15).
ADVICE = (
    "Проверьте, верно ли введены логин и пароль Госуслуг.",
    "Проверьте, что в настройках профиля дано согласие на передачу данных.",
    "После исправления повторите привязку.",
)


class AttemptKind(StrEnum):
    """What a person went to Gosuslugi for."""

    LOGIN = "LOGIN"
    LINK = "LINK"


class GosuslugiAttempt(Row, table=True):
    """A way to Gosuslugi that waits for its way back, once and for ten minutes.

    A login is bound to the browser by a key that never stands in an address, a link to the session that began it.
    """

    id: UUID = Field(primary_key=True)
    kind: AttemptKind = word(AttemptKind)
    state_hash: bytes = Field(unique=True)
    key_hash: bytes | None = None
    data_sealed: bytes
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True, ondelete="CASCADE")
    session_id: UUID | None = None
    expires_at: datetime = Field(index=True)
    used_at: datetime | None = None


class GosuslugiLink(Row, table=True):
    """The link of one account; one person of Gosuslugi belongs to one account.

    `facts_sealed` are the fields of the form that Gosuslugi has confirmed, `refresh_sealed` the token for asking
    again; the person's number there is kept as a keyed digest alone.
    """

    account_id: UUID = owner(index=False, primary_key=True)
    state: LinkState = word(LinkState, LinkState.PENDING)
    oid_index: bytes | None = Field(default=None, unique=True)
    scopes: list[str] = document(list)
    facts_sealed: bytes | None = None
    refresh_sealed: bytes | None = None
    application_id: UUID | None = Field(
        default=None, foreign_key="application.id", index=True, ondelete="SET NULL"
    )
    linked_at: datetime | None = None
    last_sync_at: datetime | None = None
    next_sync_at: datetime | None = Field(default=None, index=True)
    last_error: str | None = None
    last_esia_code: str | None = None


MESSAGES = {
    ErrorCode.ESIA_DENIED: "Госуслуги отказали: вход или передача данных не подтверждены.",
    ErrorCode.ESIA_STATE: "Этот вход через Госуслуги устарел или начат не здесь. Начните ещё раз.",
    ErrorCode.ESIA_UNTRUSTED: "Учётная запись Госуслуг не подтверждена. Подтвердите её и повторите.",
    ErrorCode.ESIA_OTHER_ACCOUNT: "Эта учётная запись Госуслуг связана с другой учётной записью НМО.",
    ErrorCode.ESIA_CONSENT_MISSING: "Нет согласия на передачу данных с Госуслуг. Дайте его в настройках профиля.",
    ErrorCode.ESIA_UNAVAILABLE: "Госуслуги не отвечают. Ничего не изменилось, повторите позже.",
}


def esia_problem(code: ErrorCode, esia_code: str | None = None, message: str | None = None) -> Problem:
    """A mistake of linking with its advice."""
    extra = {"advice": ADVICE, "esia_code": esia_code}
    return Problem(code, message or MESSAGES[code], extra=extra)
