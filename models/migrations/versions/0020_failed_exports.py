"""Why an export has no file"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("export_job", sa.Column("failure", sa.String(40), nullable=True))


def downgrade() -> None:
    op.drop_column("export_job", "failure")
