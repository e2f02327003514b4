"""Replies that teams keep ready."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1650"
down_revision = "2026_11_22_1640"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_replies",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("texts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("channels", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("tags", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("shortcut", sa.String(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_here", sa.Boolean(), nullable=False),
        sa.Column("file_differs", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retire_reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_replies")),
    )
    op.create_index(op.f("ix_saved_replies_brand_retired_at"), "saved_replies", ["brand", "retired_at"])
    op.create_table(
        "saved_reply_versions",
        sa.Column("saved_reply", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("said", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["saved_reply"], ["saved_replies.id"], name=op.f("fk_saved_reply_versions_saved_reply_saved_replies")
        ),
        sa.PrimaryKeyConstraint("saved_reply", "number", name=op.f("pk_saved_reply_versions")),
    )
    op.create_table(
        "saved_reply_uses",
        sa.Column("draft", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("saved_reply", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft"], ["drafts.id"], name=op.f("fk_saved_reply_uses_draft_drafts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["saved_reply"], ["saved_replies.id"], name=op.f("fk_saved_reply_uses_saved_reply_saved_replies")
        ),
        sa.PrimaryKeyConstraint("draft", "part", "saved_reply", name=op.f("pk_saved_reply_uses")),
    )
    op.create_index(op.f("ix_saved_reply_uses_saved_reply_sent_at"), "saved_reply_uses", ["saved_reply", "sent_at"])


def downgrade() -> None:
    op.drop_table("saved_reply_uses")
    op.drop_table("saved_reply_versions")
    op.drop_table("saved_replies")
