"""What the shop tells us of its customers, and what was carried out for them there."""

from server.privacy.holdings import By, Table, deleted, emptied, nobodys
from server.privacy.tables.ways import BY_CUSTOMER, MONEY

SHOP: dict[str, Table] = {
    "imports": nobodys(kept="id source started_at switched_at given_up_at tidied_at"),
    "customers": deleted(
        By("id", "customers"),
        kept="import_id brand",
        customer="id",
        words="name emails phones language since tier organisation address payment_methods consent facts",
    ),
    "customer_handles": deleted(
        BY_CUSTOMER,
        kept="import_id position brand channel known folded_channel",
        customer="customer",
        handle="handle folded_handle",
    ),
    "customer_emails": deleted(BY_CUSTOMER, kept="import_id position", customer="customer", words="folded_email"),
    "products": nobodys(kept="import_id id brand title family public_url variants"),
    "orders": deleted(
        BY_CUSTOMER,
        gives={"id": "orders"},
        kept="import_id is_open placed_at brand status currency gift",
        customer="customer",
        order="id folded_id",
        words="status_note ship_to lines shipments payments returns",
    ),
    "past_posts": deleted(BY_CUSTOMER, kept="id channel role created_at", customer="customer", words="text"),
    "carried_out": emptied(
        MONEY, BY_CUSTOMER, kept="action kind at", customer="customer", order="order_id", words="result"
    ),
}
