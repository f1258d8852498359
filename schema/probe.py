"""A live channel that anyone may open: clients and monitors measure with it whether events get through (3.4-17)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

import strawberry

from models.errors import ErrorCode, Refusal
from resolvers.rights import ANYONE
from schema.base import Cursor, Info
from schema.fields import subscription

LONGEST = 100


@strawberry.type(description="Отметка живого канала.")
class LiveProbe:
    """One beat."""

    cursor: Cursor = strawberry.field(description="Порядковый номер отметки.")
    at: datetime = strawberry.field(description="Время на сервере.")


@strawberry.type
class ProbeSubscription:
    """Open to everyone, and bounded."""

    @subscription(
        ANYONE, description="Проверка живого канала: сервер присылает своё время заданное число раз."
    )
    async def live_probe(
        self,
        info: Info,
        count: Annotated[int, strawberry.argument(description="Сколько отметок, от 1 до 100.")] = 3,
        every_ms: Annotated[
            int, strawberry.argument(description="Через сколько миллисекунд, от 10 до 60000.")
        ] = 1000,
    ) -> AsyncIterator[LiveProbe]:
        if not (1 <= count <= LONGEST and 10 <= every_ms <= 60_000):
            raise Refusal(ErrorCode.INVALID_FORMAT, "Отметок — от 1 до 100, промежуток — от 10 до 60000 мс.")
        for number in range(1, count + 1):
            yield LiveProbe(cursor=Cursor(str(number)), at=info.context.clock.now())
            if number < count:
                await asyncio.sleep(every_ms / 1000)
