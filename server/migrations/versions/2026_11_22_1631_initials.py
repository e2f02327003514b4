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
    # dropped in place: a table that others refer to cannot be made anew with its rows
    for table in ("publications", "approvals"):
        op.drop_column(table, "signature")
    op.drop_column("accounts", "initials")
