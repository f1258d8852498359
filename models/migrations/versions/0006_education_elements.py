"""Materials of courses, restrictions of institutions, withdrawn numbers of certificates"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "course_material",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("file_name", AutoString(), nullable=False),
        sa.Column("mime_type", AutoString(), nullable=False),
        sa.Column("object_key", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_course_material_course_id_course"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_material")),
    )
    op.create_index(op.f("ix_course_material_course_id"), "course_material", ["course_id"])
    op.create_table(
        "removed_certificate",
        sa.Column("number", AutoString(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("removed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.id"],
            name=op.f("fk_removed_certificate_course_id_course"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_removed_certificate")),
    )
    op.create_index(op.f("ix_removed_certificate_course_id"), "removed_certificate", ["course_id"])
    op.create_table(
        "restriction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organizer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "action",
            sa.Enum("ADD", "REMOVE", name="restrictedaction", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum("COURSE", "PROGRAM", "MODULE", name="elementkind", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=True),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("lifted_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_restriction_course_id_course"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organizer_id"],
            ["organizer.id"],
            name=op.f("fk_restriction_organizer_id_organizer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
    )
    op.create_index(op.f("ix_restriction_course_id"), "restriction", ["course_id"])
    op.create_index(op.f("ix_restriction_organizer_id"), "restriction", ["organizer_id"])


def downgrade() -> None:
    op.drop_table("restriction")
    op.drop_table("removed_certificate")
    op.drop_table("course_material")
