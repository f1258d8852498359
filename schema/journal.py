"""The action log (3.3-27, 3.3-28)."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from resolvers import journal as use
from resolvers.rights import SIGNED_IN
from schema.base import Cursor, Info, field
from schema.fields import computed, root
from schema.paging import Connection


@strawberry.type(description="Запись журнала действий.")
class AuditEntry:
    """Served from the event."""

    seq: int = field("Номер в журнале, без пропусков.")
    at: datetime = field("Когда.")
    actor: str = field("Кто: вид и идентификатор.")
    action: str = field("Что, для программы: `раздел:предмет:событие`.")
    title: str = computed(lambda context, row: use.LABELS.get(row.action, row.action), "Что, для человека.")
    origin: str = field("Откуда: адрес с скрытой частью.")
    prev_hash: str = computed(lambda context, row: row.prev_hash.hex(), "Хеш предыдущей записи.")
    hash: str = computed(lambda context, row: row.hash.hex(), "Хеш этой записи.")


@strawberry.type
class JournalViewer:
    """The part of `Viewer` about the log."""

    @root(SIGNED_IN, description="Журнал действий, новые записи сверху.", of=Connection[AuditEntry] | None)
    async def audit_log(
        self,
        info: Info,
        first: int = 50,
        after: Cursor | None = None,
        action_prefix: Annotated[
            str,
            strawberry.argument(
                description="Только действия, которые так начинаются, например `portfolio:`."
            ),
        ] = "",
    ) -> Any:
        return await use.action_log(info.context, first, after, action_prefix)

    @root(SIGNED_IN, description="Цел ли журнал: ни одна запись не изменена, не удалена и не добавлена.")
    async def audit_chain_valid(self, info: Info) -> bool:
        return await use.chain_valid(info.context)
