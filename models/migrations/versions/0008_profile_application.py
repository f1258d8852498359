"""The application of the personal data as they are; used uploads are found by their age"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("profile", sa.Column("application_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_profile_application_id_application"),
        "profile",
        "application",
        ["application_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(op.f("ix_profile_application_id"), "profile", ["application_id"])
    op.create_index(op.f("ix_upload_expires_at"), "upload", ["expires_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_upload_expires_at"), "upload")
    op.drop_index(op.f("ix_profile_application_id"), "profile")
    op.drop_constraint(op.f("fk_profile_application_id_application"), "profile")
    op.drop_column("profile", "application_id")
