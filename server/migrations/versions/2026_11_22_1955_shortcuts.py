"""No two saved replies of a brand that are offered stand under the same shortcut."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1955"
down_revision = "2026_11_22_1730"
branch_labels = None
depends_on = None

# of those that came to share one, the first keeps it
_LET_GO = sa.text(
    "UPDATE saved_replies SET shortcut = NULL WHERE retired_at IS NULL AND EXISTS (SELECT 1 FROM saved_replies AS other"
    " WHERE other.brand = saved_replies.brand AND other.shortcut = saved_replies.shortcut AND other.retired_at IS NULL"
    " AND (other.created_at, other.id) < (saved_replies.created_at, saved_replies.id))"
)


def upgrade() -> None:
    op.execute(_LET_GO)
    op.create_index(
        "uq_saved_replies_shortcut",
        "saved_replies",
        ["brand", "shortcut"],
        unique=True,
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_saved_replies_shortcut", table_name="saved_replies")
