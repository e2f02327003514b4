"""Customers' e-mail addresses, to be looked up by."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1352"
down_revision = "2026_11_22_1330"
branch_labels = None
depends_on = None

_AT_ONCE = 5_000


def upgrade() -> None:
    emails = op.create_table(
        "customer_emails",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("folded_email", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id", "customer"],
            ["customers.import_id", "customers.id"],
            name=op.f("fk_customer_emails_import_id_customer_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "customer", "position", name=op.f("pk_customer_emails")),
    )
    _fill(emails)
    op.create_index(op.f("ix_customer_emails_folded_email"), "customer_emails", ["folded_email"])


def _fill(emails: sa.Table) -> None:
    """Of the customers that are there already: folded here, because databases fold letters each in their own way."""
    customers = sa.table(
        "customers", sa.column("import_id", sa.Integer), sa.column("id", sa.String), sa.column("emails", sa.JSON)
    )
    connection, last = op.get_bind(), (0, "")
    while True:
        behind = sa.tuple_(customers.c.import_id, customers.c.id) > sa.tuple_(*map(sa.literal, last))
        query = sa.select(customers).where(behind).order_by(customers.c.import_id, customers.c.id).limit(_AT_ONCE)
        rows = connection.execute(query).all()
        if not rows:
            return
        last = (rows[-1].import_id, rows[-1].id)
        values = [
            {
                "import_id": row.import_id,
                "customer": row.id,
                "position": place,
                "folded_email": email.strip().casefold(),
            }
            for row in rows
            for place, email in enumerate(row.emails or ())
        ]
        if values:
            connection.execute(sa.insert(emails), values)


def downgrade() -> None:
    op.drop_table("customer_emails")
