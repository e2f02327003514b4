"""insights."""

revision = '2026_11_22_0950'
down_revision = '2026_11_22_0949'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
