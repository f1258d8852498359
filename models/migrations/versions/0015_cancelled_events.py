"""Events that their organisers have called off"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("activity", sa.Column("cancelled_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("activity", "cancelled_at")
