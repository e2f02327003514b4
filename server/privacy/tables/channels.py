"""What customers have written to us, what came with it, and who was linked with whom."""

from server.privacy.holdings import By, End, Table, deleted, emptied, nobodys
from server.privacy.tables.ways import BY_CUSTOMER, NOT_AGAIN

CHANNELS: dict[str, Table] = {
    "accounts": nobodys(
        kept="id brand channel adapter handle settings hours initials cursor secret_version created_at removed_at"
    ),
    "threads": emptied(NOT_AGAIN, By("id", "threads"), kept="id brand account created_at", network="network_id"),
    "posts": emptied(
        NOT_AGAIN,
        gives={"id": "posts", "thread": "threads"},
        ends=(End("deleted_at", "now", among=(None,)),),
        kept="id brand account thread role language reach sent_at received_at version edited_at deleted_at",
        network="network_id in_reply_to",
        handle="author folded_author private_to",
        words="text",
    ),
    "post_versions": deleted(By("post", "posts"), kept="post version brand until", words="text"),
    "attachments": deleted(
        By("post", "posts"),
        gives={"id": "attachments"},
        kept="id brand post type state reason media_type size file",
        words="alt url",
    ),
    "customer_links": emptied(
        "who linked whom, for the privacy incidents that name it",
        BY_CUSTOMER,
        gives={"id": "links"},
        kept="id brand channel linked_at unlinked_at",
        staff="linked_by unlinked_by",
        customer="customer",
        handle="handle folded_handle",
        words="reason unlink_reason",
    ),
    "privacy_incidents": emptied(
        "that something may have been told to the wrong person, and what was done",
        By("link", "links"),
        kept="id brand link opened_at drafts publications closed_at",
        staff="opened_by closed_by",
        words="reason outcome",
    ),
}
