"""Places of the waiting lists of events"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("enrollment", sa.Column("waiting_place", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("enrollment", "waiting_place")
