"""What of the things that customers want is a complaint. There is no other list of them."""

PEACEFUL = frozenset(
    {
        "contact_request",
        "eligibility",
        "exchange_policy",
        "feature_wish",
        "how_to",
        "its_fine",
        "loyalty_points",
        "missing_feature",
        "opening_hours",
        "order_change",
        "order_status",
        "policy_question",
        "price_match",
        "promo_code",
        "return_policy",
        "shipping_policy",
        "smalltalk",
        "stock_question",
        "thanks",
        "warranty_policy",
    }
)
"""Ids of the intents with which nobody complains."""


def is_complaint(intent: str | None) -> bool:
    """Whether who wants this complains; in doubt they do, and so does whoever has not been read yet."""
    return intent not in PEACEFUL
