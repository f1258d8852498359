"""A small schema behind the real edge, for the suites that judge the edge alone."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

import strawberry
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from models.errors import ErrorCode, Refusal, Unavailable
from web.access_log import AccessLog
from web.documents import DocumentPolicy, Documents
from web.door import Doorstep, Visit
from web.graphql_view import GraphQLEdge, core_of
from web.limits import Limits
from web.metrics import Metrics
from web.operation_facts import OperationFacts
from web.operations import Operations, Profile
from web.perimeter import perimeter

SLOW_DOOR = 0.3


@dataclass
class ToyVisit:
    """A context: who calls, and how many times it was renewed."""

    subject: str | None
    board: "Board"
    generation: int = 0
    cookies: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])

    def renewed(self) -> "ToyVisit":
        return replace(self, generation=self.generation + 1)


class Board:
    """What happens in the toy: revoked tokens, cancelled sleeps, events that were asked for."""

    def __init__(self) -> None:
        self.revoked: dict[str, asyncio.Event] = {}
        self.cancelled: list[str] = []
        self.entered: list[OperationFacts | None] = []
        self.events: list[int] = []
        self.registry = CollectorRegistry()

    def ending(self, token: str) -> asyncio.Event:
        return self.revoked.setdefault(token, asyncio.Event())


class ToyDoor:
    """Tokens `good-...` are people, no token is a stranger, others are refused."""

    def __init__(self, board: Board) -> None:
        self._board = board

    async def enter(
        self, connection: HTTPConnection, token: str | None, operation: OperationFacts | None
    ) -> ToyVisit:
        self._board.entered.append(operation)
        if token is not None and (not token.startswith("good") or self._board.ending(token).is_set()):
            raise Refusal(ErrorCode.UNAUTHENTICATED, "Войдите снова.")
        if token == "good-slow":
            await asyncio.sleep(SLOW_DOOR)
        return ToyVisit(token, self._board)

    async def revoked(self, visit: Visit) -> None:
        await self._board.ending(visit.subject or "stranger").wait()
        if visit.subject == "good-unwatched":
            raise Unavailable("database")
        if visit.subject == "good-broken-watch":
            raise RuntimeError("secret of the watch")


Info = strawberry.Info[ToyVisit, None]


def similar_activities(first: int = 20) -> list["Activity"]:
    return activities(first)


@strawberry.type
class Activity:
    id: strawberry.ID
    title: str
    similar: list["Activity"] = strawberry.field(resolver=similar_activities)


def activities(number: int) -> list[Activity]:
    return [Activity(id=strawberry.ID(str(n)), title=f"Активность {n}") for n in range(1, number + 1)]


@strawberry.type
class Query:
    @strawberry.field
    def activities(self, first: int = 20) -> list[Activity]:
        return activities(first)

    @strawberry.field
    def who(self, info: Info) -> str | None:
        return info.context.subject

    @strawberry.field
    def boom(self) -> str:
        raise RuntimeError("password of postgresql://admin:secret@db is wrong")

    @strawberry.field
    def hidden(self) -> str | None:
        raise Refusal(ErrorCode.NOT_FOUND, "Не найдено.", hint="нет")

    @strawberry.field
    def asleep(self) -> str:
        raise Unavailable("connection to 10.0.0.1 refused")

    @strawberry.field
    async def sleep(self, info: Info, seconds: float = 0) -> str:
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            info.context.board.cancelled.append("sleep")
            raise
        return "ok"

    @strawberry.field
    def echo(
        self, text: str | None = None, numbers: list[int] | None = None, big: float | None = None
    ) -> str:
        return f"{text} {numbers} {big}"


@strawberry.type
class Enrolment:
    id: strawberry.ID
    enrolled: bool


@strawberry.type
class Mutation:
    @strawberry.mutation
    def enroll(self, info: Info, id: strawberry.ID) -> Enrolment:  # noqa: A002 - the name on the wire
        return Enrolment(id=id, enrolled=True)

    @strawberry.mutation
    def login(self, info: Info, password: str) -> bool:
        info.context.cookies.append(("good-" + password, 3600))
        return True


@strawberry.type
class Progress:
    cursor: str
    percent: int
    padding: str | None = None

    @strawberry.field
    def generation(self, info: Info) -> int:
        return info.context.generation

    @strawberry.field
    def shaky(self, broken: bool = False) -> str | None:
        """What is not there for the second event."""
        if self.cursor != "2":
            return "ok"
        raise RuntimeError("secret of the event") if broken else Unavailable("database")


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def progress(
        self,
        info: Info,
        count: int | None = None,
        every_ms: int = 50,
        after: str | None = None,
        size: int = 0,
    ) -> AsyncIterator[Progress]:
        start = int(after or 0)
        numbers = itertools.count(start + 1) if count is None else range(start + 1, start + count + 1)
        for number in numbers:
            await asyncio.sleep(every_ms / 1000)
            info.context.board.events.append(number)
            yield Progress(cursor=str(number), percent=number, padding="я" * size)

    @strawberry.subscription
    async def broken(self) -> AsyncIterator[int]:
        yield 1
        raise RuntimeError("secret of the stream")


schema = strawberry.Schema(Query, Mutation, Subscription)

TRUSTED = {"a" * 64: "query Known { __typename }"}


def toy_app(
    origins: Sequence[str],
    board: Board,
    limits: Limits,
    *,
    introspection: bool = True,
    trusted_only: bool = False,
    profile: Profile = "classic",
) -> ASGIApp:
    """The whole edge on the toy schema."""
    metrics = Metrics(board.registry, frozenset({"Known"}))
    core = core_of(schema)
    policy = DocumentPolicy(trusted=TRUSTED, trusted_only=trusted_only, introspection=introspection)
    documents = Documents(core.schema, core.rules, limits, policy)
    operations = Operations(core, documents, ToyDoor(board), AccessLog(metrics), profile)
    edge = GraphQLEdge(operations, Doorstep(origins=frozenset(origins)), asyncio.Event())
    numbers = itertools.count(1)
    app = Starlette(routes=[Route("/graphql", edge), WebSocketRoute("/graphql", edge)])
    return perimeter(app, limits, lambda: f"request-{next(numbers):08}")
