"""Every route of the application: what it needs, and a request that is carried out.

A new route has to be written down with what it needs, in the file of its noun; test_permissions.py does the rest.
"""

from server.staff.roles import Permission as P
from server.web.app import PREFIX
from tests.integration.api import (
    action_routes,
    channel_routes,
    draft_routes,
    incident_routes,
    insight_routes,
    panel_routes,
    policy_routes,
    queue_routes,
    saved_reply_routes,
    staff_routes,
    transcript_routes,
)
from tests.integration.api.page_routes import PAGES
from tests.integration.api.route import CREDIT, LINK, WHY, Open, Route, about, decides

_MACHINE = {"kind": "machine", "name": "x", "scopes": ["cases:read"], "brands": ["{}"]}
_IN_GENERAL: dict[str, Route] = {
    "GET /openapi.json": about(Open.TO_EVERYBODY),
    "GET /events": about(P.READ_CASES, query="after=0&follow=false"),
    "GET /audit": about(P.READ_AUDIT),
    "GET /privacy/erasures": about(P.ERASE_CUSTOMERS),
    "POST /privacy/exports": about(P.EXPORT_CUSTOMERS, customer="C-{}-leaver"),
    "POST /privacy/erasures/preview": about(P.ERASE_CUSTOMERS, customer="C-{}-leaver"),
    "POST /privacy/erasures": about(P.ERASE_CUSTOMERS, answers=201, customer="C-{}-leaver", **WHY),
    "GET /jobs/dead": about(P.MANAGE_JOBS),
    "POST /jobs/dead/retry": about(P.MANAGE_JOBS, kind="send"),
    "GET /jobs/{job}": about(P.MANAGE_JOBS, "job=job_{}_one"),
    "POST /jobs/{job}/retry": about(P.MANAGE_JOBS, "job=job_{}_one"),
    "GET /model": about(P.TEST_MODEL),
    "POST /model/test": about(P.TEST_MODEL, answers=409),
}
_IN_THE_API = (
    _IN_GENERAL
    | staff_routes.ROUTES
    | channel_routes.ROUTES
    | draft_routes.ROUTES
    | queue_routes.ROUTES
    | action_routes.ROUTES
    | incident_routes.ROUTES
    | insight_routes.ROUTES
    | panel_routes.ROUTES
    | transcript_routes.ROUTES
    | policy_routes.ROUTES
    | saved_reply_routes.ROUTES
)
_BESIDE_IT: dict[str, Route] = {
    "GET /healthz": about(Open.TO_EVERYBODY),
    "GET /readyz": about(Open.TO_EVERYBODY),
    "GET /metrics": about(Open.TO_A_SECRET),
    "POST /local/passages/search": about(Open.TO_A_SECRET),
    "POST /local/passages/answering": about(Open.TO_A_SECRET),
    "POST /local/passages/whole": about(Open.TO_A_SECRET),
    "POST /local/index/search": about(Open.TO_A_SECRET),
    "POST /local/index/update": about(Open.TO_A_SECRET),
}
ROUTES: dict[str, Route] = (
    _BESIDE_IT | PAGES | {name.replace(" ", f" {PREFIX}", 1): route for name, route in _IN_THE_API.items()}
)
WITHIN: dict[str, Route] = {
    f"POST {PREFIX}/tokens (a machine's)": about(P.MANAGE_STAFF, answers=201, **_MACHINE),
    f"POST {PREFIX}/drafts/{{draft}}/approve (second)": decides(P.APPROVE_SECOND, "second"),
    f"POST {PREFIX}/drafts/{{draft}}/approve (blocked)": decides(
        P.OVERRIDE_BLOCK, "blocked", confirmed=True, override="she asked for it"
    ),
    **{name.replace(" ", f" {PREFIX}", 1) + " (shared)": route for name, route in queue_routes.SHARED.items()},
    "GET /metrics (from elsewhere)": about(P.READ_METRICS),
}
"""Requests that need more than their route does."""
NEEDING = WITHIN | {name: route for name, route in ROUTES.items() if isinstance(route.needs, P)}
SIGNED_IN = {name: route for name, route in ROUTES.items() if route.needs is Open.TO_WHO_IS_SIGNED_IN}

