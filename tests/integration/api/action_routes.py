"""Actions, and promises."""

from server.staff.roles import Permission as P
from tests.integration.api.route import CREDIT, WHY, Route, about

ROUTES: dict[str, Route] = {
    "GET /actions": about(P.READ_ACTIONS),
    "POST /actions": about(P.PROPOSE_ACTIONS, answers=201, customer="C-{}", **CREDIT),
    "GET /actions/{action}": about(P.READ_ACTIONS, "action=action_{}_proposed"),
    "POST /actions/{action}/consent": about(P.PROPOSE_ACTIONS, "action=action_{}_proposed", quote="Yes", source="call"),
    "POST /actions/{action}/approve": about(P.APPROVE_ACTIONS, "action=action_{}_proposed"),
    "POST /actions/{action}/reject": about(P.APPROVE_ACTIONS, "action=action_{}_proposed", **WHY),
    "POST /actions/{action}/take-back": about(P.APPROVE_ACTIONS, "action=action_{}_approved", **WHY),
    "POST /actions/{action}/settle": about(P.SETTLE_ACTIONS, "action=action_{}_uncertain", done=True, **WHY),
    "GET /promises": about(P.READ_PROMISES),
    "GET /promises/{promise}": about(P.READ_PROMISES, "promise=promise_{}_open"),
    "POST /promises/{promise}/keep": about(P.SETTLE_PROMISES, "promise=promise_{}_open", **WHY),
    "POST /promises/{promise}/withdraw": about(P.SETTLE_PROMISES, "promise=promise_{}_open", **WHY),
    "POST /promises/{promise}/move": about(
        P.SETTLE_PROMISES, "promise=promise_{}_open", due="2026-12-27T17:00:00Z", **WHY
    ),
}
