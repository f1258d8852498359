"""The door of the GraphQL edge: a token becomes a caller, a caller gets a context of their own."""

import asyncio
from collections.abc import Callable
from uuid import UUID

from graphql import OperationType
from starlette.requests import HTTPConnection

from models.errors import ErrorCode, Refusal, Unavailable
from resolvers.context import Context, Person, Ports
from resolvers.sessions import caller_of, ended_topic, still_open
from storage.patience import unavailable_after
from web.door import Visit
from web.operation_facts import OperationFacts
from web.peers import peer_of

CHECK_SECONDS = 15.0
RETRY_SECONDS = 1.0


class Doorkeeper:
    """What the product gives the edge."""

    def __init__(self, ports: Callable[[], Ports]) -> None:
        self._open = ports

    @property
    def _ports(self) -> Ports:
        return self._open()

    async def enter(
        self, connection: HTTPConnection, token: str | None, operation: OperationFacts | None
    ) -> Context:
        """A context for one operation; who opens a socket with a token that opens nothing has to sign in again."""
        live = operation is not None and operation.kind is OperationType.SUBSCRIPTION
        caller = await caller_of(self._ports, token)
        if operation is None and token is not None and caller is None:
            raise Refusal(ErrorCode.UNAUTHENTICATED, "Сеанс завершён. Войдите снова.")
        return Context(self._ports, caller, peer_of(connection), live)

    async def revoked(self, visit: Visit) -> None:
        """Returns when the session of the visit has ended; without a session, never."""
        if not (isinstance(visit, Context) and isinstance(visit.caller, Person)):
            await asyncio.Event().wait()
            return
        session_id = visit.caller.session.id
        async with self._ports.bus.subscribe(ended_topic(session_id)) as ended:
            while (pause := await self._pause(session_id)) is not None:
                await ended.wait(pause)

    async def _pause(self, session_id: UUID) -> float | None:
        """Seconds until the next look at the session; None when it has ended, never because nobody can tell."""
        try:
            async with unavailable_after():
                return CHECK_SECONDS if await still_open(self._ports, session_id) else None
        except Unavailable:
            return RETRY_SECONDS
