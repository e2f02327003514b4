"""questions."""

revision = '2026_11_22_0946'
down_revision = '2026_11_22_0945'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
