"""Reps' sessions, the questions that customers were asked in them, and what they answered."""

from server.privacy.holdings import By, End, Table, deleted, emptied, nobodys
from server.privacy.tables.ways import BY_CONVERSATION, BY_CUSTOMER, COUNTED

PANEL: dict[str, Table] = {
    "conversations": emptied(
        COUNTED,
        BY_CUSTOMER,
        By("id", "conversations"),
        gives={"id": "conversations"},
        ends=(End("closed_at", "now", among=(None,)),),
        kept="id brand channel case found_by known confirmed_at opened_at closed_at",
        staff="staff",
        customer="customer",
        words="confirmed_by",
    ),
    "turns": emptied(
        COUNTED,
        BY_CONVERSATION,
        gives={"id": "turns"},
        kept="id brand conversation kind state written_by runs_until started_at ended_at",
        staff="staff",
        words="asked text record",
    ),
    "turn_parts": deleted(By("turn", "turns"), kept="turn number kind", words="data"),
    "suggestions": emptied(
        COUNTED,
        BY_CONVERSATION,
        kept="id brand conversation turn kind ref saved_reply state offered_at decided_at",
        words="text used reason",
    ),
    "questions": nobodys(
        kept="id brand fact purpose worth ask_when never_when cap_per_day valid_from valid_to version created_at"
        " changed_at retired_at",
        staff="changed_by",
        ours="text why retire_reason",
    ),
    "question_offers": emptied(
        "so that a question is given out no more often than its cap allows",
        BY_CUSTOMER,
        BY_CONVERSATION,
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
        BY_CUSTOMER,
        kept="key offer until",
        customer="customer",
    ),
    "question_days": nobodys(kept="question day taken"),
    "customer_facts": deleted(
        BY_CUSTOMER,
        kept="id brand fact purpose offer learned_at changed_at",
        staff="learned_by changed_by",
        customer="customer",
        words="value change_reason",
    ),
}
