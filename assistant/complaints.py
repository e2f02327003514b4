"""Which of the things that customers want are complaints: something went wrong, and it is ours to put right."""

COMPLAINTS = frozenset(
    {
        "account_hacked",
        "account_locked_out",
        "account_suspended",
        "app_or_site_fault",
        "company_conduct",
        "damaged_item",
        "double_charge",
        "missing_part",
        "order_late",
        "order_lost",
        "payment_problem",
        "product_fault",
        "still_not_solved",
        "vague_complaint",
        "wrong_item",
    }
)
"""Ids of intents."""


def is_complaint(intent: str | None) -> bool:
    """Whether who wants this complains."""
    return intent in COMPLAINTS
