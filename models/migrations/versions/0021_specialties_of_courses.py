"""For which specialities a course counts; none means any"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    # The default stays: processes of the version before write rows while they are replaced.
    op.add_column(
        "course", sa.Column("specialties", postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'"))
    )


def downgrade() -> None:
    op.drop_column("course", "specialties")
