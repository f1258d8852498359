"""Alembic's entry: runs the migrations on the connection it is given."""

from alembic import context
from sqlalchemy import Connection

from models.tables import Row

OURS = frozenset(Row.metadata.tables)


def ours(item: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """The job queue is procrastinate's own; search indexes are expressions, which cannot be compared."""
    if not reflected:
        return True
    return name in OURS if kind == "table" else not (kind == "index" and (name or "").startswith("search_"))


connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Row.metadata, include_object=ours, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
