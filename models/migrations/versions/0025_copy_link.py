"""The link to a copy of data opens once"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("data_export", sa.Column("link_hash", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("data_export", "link_hash")
