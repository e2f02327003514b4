"""Who is told of what happens: one table. Whoever may not read a record hears nothing of it either."""

from collections.abc import Mapping

from server.staff.roles import Caller, Permission

NEEDED: Mapping[str, Permission] = {
    "account": Permission.READ_ACCOUNTS,
    "account.secret_renewed": Permission.MANAGE_ACCOUNTS,
    "action": Permission.READ_ACTIONS,
    "attachment": Permission.READ_CASES,
    "audit": Permission.READ_AUDIT,
    "case": Permission.READ_CASES,
    "conversation": Permission.USE_PANEL,
    "customer": Permission.LINK_CUSTOMERS,
    "destination": Permission.READ_POLICIES,
    "draft": Permission.READ_CASES,
    "fact": Permission.USE_PANEL,
    "incident": Permission.READ_INCIDENTS,
    "job": Permission.MANAGE_JOBS,
    "limits": Permission.READ_POLICIES,
    "policy": Permission.READ_POLICIES,
    "post": Permission.READ_CASES,
    "privacy_incident": Permission.READ_PRIVACY_INCIDENTS,
    "promise": Permission.READ_PROMISES,
    "publication": Permission.READ_CASES,
    "question": Permission.READ_QUESTIONS,
    "retention": Permission.READ_AUDIT,
    "sample": Permission.SCORE_TRANSCRIPTS,
    "saved_reply": Permission.READ_SAVED_REPLIES,
    "sending": Permission.READ_CASES,
    "scorecard": Permission.READ_TRANSCRIPTS,
    "settings": Permission.READ_AUDIT,
    "shop": Permission.READ_AUDIT,
    "staff": Permission.MANAGE_STAFF,
    "token": Permission.MANAGE_STAFF,
    "transcript": Permission.READ_TRANSCRIPTS,
    "voices": Permission.READ_POLICIES,
    "view": Permission.READ_CASES,
}
"""By kind of event, or by what stands before the dot for all the others of a record: what who is told of it may do.

It is the permission by which the record itself is read. A kind that is not here is told to nobody.
"""


CHANGE_A_SESSION = frozenset(
    {
        "action.done",
        "case.closed",
        "case.opened",
        "conversation.closed",
        "conversation.confirmed",
        "conversation.opened",
        "customer.erased",
        "customer.linked",
        "customer.unlinked",
        "fact.learned",
        "promise.kept",
        "promise.made",
        "promise.moved",
        "promise.overdue",
        "promise.withdrawn",
        "publication.sent",
        "publication.withdrawn",
        "shop.imported",
    }
)
"""What changes what a rep sees of their session's customer. They are told that it changed, which they see by looking,
and nothing of the record that did: that takes what NEEDED says.
"""


def changes_a_session(caller: Caller, kind: str, brand: str) -> bool:
    """Whether the caller is told that this may have changed their session; what is of no brand is of every one."""
    theirs = brand in caller.brands or brand == ""
    return kind in CHANGE_A_SESSION and theirs and caller.may(Permission.USE_PANEL)


def needed_for(kind: str) -> Permission | None:
    """What somebody has to be allowed to be told of this; None: nobody is."""
    return NEEDED.get(kind) or NEEDED.get(kind.partition(".")[0])


def is_told(caller: Caller, kind: str, brand: str) -> bool:
    """Whether the caller is told that this happened to a record of this brand."""
    needed = needed_for(kind)
    return needed is not None and brand in caller.brands and caller.may(needed)
