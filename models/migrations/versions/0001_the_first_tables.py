"""The first tables"""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0001"
down_revision = None


SEARCH = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX search_activity_words ON activity USING gin (to_tsvector('russian', title))",
    "CREATE INDEX search_activity_letters ON activity USING gin (title gin_trgm_ops)",
)
DROP_QUEUE = """
    DO $$
    DECLARE item record;
    BEGIN
        FOR item IN SELECT tablename AS name FROM pg_tables WHERE tablename LIKE 'procrastinate%' LOOP
            EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', item.name);
        END LOOP;
        FOR item IN SELECT oid::regprocedure::text AS name FROM pg_proc
            WHERE proname LIKE 'procrastinate%' LOOP
            EXECUTE 'DROP FUNCTION IF EXISTS ' || item.name || ' CASCADE';
        END LOOP;
        FOR item IN SELECT typname AS name FROM pg_type WHERE typname LIKE 'procrastinate%' LOOP
            EXECUTE format('DROP TYPE IF EXISTS %I CASCADE', item.name);
        END LOOP;
    END $$
"""


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", AutoString(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "REGISTERED",
                "CONTACT_CONFIRMED",
                "DATA_SUBMITTED",
                "DATA_REJECTED",
                "VERIFIED",
                "LOCKED",
                "CLOSED",
                name="accountstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "created_via",
            sa.Enum("SITE", "GOSUSLUGI", name="channel", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("last_name", AutoString(), nullable=False),
        sa.Column("first_name", AutoString(), nullable=False),
        sa.Column("middle_name", AutoString(), nullable=True),
        sa.Column("email", AutoString(), nullable=True),
        sa.Column("email_confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("email_send_blocked", sa.Boolean(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("phone_confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("snils_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("snils_index", sa.LargeBinary(), nullable=True),
        sa.Column("inn_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("inn_index", sa.LargeBinary(), nullable=True),
        sa.Column("identified_at", UTCDateTime(), nullable=True),
        sa.Column("password_hash", AutoString(), nullable=True),
        sa.Column("password_temporary_until", UTCDateTime(), nullable=True),
        sa.Column("terms_version", AutoString(), nullable=True),
        sa.Column("terms_accepted_at", UTCDateTime(), nullable=True),
        sa.Column("verified_at", UTCDateTime(), nullable=True),
        sa.Column("last_login_at", UTCDateTime(), nullable=True),
        sa.Column("permissions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("specialties", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cycle_start", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("slug", name=op.f("uq_account_slug")),
    )
    op.create_index(op.f("ix_account_email"), "account", ["email"], unique=False)
    op.create_index(op.f("ix_account_phone_index"), "account", ["phone_index"], unique=False)
    op.create_index(
        "uq_account_email",
        "account",
        ["email"],
        unique=True,
        postgresql_where=sa.text("email_confirmed_at IS NOT NULL"),
    )
    op.create_index("uq_account_inn", "account", ["inn_index"], unique=True)
    op.create_index(
        "uq_account_phone",
        "account",
        ["phone_index"],
        unique=True,
        postgresql_where=sa.text("phone_confirmed_at IS NOT NULL"),
    )
    op.create_index("uq_account_snils", "account", ["snils_index"], unique=True)
    op.create_table(
        "organizer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("inn", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizer")),
        sa.UniqueConstraint("inn", name=op.f("uq_organizer_inn")),
    )
    op.create_table(
        "stream",
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_stream")),
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organizer_id", sa.Uuid(), nullable=False),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("title_sort", AutoString(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "PROGRAM_DPP",
                "EVENT_CONFERENCE",
                "EVENT_WEBINAR",
                "EVENT_SEMINAR",
                "EVENT_MASTERCLASS",
                "SELF_STUDY_IOM",
                "OTHER",
                name="activitytype",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("credits", sa.Float(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("opens_at", UTCDateTime(), nullable=False),
        sa.Column("closes_at", UTCDateTime(), nullable=False),
        sa.Column("registry_number", AutoString(), nullable=True),
        sa.Column("specialties", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["organizer_id"], ["organizer.id"], name=op.f("fk_activity_organizer_id_organizer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index(op.f("ix_activity_organizer_id"), "activity", ["organizer_id"], unique=False)
    op.create_index("ix_activity_starts_at_id", "activity", ["starts_at", "id"], unique=False)
    op.create_index("ix_activity_title_sort_id", "activity", ["title_sort", "id"], unique=False)
    op.create_table(
        "challenge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("attempts_left", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_challenge_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
    )
    op.create_index(op.f("ix_challenge_account_id"), "challenge", ["account_id"], unique=False)
    op.create_table(
        "course",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organizer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("COURSE", "PROGRAM", "MODULE", name="elementkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column(
            "course_type",
            sa.Enum(
                "PROGRAM_DPP",
                "EVENT_CONFERENCE",
                "EVENT_WEBINAR",
                "EVENT_SEMINAR",
                "EVENT_MASTERCLASS",
                "SELF_STUDY_IOM",
                "OTHER",
                name="activitytype",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "difficulty",
            sa.Enum("BASIC", "INTERMEDIATE", "ADVANCED", name="difficulty", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("credits", sa.Float(), nullable=False),
        sa.Column("hours", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organizer_id"], ["organizer.id"], name=op.f("fk_course_organizer_id_organizer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
    )
    op.create_index(op.f("ix_course_organizer_id"), "course", ["organizer_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "PASSPORT",
                "DIPLOMA",
                "INTERNSHIP",
                "RESIDENCY",
                "QUALIFICATION_UPGRADE",
                "ACCREDITATION",
                "SPECIALIST_CERTIFICATE",
                "SNILS",
                "INN",
                "NAME_CHANGE",
                "EMPLOYMENT_RECORD",
                "OTHER",
                name="documenttype",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", AutoString(), nullable=False),
        sa.Column("issued_at", sa.Date(), nullable=False),
        sa.Column("expires_at", sa.Date(), nullable=True),
        sa.Column("file_name", AutoString(), nullable=False),
        sa.Column("mime_type", AutoString(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", AutoString(), nullable=False),
        sa.Column("object_key", AutoString(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "CHECKING",
                "APPROVED",
                "NEEDS_CORRECTION",
                "REPLACED",
                "EXPIRED",
                name="documentstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("checks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("uploaded_at", UTCDateTime(), nullable=False),
        sa.Column("reviewed_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_document_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["document.id"],
            name=op.f("fk_document_replaces_id_document"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("object_key", name=op.f("uq_document_object_key")),
    )
    op.create_index(op.f("ix_document_account_id"), "document", ["account_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("stream", AutoString(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("action", AutoString(), nullable=False),
        sa.Column("actor", AutoString(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("origin", AutoString(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["stream"], ["stream.name"], name=op.f("fk_event_stream_stream")),
        sa.PrimaryKeyConstraint("stream", "seq", name=op.f("pk_event")),
    )
    op.create_table(
        "service_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organizer_id", sa.Uuid(), nullable=False),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organizer_id"],
            ["organizer.id"],
            name=op.f("fk_service_token_organizer_id_organizer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_service_token_token_hash")),
    )
    op.create_index(op.f("ix_service_token_organizer_id"), "service_token", ["organizer_id"], unique=False)
    op.create_table(
        "session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "via", sa.Enum("SITE", "GOSUSLUGI", name="channel", native_enum=False, length=40), nullable=False
        ),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("last_seen_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("revoked_because", AutoString(), nullable=True),
        sa.Column("user_agent", AutoString(), nullable=True),
        sa.Column("ip_masked", AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_session_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    op.create_index(op.f("ix_session_account_id"), "session", ["account_id"], unique=False)
    op.create_table(
        "element",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_element_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_element_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_element")),
        sa.UniqueConstraint("account_id", "course_id", name=op.f("uq_element_account_id_course_id")),
    )
    op.create_index(op.f("ix_element_account_id"), "element", ["account_id"], unique=False)
    op.create_index(op.f("ix_element_course_id"), "element", ["course_id"], unique=False)
    op.create_table(
        "enrollment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "REQUESTED",
                "ENROLLED",
                "WAITLISTED",
                "ATTENDED",
                "CONFIRMED",
                "CANCELLED",
                "REJECTED",
                name="enrollmentstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_enrollment_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_enrollment_activity_id_activity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollment")),
        sa.UniqueConstraint("account_id", "activity_id", name=op.f("uq_enrollment_account_id_activity_id")),
    )
    op.create_index(op.f("ix_enrollment_account_id"), "enrollment", ["account_id"], unique=False)
    op.create_index(
        "ix_enrollment_activity_state",
        "enrollment",
        ["activity_id"],
        unique=False,
        postgresql_where=sa.text("state <> 'CANCELLED'"),
    )
    op.create_table(
        "material",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("METHODICAL", "RECORDING", name="materialkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("url", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_material_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
    )
    op.create_index(op.f("ix_material_activity_id"), "material", ["activity_id"], unique=False)
    op.create_table(
        "module",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_module_course_id_course"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module")),
    )
    op.create_index(op.f("ix_module_course_id"), "module", ["course_id"], unique=False)
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "PASSPORT",
                "DIPLOMA",
                "INTERNSHIP",
                "RESIDENCY",
                "QUALIFICATION_UPGRADE",
                "ACCREDITATION",
                "SPECIALIST_CERTIFICATE",
                "SNILS",
                "INN",
                "NAME_CHANGE",
                "EMPLOYMENT_RECORD",
                "OTHER",
                name="documenttype",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("file_name", AutoString(), nullable=False),
        sa.Column("mime_type", AutoString(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("object_key", AutoString(), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_upload_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["document.id"], name=op.f("fk_upload_replaces_id_document"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("object_key", name=op.f("uq_upload_object_key")),
    )
    op.create_index(op.f("ix_upload_account_id"), "upload", ["account_id"], unique=False)
    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("TEST", "PRACTICAL_TASK", "EXAM", name="assessmentkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("max_score", sa.Float(), nullable=False),
        sa.Column("passing_score", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_assessment_course_id_course"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_assessment_module_id_module"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index(op.f("ix_assessment_course_id"), "assessment", ["course_id"], unique=False)
    op.create_index(op.f("ix_assessment_module_id"), "assessment", ["module_id"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("number", AutoString(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "IN_PROGRESS",
                "READY_TO_DOWNLOAD",
                "ISSUED",
                name="certificatestatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ready_at", UTCDateTime(), nullable=True),
        sa.Column("issued_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_certificate_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["element_id"], ["element.id"], name=op.f("fk_certificate_element_id_element"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("element_id", name=op.f("uq_certificate_element_id")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
    )
    op.create_index(op.f("ix_certificate_account_id"), "certificate", ["account_id"], unique=False)
    op.create_table(
        "course_progress",
        sa.Column("element_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("topics_completed", sa.Integer(), nullable=False),
        sa.Column("topics_total", sa.Integer(), nullable=False),
        sa.Column("lessons_completed", sa.Integer(), nullable=False),
        sa.Column("lessons_total", sa.Integer(), nullable=False),
        sa.Column("modules_completed", sa.Integer(), nullable=False),
        sa.Column("modules_total", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Float(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column(
            "exam",
            sa.Enum(
                "NOT_STARTED",
                "IN_PROGRESS",
                "PASSED",
                "FAILED",
                name="examstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_at", UTCDateTime(), nullable=True),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_course_progress_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_course_progress_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["element_id"],
            ["element.id"],
            name=op.f("fk_course_progress_element_id_element"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("element_id", name=op.f("pk_course_progress")),
    )
    op.create_index(op.f("ix_course_progress_account_id"), "course_progress", ["account_id"], unique=False)
    op.create_index(op.f("ix_course_progress_course_id"), "course_progress", ["course_id"], unique=False)
    op.create_table(
        "module_progress",
        sa.Column("element_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("completed_at", UTCDateTime(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["element_id"],
            ["element.id"],
            name=op.f("fk_module_progress_element_id_element"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_module_progress_module_id_module")
        ),
        sa.PrimaryKeyConstraint("element_id", "module_id", name=op.f("pk_module_progress")),
    )
    op.create_table(
        "topic",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_topic_module_id_module"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
    )
    op.create_index(op.f("ix_topic_module_id"), "topic", ["module_id"], unique=False)
    op.create_table(
        "grade",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("graded_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_grade_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(
            ["element_id"], ["element.id"], name=op.f("fk_grade_element_id_element"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade")),
        sa.UniqueConstraint(
            "element_id", "assessment_id", "attempt", name=op.f("uq_grade_element_id_assessment_id_attempt")
        ),
    )
    op.create_index(op.f("ix_grade_assessment_id"), "grade", ["assessment_id"], unique=False)
    op.create_index(op.f("ix_grade_element_id"), "grade", ["element_id"], unique=False)
    op.create_table(
        "lesson",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column(
            "move_on",
            sa.Enum(
                "COMPLETED",
                "PASSED",
                "COMPLETED_AND_PASSED",
                "COMPLETED_OR_PASSED",
                "NOT_APPLICABLE",
                name="moveon",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_lesson_topic_id_topic"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
    )
    op.create_index(op.f("ix_lesson_topic_id"), "lesson", ["topic_id"], unique=False)
    op.create_table(
        "lesson_progress",
        sa.Column("element_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("completed", sa.Boolean(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["element_id"],
            ["element.id"],
            name=op.f("fk_lesson_progress_element_id_element"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lesson.id"], name=op.f("fk_lesson_progress_lesson_id_lesson")
        ),
        sa.PrimaryKeyConstraint("element_id", "lesson_id", name=op.f("pk_lesson_progress")),
    )
    op.create_table(
        "statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organizer_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", AutoString(), nullable=False),
        sa.Column("element_id", sa.Uuid(), nullable=False),
        sa.Column(
            "verb",
            sa.Enum("PROGRESSED", "COMPLETED", "PASSED", "FAILED", name="verb", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("lesson_id", sa.Uuid(), nullable=True),
        sa.Column("assessment_id", sa.Uuid(), nullable=True),
        sa.Column("scaled", sa.Float(), nullable=True),
        sa.Column("happened_at", UTCDateTime(), nullable=False),
        sa.Column("accepted_at", UTCDateTime(), nullable=False),
        sa.Column("source", AutoString(), nullable=False),
        sa.Column("raw", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_statement_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(
            ["element_id"], ["element.id"], name=op.f("fk_statement_element_id_element"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name=op.f("fk_statement_lesson_id_lesson")),
        sa.ForeignKeyConstraint(
            ["organizer_id"], ["organizer.id"], name=op.f("fk_statement_organizer_id_organizer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint(
            "organizer_id", "statement_id", name=op.f("uq_statement_organizer_id_statement_id")
        ),
    )
    op.create_index(op.f("ix_statement_assessment_id"), "statement", ["assessment_id"], unique=False)
    op.create_index(op.f("ix_statement_element_id"), "statement", ["element_id"], unique=False)
    op.create_index(op.f("ix_statement_lesson_id"), "statement", ["lesson_id"], unique=False)
    for statement in SEARCH:
        op.execute(statement)
    _run_script(SchemaManager.get_schema())


def downgrade() -> None:
    op.drop_index(op.f("ix_statement_lesson_id"), table_name="statement")
    op.drop_index(op.f("ix_statement_element_id"), table_name="statement")
    op.drop_index(op.f("ix_statement_assessment_id"), table_name="statement")
    op.drop_table("statement")
    op.drop_table("lesson_progress")
    op.drop_index(op.f("ix_lesson_topic_id"), table_name="lesson")
    op.drop_table("lesson")
    op.drop_index(op.f("ix_grade_element_id"), table_name="grade")
    op.drop_index(op.f("ix_grade_assessment_id"), table_name="grade")
    op.drop_table("grade")
    op.drop_index(op.f("ix_topic_module_id"), table_name="topic")
    op.drop_table("topic")
    op.drop_table("module_progress")
    op.drop_index(op.f("ix_course_progress_course_id"), table_name="course_progress")
    op.drop_index(op.f("ix_course_progress_account_id"), table_name="course_progress")
    op.drop_table("course_progress")
    op.drop_index(op.f("ix_certificate_account_id"), table_name="certificate")
    op.drop_table("certificate")
    op.drop_index(op.f("ix_assessment_module_id"), table_name="assessment")
    op.drop_index(op.f("ix_assessment_course_id"), table_name="assessment")
    op.drop_table("assessment")
    op.drop_index(op.f("ix_upload_account_id"), table_name="upload")
    op.drop_table("upload")
    op.drop_index(op.f("ix_module_course_id"), table_name="module")
    op.drop_table("module")
    op.drop_index(op.f("ix_material_activity_id"), table_name="material")
    op.drop_table("material")
    op.drop_index(
        "ix_enrollment_activity_state",
        table_name="enrollment",
        postgresql_where=sa.text("state <> 'CANCELLED'"),
    )
    op.drop_index(op.f("ix_enrollment_account_id"), table_name="enrollment")
    op.drop_table("enrollment")
    op.drop_index(op.f("ix_element_course_id"), table_name="element")
    op.drop_index(op.f("ix_element_account_id"), table_name="element")
    op.drop_table("element")
    op.drop_index(op.f("ix_session_account_id"), table_name="session")
    op.drop_table("session")
    op.drop_index(op.f("ix_service_token_organizer_id"), table_name="service_token")
    op.drop_table("service_token")
    op.drop_table("event")
    op.drop_index(op.f("ix_document_account_id"), table_name="document")
    op.drop_table("document")
    op.drop_index(op.f("ix_course_organizer_id"), table_name="course")
    op.drop_table("course")
    op.drop_index(op.f("ix_challenge_account_id"), table_name="challenge")
    op.drop_table("challenge")
    op.drop_index("ix_activity_title_sort_id", table_name="activity")
    op.drop_index("ix_activity_starts_at_id", table_name="activity")
    op.drop_index(op.f("ix_activity_organizer_id"), table_name="activity")
    op.drop_table("activity")
    op.drop_table("stream")
    op.drop_table("organizer")
    op.drop_index("uq_account_snils", table_name="account")
    op.drop_index(
        "uq_account_phone", table_name="account", postgresql_where=sa.text("phone_confirmed_at IS NOT NULL")
    )
    op.drop_index("uq_account_inn", table_name="account")
    op.drop_index(
        "uq_account_email", table_name="account", postgresql_where=sa.text("email_confirmed_at IS NOT NULL")
    )
    op.drop_index(op.f("ix_account_phone_index"), table_name="account")
    op.drop_index(op.f("ix_account_email"), table_name="account")
    op.drop_table("account")
    _run_script(DROP_QUEUE)


def _run_script(script: str) -> None:
    """Many statements, or signs that a driver takes for parameters, go to the server as they are."""
    op.get_bind().connection.cursor().execute(script)
