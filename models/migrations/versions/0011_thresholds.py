"""Thresholds of results and who has reached them; the one of the system: a course done to its end"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0011"
down_revision = "0010"
METRICS = ("COURSE_PERCENT", "COURSE_SCORE", "CREDITS_TOTAL", "MODULES_COMPLETED")


def upgrade() -> None:
    op.create_table(
        "threshold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("SYSTEM", "AUTHOR", "USER", name="thresholdsource", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column(
            "metric",
            sa.Enum(*METRICS, name="thresholdmetric", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_threshold_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_threshold_course_id_course"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threshold")),
    )
    op.create_index(op.f("ix_threshold_account_id"), "threshold", ["account_id"])
    op.create_index(op.f("ix_threshold_course_id"), "threshold", ["course_id"])
    op.create_table(
        "threshold_hit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("threshold_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.Uuid(), nullable=True),
        sa.Column("reached_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["threshold_id"],
            ["threshold.id"],
            name=op.f("fk_threshold_hit_threshold_id_threshold"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_threshold_hit_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["element_id"],
            ["element.id"],
            name=op.f("fk_threshold_hit_element_id_element"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threshold_hit")),
    )
    op.create_index(op.f("ix_threshold_hit_threshold_id"), "threshold_hit", ["threshold_id"])
    op.create_index(op.f("ix_threshold_hit_account_id"), "threshold_hit", ["account_id"])
    op.create_index(op.f("ix_threshold_hit_element_id"), "threshold_hit", ["element_id"])
    op.execute(
        "INSERT INTO threshold (id, source, metric, value, created_at) VALUES "
        "('00000000-0000-7000-8000-000000000100', 'SYSTEM', 'COURSE_PERCENT', 100, now())"
    )


def downgrade() -> None:
    op.drop_table("threshold_hit")
    op.drop_table("threshold")
