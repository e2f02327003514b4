"""Who may do what: one table. Everything that asks for a permission asks here."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody's work is."""

    DRAFTS_ONLY = "drafts-only"
    REP = "rep"
    SOCIAL = "social"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Permission(StrEnum):
    """Something that can be allowed."""

    READ_CASES = "cases:read"
    WORK_ON_DRAFTS = "drafts:write"
    HAND_OVER = "cases:hand-over"
    APPROVE = "drafts:approve"
    APPROVE_SECOND = "drafts:approve-second"
    OVERRIDE_BLOCK = "drafts:override"
    DISMISS_DANGER = "drafts:dismiss-danger"
    STOP_SENDING = "publications:stop"
    WITHDRAW = "publications:withdraw"
    SETTLE_UNCERTAIN = "publications:settle"
    PAUSE = "sending:pause"
    LINK_CUSTOMERS = "customers:link"
    UNLINK_CUSTOMERS = "customers:unlink"
    SHARE_VIEWS = "views:share"
    READ_PRIVACY_INCIDENTS = "privacy-incidents:read"
    READ_ACTIONS = "actions:read"
    PROPOSE_ACTIONS = "actions:propose"
    APPROVE_ACTIONS = "actions:approve"
    SETTLE_ACTIONS = "actions:settle"
    READ_PROMISES = "promises:read"
    SETTLE_PROMISES = "promises:settle"
    READ_ACCOUNTS = "accounts:read"
    MANAGE_ACCOUNTS = "accounts:manage"
    MANAGE_STAFF = "staff:manage"
    READ_INCIDENTS = "incidents:read"
    MANAGE_INCIDENTS = "incidents:manage"
    USE_PANEL = "panel:use"
    LINK_PANEL = "panel:link"
    READ_QUESTIONS = "questions:read"
    MANAGE_QUESTIONS = "questions:manage"
    READ_POLICIES = "policies:read"
    MANAGE_POLICIES = "policies:manage"
    READ_SAVED_REPLIES = "saved-replies:read"
    MANAGE_SAVED_REPLIES = "saved-replies:manage"
    MANAGE_LIMITS = "limits:manage"
    READ_TRANSCRIPTS = "transcripts:read"
    SCORE_TRANSCRIPTS = "transcripts:score"
    READ_INSIGHTS = "insights:read"
    READ_AUDIT = "audit:read"
    EXPORT_CUSTOMERS = "customers:export"
    ERASE_CUSTOMERS = "customers:erase"
    MANAGE_JOBS = "jobs:manage"
    READ_METRICS = "metrics:read"
    TEST_MODEL = "model:test"


_DRAFTS = frozenset(
    {
        Permission.READ_CASES,
        Permission.WORK_ON_DRAFTS,
        Permission.HAND_OVER,
        Permission.READ_ACCOUNTS,
        Permission.READ_INCIDENTS,
        Permission.READ_ACTIONS,
        Permission.READ_PROMISES,
        Permission.READ_POLICIES,
        Permission.READ_SAVED_REPLIES,
    }
)
_SENDS = _DRAFTS | {
    Permission.APPROVE,
    Permission.STOP_SENDING,
    Permission.LINK_CUSTOMERS,
    Permission.PROPOSE_ACTIONS,
    Permission.APPROVE_ACTIONS,
    Permission.SETTLE_PROMISES,
    Permission.USE_PANEL,
    Permission.LINK_PANEL,
    Permission.READ_QUESTIONS,
}
_SOCIAL = _SENDS | {Permission.OVERRIDE_BLOCK, Permission.DISMISS_DANGER, Permission.WITHDRAW}
_SUPERVISES = _SOCIAL | {
    Permission.APPROVE_SECOND,
    Permission.SETTLE_UNCERTAIN,
    Permission.PAUSE,
    Permission.UNLINK_CUSTOMERS,
    Permission.SHARE_VIEWS,
    Permission.READ_PRIVACY_INCIDENTS,
    Permission.MANAGE_INCIDENTS,
    Permission.SETTLE_ACTIONS,
    Permission.MANAGE_QUESTIONS,
    Permission.MANAGE_POLICIES,
    Permission.MANAGE_SAVED_REPLIES,
    Permission.READ_TRANSCRIPTS,
    Permission.SCORE_TRANSCRIPTS,
    Permission.READ_INSIGHTS,
    Permission.EXPORT_CUSTOMERS,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.DRAFTS_ONLY: _DRAFTS,
    Role.REP: _SENDS,
    Role.SOCIAL: _SOCIAL,
    Role.SUPERVISOR: _SUPERVISES,
    Role.ADMIN: frozenset(Permission),
}

# A judgement that somebody answers for with their name, or power over other people's: no machine has it.
ONLY_PEOPLE: frozenset[Permission] = frozenset(
    {
        Permission.APPROVE,
        Permission.APPROVE_SECOND,
        Permission.OVERRIDE_BLOCK,
        Permission.DISMISS_DANGER,
        Permission.SETTLE_UNCERTAIN,
        Permission.LINK_CUSTOMERS,
        Permission.UNLINK_CUSTOMERS,
        Permission.MANAGE_INCIDENTS,
        Permission.APPROVE_ACTIONS,
        Permission.SETTLE_ACTIONS,
        Permission.SETTLE_PROMISES,
        Permission.SHARE_VIEWS,
        Permission.USE_PANEL,
        Permission.SCORE_TRANSCRIPTS,
        Permission.ERASE_CUSTOMERS,
        Permission.MANAGE_STAFF,
        Permission.MANAGE_LIMITS,
    }
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a person, or a machine's token. Made where a request comes in, and handed to every service.

    `id` is the person's or the machine token's; `brands` whose records exist for the caller; `permissions` what the
    role allows, cut down to the token's scopes; `token` the id of the token that was shown, None for a signed-in
    browser.
    """

    id: str
    name: str
    role: Role | None
    brands: frozenset[str]
    permissions: frozenset[Permission]
    languages: tuple[str, ...] = ()
    initials: str = ""
    token: str | None = None

    def may(self, permission: Permission) -> bool:
        """Whether the caller has this permission."""
        return permission in self.permissions


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """The roles that may do this, the least of them first: who can help."""
    return tuple(role for role in Role if permission in PERMISSIONS[role])


_SAID = {
    Role.DRAFTS_ONLY: "a drafts-only colleague",
    Role.REP: "a rep",
    Role.SOCIAL: "a social-media colleague",
    Role.SUPERVISOR: "a supervisor",
    Role.ADMIN: "an admin",
}


def who_may(permission: Permission) -> str:
    """The same in words: "a supervisor or an admin"."""
    *others, last = (_SAID[role] for role in roles_with(permission))
    return f"{', '.join(others)} or {last}" if others else last
