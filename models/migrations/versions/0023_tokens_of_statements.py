"""By which service token a result came"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("statement", sa.Column("token_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("statement", "token_id")
