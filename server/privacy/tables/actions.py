"""What is done and promised for customers."""

from server.privacy.holdings import By, End, Table, emptied
from server.privacy.tables.ways import BY_CASE, BY_CUSTOMER, BY_DRAFT, MONEY

ACTIONS: dict[str, Table] = {
    "actions": emptied(
        MONEY,
        BY_CUSTOMER,
        BY_DRAFT,
        gives={"id": "actions"},
        ends=(End("state", "rejected", among=("proposed", "awaiting_second_approval")),),
        kept="id brand kind case draft amount currency difference consent_post consent_at state version proposed_at"
        " expires_at approved_at attempt attempted_at done_at updated_at",
        staff="proposed_by approved_by",
        customer="customer",
        order="order_id",
        words="arguments reason evidence consent_quote consent_source result error",
    ),
    "action_approvals": emptied(
        MONEY,
        By("action", "actions"),
        kept="id brand action step digest at voided_at",
        staff="staff",
        words="void_reason",
    ),
    "action_decisions": emptied(
        MONEY, By("action", "actions"), kept="id brand action kind at", staff="staff", words="reason after"
    ),
    "promises": emptied(
        "it is counted whether it was kept",
        BY_CUSTOMER,
        BY_CASE,
        BY_DRAFT,
        kept="id brand case draft publication sentence action incident made_at first_due due state settled_at"
        " kept_with",
        staff="settled_by",
        customer="customer",
        order="order_id",
        handle="author",
        words="what said due_said reason",
    ),
}
