"""Every table and what each of its columns holds: erasing, exporting and forgetting run from this.

A table or a column that is not written down here fails tests/unit/privacy/test_tables.py, so that none is forgotten.
"""

from collections.abc import Mapping

from server.privacy.holdings import By, End, Fate, Table, columns_of, deleted, emptied, nobodys

_BY_CUSTOMER = By("customer", "customers")
_BY_CASE = By("case", "cases")
_BY_DRAFT = By("draft", "drafts")
_BY_CONVERSATION = By("conversation", "conversations")

_WHO_DECIDED = "who decided what, and when, and the digest of what was approved"
_NOT_AGAIN = "so that it is not taken for a new one when the network tells it again"
_MONEY = "what was paid and by whose leave, and so that nothing is carried out twice"
_COUNTED = "it is counted, without anybody's words"

_SHOP = {
    "imports": nobodys(kept="id source started_at switched_at given_up_at tidied_at"),
    "customers": deleted(
        By("id", "customers"),
        kept="import_id brand",
        customer="id",
        words="name emails phones language since tier organisation address payment_methods consent facts",
    ),
    "customer_handles": deleted(
        _BY_CUSTOMER,
        kept="import_id position brand channel known folded_channel",
        customer="customer",
        handle="handle folded_handle",
    ),
    "customer_emails": deleted(_BY_CUSTOMER, kept="import_id position", customer="customer", words="folded_email"),
    "products": nobodys(kept="import_id id brand title family public_url variants"),
    "orders": deleted(
        _BY_CUSTOMER,
        gives={"id": "orders"},
        kept="import_id is_open placed_at brand status currency gift",
        customer="customer",
        order="id folded_id",
        words="status_note ship_to lines shipments payments returns",
    ),
    "past_posts": deleted(_BY_CUSTOMER, kept="id channel role created_at", customer="customer", words="text"),
    "carried_out": emptied(
        _MONEY, _BY_CUSTOMER, kept="action kind at", customer="customer", order="order_id", words="result"
    ),
}

