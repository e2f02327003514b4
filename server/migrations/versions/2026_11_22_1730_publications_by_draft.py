"""What was sent of a draft is found by it, however much was sent of others."""

from alembic import op

revision = "2026_11_22_1730"
down_revision = "2026_11_22_1650"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_publications_draft"), "publications", ["draft"])


def downgrade() -> None:
    op.drop_index(op.f("ix_publications_draft"), table_name="publications")
