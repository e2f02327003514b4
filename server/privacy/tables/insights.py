"""What is counted, rated and missing."""

from server.privacy.holdings import Table, deleted, emptied, nobodys
from server.privacy.tables.ways import BY_CASE, BY_CONVERSATION, BY_CUSTOMER, BY_DRAFT, COUNTED

FIGURES: dict[str, Table] = {
    "draft_facts": emptied(
        COUNTED,
        BY_CUSTOMER,
        BY_CASE,
        BY_DRAFT,
        kept="draft brand account case post posted_at written_at written_by outcome intent reason danger proposed"
        " tokens cost shown_at used",
        staff="shown_to",
        customer="customer",
    ),
    "answers": nobodys(
        kept="publication brand account case draft post part posted_at sent_at holding incident corrects"
        " asked_in_private points_to repeats",
        staff="staff",
    ),
    "samples": nobodys(kept="id brand kind week seed candidates drawn_at", staff="drawn_by"),
    "sample_items": nobodys(kept="id sample brand position subject case"),
    "ratings": nobodys(kept="item brand found kinds at", staff="rater"),
    "missing_policies": deleted(
        BY_CASE,
        BY_CONVERSATION,
        kept="id brand case conversation draft turn intent language document at",
        words="words vector",
    ),
}
