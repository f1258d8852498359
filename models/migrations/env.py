"""Alembic's entry: runs the migrations on the connection it is given."""

from alembic import context
from sqlalchemy import Connection

from models.migrations.filters import ours
from models.tables import Row

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Row.metadata, include_object=ours, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
