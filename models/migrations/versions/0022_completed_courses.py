"""When a course was completed, beside when that was reported"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("certificate", sa.Column("completed_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("certificate", "completed_at")
