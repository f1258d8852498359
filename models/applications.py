"""Applications (заявки): every request a person can ask about has a number, a status, a history (1.1-15, 1.1-16, A22)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Sequence
from sqlmodel import Field

from models.base import Row, document, owner, word

NUMBERS = Sequence("application_number", metadata=Row.metadata)


class ApplicationKind(StrEnum):
    """What is asked for."""

    REGISTRATION = "REGISTRATION"
    PASSWORD_RECOVERY = "PASSWORD_RECOVERY"  # noqa: S105 - a kind, not a secret
    DATA_CHANGE = "DATA_CHANGE"
    ENROLLMENT = "ENROLLMENT"
    DOCUMENT_REVIEW = "DOCUMENT_REVIEW"
    GOSUSLUGI_LINK = "GOSUSLUGI_LINK"
    SUPPORT = "SUPPORT"
    STATE_SERVICE = "STATE_SERVICE"


class ApplicationStatus(StrEnum):
    """How far it has come; the last three are final, except that rejected data may be sent again."""

    NEW = "NEW"
    IN_PROGRESS = "IN_PROGRESS"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"


UNFINISHED = (ApplicationStatus.NEW, ApplicationStatus.IN_PROGRESS)
CANCELLABLE = (ApplicationKind.PASSWORD_RECOVERY, ApplicationKind.SUPPORT)
KIND_LABELS = {
    ApplicationKind.REGISTRATION: "Регистрация",
    ApplicationKind.PASSWORD_RECOVERY: "Восстановление пароля",
    ApplicationKind.DATA_CHANGE: "Изменение персональных данных",
    ApplicationKind.ENROLLMENT: "Запись на мероприятие",
    ApplicationKind.DOCUMENT_REVIEW: "Проверка документа",
    ApplicationKind.GOSUSLUGI_LINK: "Привязка к Госуслугам",
    ApplicationKind.SUPPORT: "Обращение в поддержку",
    ApplicationKind.STATE_SERVICE: "Государственная услуга",
}
STATUS_LABELS = {
    ApplicationStatus.NEW: "Новая",
    ApplicationStatus.IN_PROGRESS: "В работе",
    ApplicationStatus.APPROVED: "Выполнена",
    ApplicationStatus.REJECTED: "Отклонена",
    ApplicationStatus.CANCELLED: "Отменена",
}


class Application(Row, table=True):
    """One request; without an account while nobody has proved whose it is."""

    id: UUID = Field(primary_key=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True, ondelete="CASCADE")
    number: str = Field(unique=True)
    kind: ApplicationKind = word(ApplicationKind)
    status: ApplicationStatus = word(ApplicationStatus, ApplicationStatus.NEW)
    reasons: list[str] = document(list)
    created_at: datetime
    updated_at: datetime


class ApplicationEvent(Row, table=True):
    """A line of the history of an application; the database counts them, for several are of one moment."""

    id: UUID = Field(primary_key=True)
    seq: int | None = Field(default=None, sa_type=BigInteger, sa_column_args=(Identity(),), nullable=False)
    application_id: UUID = owner("application")
    at: datetime
    status: ApplicationStatus = word(ApplicationStatus)
    comment: str | None = None


class SupportRequest(Row, table=True):
    """What a person wrote to support; its id is that of the application."""

    id: UUID = owner("application", index=False, primary_key=True)
    about_number: str | None = None
    contact_sealed: bytes
    message_sealed: bytes


def numbered(year: int, count: int) -> str:
    """The number a person quotes to support (1.2-23)."""
    return f"НМО-{year}-{count:06d}"
