"""Events whose places have changed and are to be told of"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    # The default stays: processes of the version before write rows while they are replaced.
    op.add_column(
        "activity", sa.Column("places_changed", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(
        "ix_activity_places_changed", "activity", ["id"], postgresql_where=sa.text("places_changed")
    )


def downgrade() -> None:
    op.drop_index("ix_activity_places_changed", "activity")
    op.drop_column("activity", "places_changed")
