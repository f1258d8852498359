"""Relations between tables, declared once: key, row-level right, order. Everything that fetches reads these."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Mapped

from models.base import Row
from resolvers.context import Context
from resolvers.rights import Owned, RowScope, everyone
from storage.database import Database

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, eq=False)
class Relation(Generic[R]):
    """From the attribute `local` of a row to the rows of `target` whose column `remote` equals it.

    `scope` is the row-level right; `order` makes to-many results stable; `also` narrows them further.
    """

    target: type[R]
    local: str
    remote: Mapped[Any]
    scope: RowScope
    many: bool = False
    order: tuple[Any, ...] = ()
    also: ColumnElement[bool] | None = None

    async def of(self, context: Context, row: Any) -> Any:
        """The related row or None; for a to-many relation the list of rows."""
        key = getattr(row, self.local)
        if key is None:
            return [] if self.many else None
        return await context.loaders.load(context, self, self._batch, key)

    async def now(self, context: Context, key: Any) -> R | None:
        """The row as it stands, whatever has been loaded before; for a relation that leads to one."""
        (found,) = await self._batch(context, [key])
        row: R | None = found
        return row

    async def _batch(self, context: Context, keys: list[Any]) -> list[Any]:
        if context.live and (self.scope is everyone or isinstance(self.scope, Owned)):
            groups = await self._with_others(context, keys)
        else:
            async with context.database.reading() as session:
                found: Any = await session.execute(self._query(keys, self.scope(context)))
            rows: defaultdict[Any, list[R]] = _grouped((key, row) for row, key in found)
            groups = [rows[key] for key in keys]
        return groups if self.many else [group[0] if group else None for group in groups]

    async def _with_others(self, context: Context, keys: list[Any]) -> list[list[R]]:
        """One statement for all whom a change has woken; each is given the rows that their own scope lets be seen."""
        owner = context.person.account.id if isinstance(self.scope, Owned) else None
        gathering = context.ports.gatherings.of(self, partial(self._of_all, context.ports.database.in_turn()))
        answers: list[list[R]] = await gathering.ask([(owner, key) for key in keys])
        return answers

    async def _of_all(
        self, database: Database, asked: list[tuple[UUID | None, Any]]
    ) -> Mapping[Any, list[R]]:
        keys = {key for _, key in asked}
        query = self._query(keys, true())
        if isinstance(self.scope, Owned):
            owner = self.scope.column
            query = query.add_columns(owner).where(owner.in_({owner for owner, _ in asked}))
        async with database.reading() as session:
            found: Any = await session.execute(query)
        return _grouped(((owner[0] if owner else None, key), row) for row, key, *owner in found)

    def _query(self, keys: Collection[Any], scope: ColumnElement[bool]) -> Any:
        query = select(self.target, self.remote).where(self.remote.in_(keys), scope)
        if self.also is not None:
            query = query.where(self.also)
        return query.order_by(*self.order)


def _grouped(found: Iterable[tuple[Any, R]]) -> defaultdict[Any, list[R]]:
    groups: defaultdict[Any, list[R]] = defaultdict(list)
    for key, row in found:
        groups[key].append(row)
    return groups


async def fetch(context: Context, target: type[R], key: UUID, scope: ColumnElement[bool]) -> R | None:
    """One row by its id, if the scope lets it be seen."""
    identity: Any = getattr(target, "id")  # noqa: B009 - every entity has it, the base class does not
    async with context.database.reading() as session:
        return (await session.scalars(select(target).where(identity == key, scope))).one_or_none()
