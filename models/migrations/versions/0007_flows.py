"""Applications, flows of registration and recovery, requests to support"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0007"
down_revision = "0006"

STATUSES = ("NEW", "IN_PROGRESS", "APPROVED", "REJECTED", "CANCELLED")
KINDS = (
    "REGISTRATION",
    "PASSWORD_RECOVERY",
    "DATA_CHANGE",
    "ENROLLMENT",
    "DOCUMENT_REVIEW",
    "GOSUSLUGI_LINK",
    "SUPPORT",
)


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("application_number")))
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("number", AutoString(), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, native_enum=False, length=40), nullable=False),
        sa.Column("status", sa.Enum(*STATUSES, native_enum=False, length=40), nullable=False),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        _belongs("application", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("number", name=op.f("uq_application_number")),
    )
    op.create_index(op.f("ix_application_account_id"), "application", ["account_id"])
    op.create_table(
        "application_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("status", sa.Enum(*STATUSES, native_enum=False, length=40), nullable=False),
        sa.Column("comment", AutoString(), nullable=True),
        _belongs("application_event", "application_id", "application"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_event")),
    )
    op.create_index(op.f("ix_application_event_application_id"), "application_event", ["application_id"])
    op.create_table(
        "support_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("about_number", AutoString(), nullable=True),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("message_sealed", sa.LargeBinary(), nullable=False),
        _belongs("support_request", "id", "application"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_request")),
    )
    op.create_table(
        "flow",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum("REGISTRATION", "RECOVERY", native_enum=False, length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum("OPEN", "CONFIRMED", "DONE", "CANCELLED", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("channel", sa.Enum("SITE", "GOSUSLUGI", native_enum=False, length=40), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("data_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("request_index", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        _belongs("flow", "id", "application"),
        _belongs("flow", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow")),
        sa.UniqueConstraint("request_index", name=op.f("uq_flow_request_index")),
    )
    op.create_index(op.f("ix_flow_account_id"), "flow", ["account_id"])
    op.create_table(
        "proof",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("flow_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum("EMAIL", "PHONE", native_enum=False, length=40), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("contact_index", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("link_hash", sa.LargeBinary(), nullable=True),
        sa.Column("attempts_left", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        _belongs("proof", "flow_id", "flow"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_proof_link_hash")),
    )
    op.create_index(op.f("ix_proof_flow_id"), "proof", ["flow_id"])
    op.create_index(op.f("ix_proof_contact_index"), "proof", ["contact_index"])


def _belongs(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    for table in ("proof", "flow", "support_request", "application_event", "application"):
        op.drop_table(table)
    op.execute(sa.schema.DropSequence(sa.Sequence("application_number")))
