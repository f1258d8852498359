"""Certificates: downloading one's own, checking anybody's by its number (3.4-8 .. 3.4-10)."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from models.progress import CertificateStatus
from resolvers import certificates as use
from resolvers.rights import ANYONE, FULL
from schema.base import Info, parse_id
from schema.errors import Payload
from schema.fields import mutation, root
from schema.progress import Certificate


@strawberry.input(description="Какое удостоверение скачать.")
class DownloadCertificateInput:
    """One certificate."""

    id: strawberry.ID = strawberry.field(description="Удостоверение.")


@strawberry.type(description="Ссылка на файл удостоверения.")
class DownloadCertificatePayload(Payload):
    """The certificate as it now stands."""

    certificate: Certificate | None = strawberry.field(default=None, description="Удостоверение.")
    url: str | None = strawberry.field(default=None, description="Ссылка на PDF, действует минуту.")


@strawberry.type(description="Итог проверки номера удостоверения.")
class CertificateCheck:
    """What anyone may know."""

    valid: bool = strawberry.field(description="Действительно ли удостоверение.")
    status: CertificateStatus | None = strawberry.field(description="Состояние действительного.")
    status_label: str = strawberry.field(
        description="Состояние по-русски; «отозвано владельцем» и «не найдено» — у недействительных."
    )
    holder_masked: str | None = strawberry.field(description="Владелец: первая буква фамилии и инициалы.")
    course_title: str | None = strawberry.field(description="Название курса.")
    hours: float | None = strawberry.field(description="Академические часы.")
    ready_at: datetime | None = strawberry.field(description="Когда удостоверение стало готово.")
    completed_at: datetime | None = strawberry.field(description="Когда курс завершён.")


@strawberry.type
class CertificatesQuery:
    """The public check."""

    @root(ANYONE, description="Проверить удостоверение по номеру. Открыто всем.")
    async def verify_certificate(
        self,
        info: Info,
        number: Annotated[str, strawberry.argument(description="Номер, как он напечатан: НМО-2026-….")],
    ) -> CertificateCheck:
        found = await use.verify_certificate(info.context, number=number)
        return CertificateCheck(
            valid=found.valid,
            status=found.status,
            status_label=found.label,
            holder_masked=found.holder,
            course_title=found.course,
            hours=found.hours,
            ready_at=found.ready_at,
            completed_at=found.completed_at,
        )


@strawberry.type
class CertificatesMutation:
    """One's own certificates."""

    @mutation(
        FULL,
        DownloadCertificatePayload,
        description="Скачать удостоверение. Первое скачивание выдаёт его; повтор безопасен.",
    )
    async def download_certificate(self, info: Info, input: DownloadCertificateInput) -> Any:  # noqa: A002
        certificate: Any
        certificate, url = await use.download_certificate(
            info.context, certificate_id=parse_id("certificate", input.id, "id")
        )
        return DownloadCertificatePayload(certificate=certificate, url=url)
