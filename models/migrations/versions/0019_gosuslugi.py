"""Links with Gosuslugi"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "gosuslugi_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=True),
        sa.Column("data_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_gosuslugi_attempt_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gosuslugi_attempt")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_gosuslugi_attempt_state_hash")),
    )
    op.create_index(op.f("ix_gosuslugi_attempt_account_id"), "gosuslugi_attempt", ["account_id"])
    op.create_index(op.f("ix_gosuslugi_attempt_expires_at"), "gosuslugi_attempt", ["expires_at"])
    op.create_table(
        "gosuslugi_link",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("oid_index", sa.LargeBinary(), nullable=True),
        sa.Column("scopes", JSONB(), nullable=False),
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("refresh_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("linked_at", UTCDateTime(), nullable=True),
        sa.Column("last_sync_at", UTCDateTime(), nullable=True),
        sa.Column("next_sync_at", UTCDateTime(), nullable=True),
        sa.Column("last_error", AutoString(), nullable=True),
        sa.Column("last_esia_code", AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_gosuslugi_link_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_gosuslugi_link_application_id_application"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_gosuslugi_link")),
        sa.UniqueConstraint("oid_index", name=op.f("uq_gosuslugi_link_oid_index")),
    )
    op.create_index(op.f("ix_gosuslugi_link_application_id"), "gosuslugi_link", ["application_id"])
    op.create_index(op.f("ix_gosuslugi_link_next_sync_at"), "gosuslugi_link", ["next_sync_at"])


def downgrade() -> None:
    op.drop_table("gosuslugi_link")
    op.drop_table("gosuslugi_attempt")
