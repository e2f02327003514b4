"""What the company says and decides for itself: incidents, policies, places, limits."""

from server.privacy.holdings import Table, nobodys

COMPANY: dict[str, Table] = {
    "incidents": nobodys(
        kept="id brand kind title known state version match listed_at how spread_minutes update_due opened_at closed_at"
        " outcome",
        staff="opened_by closed_by",
    ),
    "incident_texts": nobodys(
        kept="id brand incident language purpose text statement promises_update digest checked written_at approved_at"
        " override seconded_at replaced_at",
        staff="written_by approved_by seconded_by",
    ),
    "pauses": nobodys(kept="id scope brand paused_at reason lifted_at", staff="paused_by lifted_by"),
    "policies": nobodys(
        kept="id newest changed_here file file_digest file_differs created_at updated_at",
    ),
    "policy_brands": nobodys(kept="document brand"),
    "policy_versions": nobodys(
        kept="document number file text front digest kind title category audience begins ends replaced_by at why",
        staff="staff",
    ),
    "policy_state": nobodys(kept="id revision indexed changed_at"),
    "destinations": nobodys(
        kept="id brand kind language target label says regions channels hours version changed_here file_differs"
        " created_at changed_at retired_at retire_reason",
        staff="changed_by",
    ),
    "saved_replies": nobodys(
        kept="id brand team title texts channels tags shortcut expires_on version changed_here file_differs created_at"
        " changed_at retired_at retire_reason",
        staff="changed_by",
    ),
    "saved_reply_versions": nobodys(kept="saved_reply number said at why", staff="staff"),
    "saved_reply_uses": nobodys(kept="draft part saved_reply brand version language at sent_at changed", staff="staff"),
    "destination_state": nobodys(kept="id revision"),
    "brand_settings": nobodys(kept="brand subject number said from_file at why", staff="staff"),
}
