"""Tries that are counted against limits"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "tries",
        sa.Column("rule", AutoString(length=40), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("hits", postgresql.ARRAY(sa.DateTime(timezone=True)), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("void_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("rule", "key", name=op.f("pk_tries")),
    )
    op.create_index(op.f("ix_tries_void_at"), "tries", ["void_at"])


def downgrade() -> None:
    op.drop_table("tries")
