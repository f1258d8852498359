"""The door of the GraphQL edge: a token becomes a caller, a caller gets a context of their own."""

import asyncio
from collections.abc import Callable

from graphql import OperationType
from starlette.requests import HTTPConnection

from models.errors import ErrorCode, Refusal, Unavailable
from resolvers.context import Context, Person, Ports
from resolvers.rights import rights_topic
from resolvers.sessions import caller_of, ended_topic, person_now
from storage.patience import unavailable_after
from web.door import Doorstep, Visit
from web.operation_facts import OperationFacts
from web.peers import peer_of

CHECK_SECONDS = 15.0
RETRY_SECONDS = 1.0


class Doorkeeper:
    """What the product gives the edge."""

    def __init__(self, ports: Callable[[], Ports], doorstep: Doorstep) -> None:
        self._open = ports
        self._doorstep = doorstep

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
        no_cookie = self._doorstep.cookie_refusal(connection)
        return Context(self._ports, caller, peer_of(connection), live, no_cookie=no_cookie)

    async def revoked(self, visit: Visit) -> None:
        """Returns when the session of the visit has ended; without a session, never."""
        if not (isinstance(visit, Context) and isinstance(visit.caller, Person)):
            await asyncio.Event().wait()
            return
        async with self._ports.bus.subscribe(ended_topic(visit.caller.session.id)) as ended:
            while (pause := await self._pause(visit, visit.person)) is not None:
                await ended.wait(pause)

    async def _pause(self, visit: Context, known: Person) -> float | None:
        """Seconds until the next look at the session; None when it has ended, never because nobody can tell."""
        try:
            async with unavailable_after():
                person = await person_now(self._ports, known.session.id)
        except Unavailable:
            return RETRY_SECONDS
        if person is None:
            return None
        if (person.level, person.permissions) != (known.level, known.permissions):
            # A change of which no signal came, such as an operator's without a common bus.
            visit.caller = person
            await self._ports.bus.publish(rights_topic(person.account.id), b"")
        return CHECK_SECONDS
