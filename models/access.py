"""Who has read a person's data, when and why: shown to that person (P11, P12)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from models.base import Row, owner, word


class AccessPurpose(StrEnum):
    """Why sealed data was opened by somebody else than its owner."""

    REGISTER_CHECK = "REGISTER_CHECK"
    DATA_EXPORT = "DATA_EXPORT"
    DOCUMENT_REVIEW = "DOCUMENT_REVIEW"
    SUPPORT = "SUPPORT"
    GOSUSLUGI_SYNC = "GOSUSLUGI_SYNC"


PURPOSE_LABELS = {
    AccessPurpose.REGISTER_CHECK: "Сверка с государственным реестром",
    AccessPurpose.DATA_EXPORT: "Подготовка копии данных по вашему запросу",
    AccessPurpose.DOCUMENT_REVIEW: "Проверка документа",
    AccessPurpose.SUPPORT: "Обращение в поддержку",
    AccessPurpose.GOSUSLUGI_SYNC: "Обновление данных с Госуслуг",
}

READER_LABELS = {
    "register": "Служба сверки с реестром",
    "export": "Служба выгрузки",
    "gosuslugi": "Служба обмена с Госуслугами",
}


class AccessRecord(Row, table=True):
    """One reading; `reader` is an id or the name of a system, never the name of a person."""

    id: UUID = Field(primary_key=True)
    account_id: UUID = owner()
    at: datetime
    reader: str
    purpose: AccessPurpose = word(AccessPurpose)
