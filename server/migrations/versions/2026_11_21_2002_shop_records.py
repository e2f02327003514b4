"""Shop records."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_2002"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("switched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tidied_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_table(
        "past_posts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_posts")),
    )
    with op.batch_alter_table("past_posts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_past_posts_customer_created_at"), ["customer", "created_at"], unique=False)

    op.create_table(
        "promises",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
    )
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_promises_customer_state_made_at"), ["customer", "state", "made_at"], unique=False
        )

    op.create_table(
        "customers",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("emails", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("phones", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("tier", sa.String(), nullable=True),
        sa.Column("organisation", sa.String(), nullable=True),
        sa.Column("address", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("payment_methods", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("consent", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_customers_import_id_imports")),
        sa.PrimaryKeyConstraint("import_id", "id", name=op.f("pk_customers")),
    )
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customers_id"), ["id"], unique=False)

    op.create_table(
        "orders",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("folded_id", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("brand", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("status_note", sa.String(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("gift", sa.Boolean(), nullable=False),
        sa.Column("ship_to", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("lines", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("shipments", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("payments", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("returns", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_orders_import_id_imports")),
        sa.PrimaryKeyConstraint("import_id", "id", name=op.f("pk_orders")),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_orders_customer_is_open_placed_at"), ["customer", "is_open", "placed_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_orders_folded_id"), ["folded_id"], unique=False)

    op.create_table(
        "products",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=True),
        sa.Column("public_url", sa.String(), nullable=True),
        sa.Column("variants", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_products_import_id_imports")),
        sa.PrimaryKeyConstraint("import_id", "id", name=op.f("pk_products")),
    )
    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_products_id"), ["id"], unique=False)

    op.create_table(
        "customer_handles",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("brand", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("known", sa.String(), nullable=False),
        sa.Column("folded_channel", sa.String(), nullable=False),
        sa.Column("folded_handle", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id", "customer"],
            ["customers.import_id", "customers.id"],
            name=op.f("fk_customer_handles_import_id_customer_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "customer", "position", name=op.f("pk_customer_handles")),
    )
    with op.batch_alter_table("customer_handles", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_customer_handles_folded_handle_folded_channel"),
            ["folded_handle", "folded_channel"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("customer_handles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_handles_folded_handle_folded_channel"))

    op.drop_table("customer_handles")
    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_products_id"))

    op.drop_table("products")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_orders_folded_id"))
        batch_op.drop_index(batch_op.f("ix_orders_customer_is_open_placed_at"))

    op.drop_table("orders")
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customers_id"))

    op.drop_table("customers")
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promises_customer_state_made_at"))

    op.drop_table("promises")
    with op.batch_alter_table("past_posts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_past_posts_customer_created_at"))

    op.drop_table("past_posts")
    op.drop_table("imports")
