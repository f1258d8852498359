"""The sessions of the viewer (1.2-19)."""

from datetime import datetime
from typing import Any

import strawberry

from models import account as rows
from models.account import Channel
from models.devices import device
from resolvers import session_list as use
from resolvers.rights import SIGNED_IN
from schema.base import Info, Node, field, node, parse_id
from schema.errors import Payload
from schema.fields import computed, mutation, root


@node(rows.Session, "session", description="Открытый сеанс.")
class Session(Node):
    """Served from the row of the session."""

    current: bool = computed(
        lambda context, row: row.id == context.person.session.id, "Этот ли сеанс делает запрос."
    )
    created_at: datetime = field("Когда открыт.")
    last_seen_at: datetime = field("Когда им пользовались в последний раз, с точностью до минуты.")
    device: str = computed(lambda context, row: device(row.user_agent), "Браузер и система.")
    ip_masked: str | None = field("Сетевой адрес без последней части.")
    via: Channel = field("Через какой вход открыт.")


@strawberry.type(description="Сколько сеансов завершено.")
class SessionsPayload(Payload):
    """Closed sessions."""

    closed: int = strawberry.field(default=0, description="Число завершённых сеансов.")


@strawberry.type
class SessionsViewer:
    """The part of `Viewer` about sessions."""

    @root(SIGNED_IN, description="Ваши открытые сеансы, сначала недавние.", of=list[Session])
    async def sessions(self, info: Info) -> Any:
        return await use.open_sessions(info.context)


@strawberry.type
class SessionsMutation:
    """Mutations that end sessions."""

    @mutation(
        SIGNED_IN, SessionsPayload, description="Завершить этот сеанс или все сеансы; живые каналы закроются."
    )
    async def logout(self, info: Info, all_sessions: bool = False) -> Any:
        return SessionsPayload(closed=await use.logout(info.context, all_sessions=all_sessions))

    @mutation(SIGNED_IN, SessionsPayload, description="Завершить один сеанс из списка.")
    async def close_session(self, info: Info, id: strawberry.ID) -> Any:  # noqa: A002 - the schema's word
        key = parse_id("session", id, "id")
        return SessionsPayload(closed=await use.close_session(info.context, key))
