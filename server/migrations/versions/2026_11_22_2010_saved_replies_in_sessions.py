"""What a rep takes of a saved reply in a session is counted by it."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_2010"
down_revision = "2026_11_22_1955"
branch_labels = None
depends_on = None

_OF_A_SAVED_REPLY = sa.text("saved_reply IS NOT NULL")


def upgrade() -> None:
    op.add_column("suggestions", sa.Column("saved_reply", sa.String(), nullable=True))
    op.create_index(
        "ix_suggestions_saved_reply",
        "suggestions",
        ["saved_reply", "decided_at"],
        sqlite_where=_OF_A_SAVED_REPLY,
        postgresql_where=_OF_A_SAVED_REPLY,
    )


def downgrade() -> None:
    op.drop_index("ix_suggestions_saved_reply", table_name="suggestions")
    with op.batch_alter_table("suggestions") as table:
        table.drop_column("saved_reply")
