"""Consents, a copy of my data, closure of the account, who has read my data (152-FZ)."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from models.access import PURPOSE_LABELS, READER_LABELS, AccessPurpose
from models.account import Channel
from models.privacy import DataExportState
from models.terms import TermsKind, terms_of
from resolvers import access, closure, consents, data_export
from resolvers.reauthentication import demand_fresh
from resolvers.rights import SIGNED_IN
from schema.base import Cursor, Info, field, node_id, parse_id
from schema.errors import Payload
from schema.fields import computed, mutation, root
from schema.paging import Connection

strawberry.enum(
    DataExportState,
    description="QUEUED — собирается, READY — готова, TAKEN — получена, EXPIRED — срок вышел, FAILED — собрать не удалось.",
)
strawberry.enum(AccessPurpose, description="Зачем читали личные данные.")


Kind = Annotated[TermsKind, strawberry.argument(description="О чём согласие.")]
Version = Annotated[str, strawberry.argument(description="Редакция текста, которую прочитали.")]


def _title(context: Any, row: Any) -> str | None:
    terms = terms_of(row.kind, row.version)
    return terms.title if terms else None


@strawberry.type(description="Согласие: одна цель, одна редакция текста.")
class Consent:
    """Served from the row."""

    kind: TermsKind = field("На что дано согласие.")
    title: str | None = computed(_title, "Название текста.")
    version: str = field("Редакция текста.")
    sha256: str = field("Отпечаток текста, на который дано согласие.")
    channel: Channel = field("Через какой вход дано.")
    origin: str | None = field("Адрес, с которого дано; часть скрыта.")
    given_at: datetime = field("Когда дано.")
    withdrawn_at: datetime | None = field("Когда отозвано.")


@strawberry.type(description="Копия личных данных.")
class DataExport:
    """Served from the row."""

    id: strawberry.ID = computed(lambda context, row: node_id("export", row.id), "Идентификатор.")
    state: DataExportState = field("Состояние.")
    size_bytes: int = field("Размер архива.")
    requested_at: datetime = field("Когда запрошена.")
    expires_at: datetime | None = field("До какого времени её можно получить.")
    taken_at: datetime | None = field("Когда получена.")


@strawberry.type(description="Запрошенное закрытие учётной записи.")
class Closure:
    """Served from the row."""

    requested_at: datetime = field("Когда запрошено.")
    due_at: datetime = field("Когда наступит; до этого его можно отменить.")


@strawberry.type(description="Кто, когда и зачем читал личные данные.")
class AccessRecord:
    """Served from the row."""

    at: datetime = field("Когда.")
    reader: str = field("Кто: система или вид и идентификатор, для программы.")
    reader_label: str = computed(
        lambda context, row: READER_LABELS.get(row.reader, row.reader), "Кто, для человека."
    )
    purpose: AccessPurpose = field("Зачем, для программы.")
    purpose_label: str = computed(lambda context, row: PURPOSE_LABELS[row.purpose], "Зачем, для человека.")


@strawberry.type
class PrivacyViewer:
    """The part of `Viewer` about the protection of data."""

    @root(SIGNED_IN, description="Согласия, новые сверху; отозванные остаются.", of=list[Consent])
    async def consents(self, info: Info) -> Any:
        return await consents.consents(info.context)

    @root(SIGNED_IN, description="Запрошенные копии данных, новые сверху.", of=list[DataExport])
    async def data_exports(self, info: Info) -> Any:
        return await data_export.exports(info.context)

    @root(SIGNED_IN, description="Запрошенное закрытие, если есть.", of=Closure | None)
    async def closure(self, info: Info) -> Any:
        return await closure.my_closure(info.context)

    @root(SIGNED_IN, description="Кто читал личные данные, новое сверху.", of=Connection[AccessRecord] | None)
    async def access_log(self, info: Info, first: int = 20, after: Cursor | None = None) -> Any:
        return await access.access_log(info.context, first, after)


@strawberry.type(description="Согласие дано.")
class ConsentPayload(Payload):
    """The record."""

    consent: Consent | None = strawberry.field(default=None, description="Согласие.")


@strawberry.type(description="Согласие отозвано.")
class ConsentWithdrawalPayload(Payload):
    """What follows from it."""

    withdrawn: int = strawberry.field(default=0, description="Сколько записей отозвано.")
    closure: Closure | None = strawberry.field(
        default=None, description="Без согласия на обработку данных учётная запись закроется."
    )


@strawberry.type(description="Копия данных.")
class DataExportPayload(Payload):
    """The copy, and the link where one was asked for."""

    data_export: DataExport | None = strawberry.field(default=None, description="Копия.")
    url: str | None = strawberry.field(default=None, description="Ссылка на минуту; выдаётся один раз.")


@strawberry.type(description="Закрытие учётной записи.")
class ClosurePayload(Payload):
    """The closure, or none after it is called off."""

    closure: Closure | None = strawberry.field(default=None, description="Закрытие.")
    cancelled: bool = strawberry.field(default=False, description="Отменено ли закрытие.")


@strawberry.type
class PrivacyMutation:
    """What a person may demand about their data."""

    @mutation(SIGNED_IN, ConsentPayload, description="Дать согласие на действующую редакцию текста.")
    async def give_consent(self, info: Info, kind: Kind, version: Version) -> Any:
        given: Any = await consents.give(info.context, kind=kind, version=version)
        return ConsentPayload(consent=given)

    @mutation(
        SIGNED_IN,
        ConsentWithdrawalPayload,
        description="Отозвать согласие; для согласия на обработку данных вход нужно подтвердить заново, и вместе с ним "
        "отзывается согласие на передачу данных с Госуслуг.",
    )
    async def withdraw_consent(self, info: Info, kind: Kind) -> Any:
        withdrawn = await consents.withdraw(info.context, kind=kind)
        planned: Any = await closure.my_closure(info.context)
        return ConsentWithdrawalPayload(withdrawn=withdrawn, closure=planned)

    @mutation(SIGNED_IN, DataExportPayload, description="Запросить копию всех личных данных.")
    async def request_data_export(self, info: Info) -> Any:
        export: Any = await data_export.request(info.context)
        return DataExportPayload(data_export=export)

    @mutation(
        SIGNED_IN,
        DataExportPayload,
        description="Получить готовую копию: ссылка выдаётся один раз и открывается один раз в течение минуты.",
    )
    async def take_data_export(self, info: Info, id: strawberry.ID) -> Any:  # noqa: A002
        url = await data_export.take(info.context, key=parse_id("export", id, "id"))
        return DataExportPayload(url=url)

    @mutation(
        SIGNED_IN,
        ClosurePayload,
        description="Закрыть учётную запись через 14 дней; вход нужно подтвердить заново.",
    )
    async def request_account_closure(self, info: Info) -> Any:
        demand_fresh(info.context)
        planned: Any = await closure.request(info.context)
        return ClosurePayload(closure=planned)

    @mutation(SIGNED_IN, ClosurePayload, description="Отменить закрытие учётной записи.")
    async def cancel_account_closure(self, info: Info) -> Any:
        return ClosurePayload(cancelled=await closure.cancel(info.context))
