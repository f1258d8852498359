"""Relations between tables, declared once: key, row-level right, order. Everything that fetches reads these."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Mapped

from models.base import Row
from resolvers.context import Context
from resolvers.rights import RowScope

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

    async def _batch(self, context: Context, keys: list[Any]) -> list[Any]:
        query = select(self.target, self.remote).where(self.remote.in_(keys), self.scope(context))
        if self.also is not None:
            query = query.where(self.also)
        async with context.database.reading() as session:
            found = (await session.execute(query.order_by(*self.order))).all()
        if self.many:
            groups: defaultdict[Any, list[R]] = defaultdict(list)
            for row, key in found:
                groups[key].append(row)
            return [groups[key] for key in keys]
        single = {key: row for row, key in found}
        return [single.get(key) for key in keys]


async def fetch(context: Context, target: type[R], key: UUID, scope: ColumnElement[bool]) -> R | None:
    """One row by its id, if the scope lets it be seen."""
    identity: Any = getattr(target, "id")  # noqa: B009 - every entity has it, the base class does not
    async with context.database.reading() as session:
        return (await session.scalars(select(target).where(identity == key, scope))).one_or_none()
