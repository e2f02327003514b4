"""What was kept of the assistant's work, how it is found again, and what colleagues say of it."""

from server.privacy.holdings import By, Table, deleted, emptied, nobodys
from server.privacy.tables.ways import BY_CASE, BY_CONVERSATION, BY_CUSTOMER, BY_TRANSCRIPT

TRANSCRIPTS: dict[str, Table] = {
    "kept_turns": deleted(
        BY_CASE,
        BY_CONVERSATION,
        BY_CUSTOMER,
        By("id", "drafts"),
        By("id", "turns"),
        gives={"id": "kept"},
        kept="id brand case conversation at",
        customer="customer",
        words="record",
    ),
    "model_requests": deleted(By("turn", "kept"), kept="turn number brand at digest", words="body"),
    "transcripts": deleted(
        By("id", "cases"),
        By("id", "conversations"),
        BY_CUSTOMER,
        gives={"id": "transcripts", "place": "places"},
        kept="place id brand channel opened_at last_at",
        customer="customer",
        handle="author",
        words="facts",
    ),
    "transcript_texts": deleted(
        By("transcript", "transcripts"),
        *BY_TRANSCRIPT,
        kept="id brand transcript kind at",
        staff="staff",
        words="text",
    ),
    "transcript_progress": nobodys(kept="id position made_until"),
    "transcript_comments": deleted(
        *BY_TRANSCRIPT,
        kept="id brand transcript entry at seen_at answered_at",
        staff="staff to",
        words="text answer",
    ),
    "scorecards": emptied(
        "a colleague's work was judged by it",
        *BY_TRANSCRIPT,
        kept="id brand transcript form_id form state version why at automatic automatic_share answers human_share"
        " scored_at disputed_at settled_at",
        staff="person assigned_by assigned_to scored_by settled_by",
        words="comment dispute settled_words",
    ),
}
