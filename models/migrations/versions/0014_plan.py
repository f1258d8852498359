"""Cycles of accreditation"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "plan_cycle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("specialty", AutoString(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("warned_months", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_plan_cycle_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_cycle")),
        sa.UniqueConstraint(
            "account_id", "specialty", "starts_on", name=op.f("uq_plan_cycle_account_id_specialty_starts_on")
        ),
    )
    op.create_index(op.f("ix_plan_cycle_account_id"), "plan_cycle", ["account_id"])
    op.create_index(op.f("ix_plan_cycle_ends_on"), "plan_cycle", ["ends_on"])


def downgrade() -> None:
    op.drop_table("plan_cycle")
