"""The SNILS that the register confirmed last opens the login while newer data wait"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("account", sa.Column("confirmed_snils_index", sa.LargeBinary(), nullable=True))
    op.create_index(op.f("ix_account_confirmed_snils_index"), "account", ["confirmed_snils_index"])


def downgrade() -> None:
    op.drop_index(op.f("ix_account_confirmed_snils_index"), "account")
    op.drop_column("account", "confirmed_snils_index")