_CHANNELS = {
    "accounts": nobodys(
        kept="id brand channel adapter handle settings hours cursor secret_version created_at removed_at"
    ),
    "threads": emptied(_NOT_AGAIN, By("id", "threads"), kept="id brand account created_at", network="network_id"),
    "posts": emptied(
        _NOT_AGAIN,
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
        _BY_CUSTOMER,
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

_CASES = {
    "cases": emptied(
        _WHO_DECIDED,
        gives={"id": "cases"},
        ends=(End("open", False), End("draft_after", None), End("due_at", None), End("emptied_at", "now")),
        kept="id brand account thread open team claimed_until draft_after due_at danger opened_at updated_at"
        " emptied_at",
        staff="assigned_to claimed_by",
        handle="author folded_author",
    ),
    "notes": deleted(_BY_CASE, kept="id brand case at", staff="staff", words="text"),
    "drafts": emptied(
        _WHO_DECIDED,
        _BY_CASE,
        By("id", "drafts"),
        gives={"id": "drafts"},
        ends=(End("state", "superseded", among=("drafting", "pending", "awaiting_second_approval", "held")),),
        kept="id brand case account state version rank due_at target_post target_version outcome reason_code team"
        " danger case_team language reach one_click written_by corrects created_at updated_at",
        staff="assigned_to edited_by",
        words="reason_words public_text private_text claims findings wish record",
    ),
    "draft_rests": deleted(
        _BY_DRAFT,
        By("ref", "orders", where=("kind", "order")),
        By("ref", "links", where=("kind", "link")),
        gives={"draft": "drafts"},
        kept="draft kind digest",
        order="ref",
    ),
    "approvals": emptied(
        _WHO_DECIDED,
        _BY_DRAFT,
        kept="id brand draft part step digest at voided_at",
        staff="staff",
        words="void_reason",
    ),
    "decisions": emptied(
        _WHO_DECIDED,
        _BY_DRAFT,
        _BY_CASE,
        kept="id brand case draft kind at",
        staff="staff",
        words="reason before after",
    ),
    "publications": emptied(
        _WHO_DECIDED,
        _BY_DRAFT,
        gives={"id": "publications"},
        kept="id brand account case draft part digest key state waits_for corrects send_after scheduled attempt"
        " attempted_at network_id sent_at created_at updated_at",
        staff="withdrawn_by",
        handle="recipient",
        network="reply_to",
        words="text error withdraw_reason",
    ),
    "incident_cases": emptied(
        _COUNTED,
        _BY_CASE,
        ends=(End("state", "released", among=("listed", "confirmed")),),
        kept="id brand incident case draft seen_version post state likeness publication listed_at confirmed_at",
        staff="confirmed_by",
        words="why",
    ),
}

_ACTIONS = {
    "actions": emptied(
        _MONEY,
        _BY_CUSTOMER,
        _BY_DRAFT,
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
        _MONEY,
        By("action", "actions"),
        kept="id brand action step digest at voided_at",
        staff="staff",
        words="void_reason",
    ),
    "action_decisions": emptied(
        _MONEY, By("action", "actions"), kept="id brand action kind at", staff="staff", words="reason after"
    ),
    "promises": emptied(
        "it is counted whether it was kept",
        _BY_CUSTOMER,
        _BY_CASE,
        _BY_DRAFT,
        kept="id brand case draft publication sentence action incident made_at first_due due state settled_at"
        " kept_with",
        staff="settled_by",
        customer="customer",
        order="order_id",
        handle="author",
        words="what said due_said reason",
    ),
}

_PANEL = {
    "conversations": emptied(
        _COUNTED,
        _BY_CUSTOMER,
        By("id", "conversations"),
        gives={"id": "conversations"},
        ends=(End("closed_at", "now", among=(None,)),),
        kept="id brand channel case found_by known confirmed_at opened_at closed_at",
        staff="staff",
        customer="customer",
        words="confirmed_by",
    ),
    "turns": emptied(
        _COUNTED,
        _BY_CONVERSATION,
        gives={"id": "turns"},
        kept="id brand conversation kind state written_by runs_until started_at ended_at",
        staff="staff",
        words="asked text record",
    ),
    "turn_parts": deleted(By("turn", "turns"), kept="turn number kind", words="data"),
    "suggestions": emptied(
        _COUNTED,
        _BY_CONVERSATION,
        kept="id brand conversation turn kind ref state offered_at decided_at",
        words="text used reason",
    ),
    "questions": nobodys(
        kept="id brand text why fact purpose worth ask_when never_when cap_per_day valid_from valid_to version"
        " created_at changed_at retired_at retire_reason",
        staff="changed_by",
    ),
    "question_offers": emptied(
        "so that a question is given out no more often than its cap allows",
        _BY_CUSTOMER,
        _BY_CONVERSATION,
        # what was asked is not asked again, and what was refused never: longer than the session is kept
        until_erased="customer",
        kept="id brand question fact conversation case suggestion channel language day state offered_at solved_at"
        " read_turn asked_at decided_at skip_reason",
        staff="staff decided_by",
        customer="customer",
        words="text because others asked_text skip_words",
    ),
    "question_spacings": emptied(
        "whoever else has the same address is left alone as long",
        _BY_CUSTOMER,
        kept="key offer until",
        customer="customer",
    ),
    "question_days": nobodys(kept="question day taken"),
    "customer_facts": deleted(
        _BY_CUSTOMER,
        kept="id brand fact purpose offer learned_at changed_at",
        staff="learned_by changed_by",
        customer="customer",
        words="value change_reason",
    ),
}

_TRANSCRIPTS = {
    "kept_turns": deleted(
        _BY_CASE,
        _BY_CONVERSATION,
        _BY_CUSTOMER,
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
        _BY_CUSTOMER,
        gives={"id": "transcripts", "place": "places"},
        kept="place id brand channel opened_at last_at",
        customer="customer",
        handle="author",
        words="facts",
    ),
    "transcript_texts": deleted(
        By("transcript", "transcripts"),
        By("transcript", "cases"),
        By("transcript", "conversations"),
        kept="id brand transcript kind at",
        staff="staff",
        words="text",
    ),
    "transcript_progress": nobodys(kept="id position made_until"),
    "transcript_comments": deleted(
        By("transcript", "cases"),
        By("transcript", "conversations"),
        kept="id brand transcript entry at seen_at answered_at",
        staff="staff to",
        words="text answer",
    ),
    "scorecards": emptied(
        "a colleague's work was judged by it",
        By("transcript", "cases"),
        By("transcript", "conversations"),
        kept="id brand transcript form_id form state version why at automatic automatic_share answers human_share"
        " scored_at disputed_at settled_at",
        staff="person assigned_by assigned_to scored_by settled_by",
        words="comment dispute settled_words",
    ),
}

_FIGURES = {
    "draft_facts": emptied(
        _COUNTED,
        _BY_CUSTOMER,
        _BY_CASE,
        _BY_DRAFT,
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
        _BY_CASE,
        _BY_CONVERSATION,
        kept="id brand case conversation draft turn intent language document at",
        words="words vector",
    ),
}

_OURS = {
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
    "destination_state": nobodys(kept="id revision"),
    "brand_settings": nobodys(kept="brand subject number said from_file at why", staff="staff"),
    "index_generation": nobodys(kept="id generation name digest made_at"),
    "lanes": nobodys(kept="lane blocked_until paced_until"),
    "staff": nobodys(
        kept="role languages time_zone created_at disabled_at", staff="id email name initials password_hash"
    ),
    "staff_brands": nobodys(kept="brand", staff="staff"),
    "sessions": nobodys(kept="id_hash csrf created_at used_at expires_at", staff="staff"),
    "tokens": nobodys(
        kept="id kind name secret_hash scopes brands origin created_at expires_at used_at revoked_at", staff="staff"
    ),
    "failed_sign_ins": nobodys(kept="id at", staff="who"),
    "audit_rows": nobodys(kept="number event at brand kind subject facts before seal", staff="caller token"),
    "audit_cuts": nobodys(kept="number last_seal at seal"),
    "erasures": nobodys(kept="id brand pseudonym reason erased_at report scrubbed_at", staff="erased_by"),
    "erased": nobodys(kept="digest erasure"),
}

# What names records within a structure is looked through value by value (server/privacy/traces.py).
_TRACES = {
    "events": Table(
        Fate.EMPTIED,
        columns_of(kept="id position brand kind subject at", staff="caller token", words="data"),
        why="it says that something happened, by ids; the customer's becomes a digest",
    ),
    "jobs": Table(
        Fate.DELETED,
        columns_of(
            kept="id kind key brand lane priority state run_after leased_until worker fence attempts error created_at"
            " finished_at",
            words="payload",
        ),
    ),
    "answered_requests": Table(Fate.DELETED, columns_of(kept="key request status at", staff="caller", words="body")),
}

TABLES: Mapping[str, Table] = _SHOP | _CHANNELS | _CASES | _ACTIONS | _PANEL | _TRANSCRIPTS | _FIGURES | _OURS | _TRACES
"""By name; server/privacy/finding.py walks through them until nothing more is found."""
