"""Views of the queue that people keep."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1640"
down_revision = "2026_11_22_1631"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("filters", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_saved_views_staff_staff"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
    )
    op.create_index(op.f("ix_saved_views_staff"), "saved_views", ["staff"])
    op.create_index(op.f("ix_saved_views_brand"), "saved_views", ["brand"])


def downgrade() -> None:
    op.drop_table("saved_views")
