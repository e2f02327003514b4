"""What the company says and decides for itself: incidents, policies, places, limits."""

from server.privacy.holdings import Table, nobodys

COMPANY: dict[str, Table] = {
    "incidents": nobodys(
        kept="id brand kind state version listed_at how spread_minutes update_due opened_at closed_at",
        staff="opened_by closed_by",
        ours="title known match outcome",
    ),
    "incident_texts": nobodys(
        kept="id brand incident language purpose promises_update digest checked written_at approved_at seconded_at"
        " replaced_at",
        staff="written_by approved_by seconded_by",
        ours="text statement override",
    ),
    "pauses": nobodys(kept="id scope brand paused_at lifted_at", staff="paused_by lifted_by", ours="reason"),
    "policies": nobodys(
        kept="id newest changed_here file file_digest file_differs created_at updated_at",
    ),
    "policy_brands": nobodys(kept="document brand"),
    "policy_versions": nobodys(
        kept="document number file digest kind category audience begins ends replaced_by at",
        staff="staff",
        ours="text front title why",
    ),
    "policy_state": nobodys(kept="id revision indexed changed_at"),
    "destinations": nobodys(
        kept="id brand kind language target regions channels hours version changed_here file_differs created_at"
        " changed_at retired_at",
        staff="changed_by",
        ours="label says retire_reason",
    ),
    "saved_replies": nobodys(
        kept="id brand team channels shortcut expires_on version changed_here file_differs created_at changed_at"
        " retired_at",
        staff="changed_by",
        ours="title texts tags retire_reason",
    ),
    "saved_reply_versions": nobodys(kept="saved_reply number at", staff="staff", ours="said why"),
    "saved_reply_uses": nobodys(kept="draft part saved_reply brand version language at sent_at changed", staff="staff"),
    "destination_state": nobodys(kept="id revision"),
    "brand_settings": nobodys(kept="brand subject number from_file at", staff="staff", ours="said why"),
}
