"""What a question was offered under."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1330"
down_revision = "2026_11_22_1312"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("question_offers", sa.Column("solved_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("question_offers", sa.Column("read_turn", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("question_offers", "read_turn")
    op.drop_column("question_offers", "solved_at")
