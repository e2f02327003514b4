"""How an account's texts are signed, and with whose initials each was approved and sent."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1631"
down_revision = "2026_11_22_1355"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("initials", sa.String(), nullable=True))
    for table in ("approvals", "publications"):
        op.add_column(table, sa.Column("signature", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    for table in ("publications", "approvals"):
        with op.batch_alter_table(table) as changed:
            changed.drop_column("signature")
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_column("initials")