CROSSINGS: dict[str, Route] = {
    f"GET {PREFIX}/drafts (brand)": about(P.READ_CASES, query="brand={}"),
    f"GET {PREFIX}/drafts (account)": about(P.READ_CASES, query="account={}-x"),
    f"GET {PREFIX}/drafts (team)": about(P.READ_CASES, query="team=payments&assigned_to=nobody&channel=x"),
    f"GET {PREFIX}/drafts (assigned to)": about(P.READ_CASES, query="assigned_to=staff_{}_rep"),
    f"GET {PREFIX}/colleagues (brand)": about(P.WORK_ON_DRAFTS, query="brand={}"),
    f"GET {PREFIX}/actions (customer)": about(P.READ_ACTIONS, query="customer=C-{}"),
    f"GET {PREFIX}/actions (case)": about(P.READ_ACTIONS, query="case=case_{}_sent"),
    f"POST {PREFIX}/actions (case)": about(P.PROPOSE_ACTIONS, customer="C-tarnlight", case="case_{}_sent", **CREDIT),
    f"GET {PREFIX}/conversations (customer)": about(P.USE_PANEL, query="mine=false&customer=C-{}"),
    f"GET {PREFIX}/customers (typed)": about(P.USE_PANEL, query="q=C-{}"),
    f"POST {PREFIX}/conversations (case)": about(
        P.USE_PANEL, customer="C-tarnlight", case="case_{}_pending", channel="phone"
    ),
    f"GET {PREFIX}/promises (customer)": about(P.READ_PROMISES, query="customer=C-{}"),
    f"GET {PREFIX}/promises (case)": about(P.READ_PROMISES, query="case=case_{}_sent"),
    f"POST {PREFIX}/promises/promise_tarnlight_open/keep": about(P.SETTLE_PROMISES, publication="publication_{}_sent"),
    f"GET {PREFIX}/transcripts (brand)": about(P.READ_TRANSCRIPTS, query="brand={}"),
    f"GET {PREFIX}/transcripts (customer)": about(P.READ_TRANSCRIPTS, query="customer=C-{}"),
    f"GET {PREFIX}/scorecards (transcript)": about(P.READ_CASES, query="transcript=case_{}_sent"),
    f"GET {PREFIX}/policies (brand)": about(P.READ_POLICIES, query="brand={}"),
    f"GET {PREFIX}/missing-policies (brand)": about(P.READ_POLICIES, query="brand={}"),
    f"GET {PREFIX}/publications (draft)": about(P.READ_CASES, query="draft=draft_{}_sent"),
    f"GET {PREFIX}/publications (case)": about(P.READ_CASES, query="case=case_{}_sent"),
    f"GET {PREFIX}/links (customer)": about(P.LINK_CUSTOMERS, query="customer=C-{}"),
    f"POST {PREFIX}/links (customer)": about(
        P.LINK_CUSTOMERS, **{**LINK, "brand": "tarnlight", "handle": "somebody"}, **WHY
    ),
    f"POST {PREFIX}/pauses (brand)": about(P.PAUSE, scope="all", brand="{}", **WHY),
    f"POST {PREFIX}/cases/case_tarnlight_pending/assign": about(P.WORK_ON_DRAFTS, staff="staff_{}_rep"),
    f"PATCH {PREFIX}/staff/staff_tarnlight_colleague": about(P.MANAGE_STAFF, brands=["tarnlight", "{}"]),
    f"POST {PREFIX}/publications/publication_tarnlight_uncertain/settle": about(
        P.SETTLE_UNCERTAIN, sent=True, network_id="sent-{}-sent", **WHY
    ),
}
"""Requests of Tarnlight's that name another brand's record beside their own."""

RECORDED = {f"GET {PREFIX}/transcripts/export"}
"""These change no record, and are recorded all the same: what was given out, and to whom, stands in the audit."""

EVENTS: dict[str, P] = {
    "account.added": P.READ_ACCOUNTS,
    "account.removed": P.READ_ACCOUNTS,
    "account.secret_renewed": P.MANAGE_ACCOUNTS,
    "action.approved": P.READ_ACTIONS,
    "attachment.kept": P.READ_CASES,
    "audit.cut": P.READ_AUDIT,
    "case.claimed": P.READ_CASES,
    "conversation.opened": P.USE_PANEL,
    "customer.linked": P.LINK_CUSTOMERS,
    "customer.unlinked": P.LINK_CUSTOMERS,
    "destination.changed": P.READ_POLICIES,
    "saved_reply.changed": P.READ_SAVED_REPLIES,
    "draft.approved": P.READ_CASES,
    "fact.learned": P.USE_PANEL,
    "incident.opened": P.READ_INCIDENTS,
    "job.died": P.MANAGE_JOBS,
    "limits.changed": P.READ_POLICIES,
    "policy.replaced": P.READ_POLICIES,
    "post.received": P.READ_CASES,
    "privacy_incident.opened": P.READ_PRIVACY_INCIDENTS,
    "privacy_incident.closed": P.READ_PRIVACY_INCIDENTS,
    "promise.made": P.READ_PROMISES,
    "publication.sent": P.READ_CASES,
    "question.offered": P.READ_QUESTIONS,
    "retention.done": P.READ_AUDIT,
    "sample.drawn": P.SCORE_TRANSCRIPTS,
    "scorecard.scored": P.READ_TRANSCRIPTS,
    "sending.paused": P.READ_CASES,
    "settings.changed": P.READ_AUDIT,
    "shop.imported": P.READ_AUDIT,
    "staff.added": P.MANAGE_STAFF,
    "staff.link_made": P.MANAGE_STAFF,
    "token.made": P.MANAGE_STAFF,
    "transcript.commented": P.READ_TRANSCRIPTS,
    "transcript.exported": P.READ_TRANSCRIPTS,
    "voices.changed": P.READ_POLICIES,
    "view.shared": P.READ_CASES,
}
"""What happened, and what somebody may who is told of it. A new family of events has to be written down here."""
