"""What is made of customers' posts: cases, drafts with the people who decide, what was sent."""

from server.privacy.holdings import By, End, Table, deleted, emptied
from server.privacy.tables.ways import BY_CASE, BY_DRAFT, COUNTED, WHO_DECIDED

CASES: dict[str, Table] = {
    "cases": emptied(
        WHO_DECIDED,
        gives={"id": "cases"},
        ends=(End("open", False), End("draft_after", None), End("due_at", None), End("emptied_at", "now")),
        kept="id brand account thread open team claimed_until draft_after due_at danger opened_at updated_at"
        " emptied_at",
        staff="assigned_to claimed_by",
        handle="author folded_author",
    ),
    "notes": deleted(BY_CASE, kept="id brand case at", staff="staff", words="text"),
    "drafts": emptied(
        WHO_DECIDED,
        BY_CASE,
        By("id", "drafts"),
        gives={"id": "drafts"},
        ends=(End("state", "superseded", among=("drafting", "pending", "awaiting_second_approval", "held")),),
        kept="id brand case account state version rank due_at target_post target_version outcome reason_code team"
        " danger case_team language reach one_click written_by corrects created_at updated_at",
        staff="assigned_to edited_by",
        words="reason_words public_text private_text claims findings wish record",
    ),
    "draft_rests": deleted(
        BY_DRAFT,
        By("ref", "orders", where=("kind", "order")),
        By("ref", "links", where=("kind", "link")),
        gives={"draft": "drafts"},
        kept="draft kind digest",
        order="ref",
    ),
    "approvals": emptied(
        WHO_DECIDED,
        BY_DRAFT,
        kept="id brand draft part step digest at voided_at",
        staff="staff",
        words="signature void_reason",
    ),
    "decisions": emptied(
        WHO_DECIDED,
        BY_DRAFT,
        BY_CASE,
        kept="id brand case draft kind at",
        staff="staff",
        words="reason before after",
    ),
    "publications": emptied(
        WHO_DECIDED,
        BY_DRAFT,
        gives={"id": "publications"},
        kept="id brand account case draft part digest key state waits_for corrects send_after scheduled attempt"
        " attempted_at network_id sent_at created_at updated_at",
        staff="withdrawn_by",
        handle="recipient",
        network="reply_to",
        words="text signature error withdraw_reason",
    ),
    "incident_cases": emptied(
        COUNTED,
        BY_CASE,
        ends=(End("state", "released", among=("listed", "confirmed")),),
        kept="id brand incident case draft seen_version post state likeness publication listed_at confirmed_at",
        staff="confirmed_by",
        words="why",
    ),
}
