"""What a use case works with: ports, the caller, and the loaders of one operation."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast
from uuid import UUID

from aiodataloader import DataLoader

from gateways.gosuslugi import Gosuslugi
from gateways.inspector import Inspector
from gateways.mail import MailGateway
from gateways.register import Register
from gateways.sms import SmsGateway
from models.account import AccessLevel, AccessStep, Account, Permission, Session
from models.clock import Clock
from models.errors import ErrorCode, Refusal, signed_out
from models.organizers import Scope
from models.secrets import Secrets
from storage.bus import Bus
from storage.database import Author, Database
from storage.gathering import Gatherings
from storage.objects import ObjectStore
from storage.passwords import Passwords
from storage.patience import unavailable_after
from storage.vault import Vault

READS_AT_ONCE = 4
Value = TypeVar("Value")
Batch = Callable[["Context", list[Any]], Awaitable[list[Any]]]


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in doctor; with `screen` a wall screen of theirs, which may ask for these fields and no others."""

    account: Account
    session: Session
    level: AccessLevel
    steps: tuple[AccessStep, ...]
    permissions: frozenset[Permission]
    screen: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """A service account of an organiser of education."""

    organizer_id: UUID
    token_id: UUID
    scopes: frozenset[Scope]


Caller = Person | Provider | None


@dataclass(frozen=True, slots=True)
class Peer:
    """Where a request comes from: `ip` is masked and may be kept, `address` is whole and only counted by."""

    ip: str = ""
    user_agent: str = ""
    request_id: str = ""
    address: str = ""


class Loaders:
    """The batch loaders of one operation: each kind of look-up is one statement however many rows ask.

    `width` holds the operation to a few reads at once, so that one with many fields leaves connections to others.
    """

    def __init__(self) -> None:
        self.width = asyncio.Semaphore(READS_AT_ONCE)
        self._loaders: dict[Hashable, DataLoader[Any, Any]] = {}

    async def load(self, context: "Context", kind: Hashable, batch: Batch, key: Any) -> Any:
        loader = self._loaders.get(kind)
        if loader is None:

            async def run(keys: list[Any]) -> list[Any]:
                async with unavailable_after():
                    return await batch(context, keys)

            loader = self._loaders[kind] = DataLoader(cast(Any, run), max_batch_size=1000)
        return await loader.load(key)


@dataclass(frozen=True, slots=True)
class Ports:
    """The parts a process is put together from; links in letters begin with `origin`, our pages with one of `homes`."""

    database: Database
    objects: ObjectStore
    bus: Bus
    clock: Clock
    secrets: Secrets
    passwords: Passwords
    vault: Vault
    inspector: Inspector
    sms: SmsGateway
    mail: MailGateway
    origin: str
    homes: frozenset[str]
    register: Register
    gosuslugi: Gosuslugi | None
    support_mailbox: str
    support_phone: str
    gatherings: Gatherings = field(default_factory=Gatherings)


@dataclass(slots=True)
class Context:
    """One operation. A copy is made for each, and for each event of a subscription.

    `live` is that of a subscription: one change may wake very many of them, so they read in turn and together.
    `no_cookie` is what the edge says to a caller who may not be given a cookie.
    """

    ports: Ports
    caller: Caller = None
    peer: Peer = field(default_factory=Peer)
    live: bool = False
    loaders: Loaders = field(default_factory=Loaders)
    cookies: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    no_cookie: Exception | None = None

    @property
    def database(self) -> Database:
        database = self.ports.database
        return database.in_turn() if self.live else database.narrowed(self.loaders.width)

    @property
    def clock(self) -> Clock:
        return self.ports.clock

    @property
    def secrets(self) -> Secrets:
        return self.ports.secrets

    @property
    def person(self) -> Person:
        """The signed-in person; a refusal when there is none."""
        if isinstance(self.caller, Person):
            return self.caller
        raise signed_out()

    @property
    def provider(self) -> Provider:
        """The calling service account; a refusal when there is none."""
        if isinstance(self.caller, Provider):
            return self.caller
        raise Refusal(ErrorCode.UNAUTHENTICATED, "Нужен токен организации-провайдера.")

    @property
    def author(self) -> Author:
        """Who is written into the journal: ids only, never names."""
        match self.caller:
            case Person(account=account, session=session, screen=None):
                return Author(f"account:{account.id}", self.peer.ip, session.id)
            case Person(account=account):
                return Author(f"account:{account.id}", self.peer.ip)
            case Provider(organizer_id=organizer_id):
                return Author(f"organizer:{organizer_id}", self.peer.ip)
            case None:
                return Author("anonymous", self.peer.ip)

    @property
    def subject(self) -> str | None:
        """Who calls, for limits and logs: an id, never a name."""
        match self.caller:
            case Person(account=account):
                return str(account.id)
            case Provider(organizer_id=organizer_id):
                return str(organizer_id)
            case None:
                return None

    def renewed(self) -> "Context":
        """A copy that has loaded nothing, so that the next event of a subscription shows nothing stale."""
        return replace(self, loaders=Loaders())
