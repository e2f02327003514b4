"""For which site's frame a token of the panel was made."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1355"
down_revision = "2026_11_22_1352"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tokens", sa.Column("origin", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("tokens") as tokens:
        tokens.drop_column("origin")
