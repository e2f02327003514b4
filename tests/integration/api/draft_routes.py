"""Drafts, their cases, and what is sent of them."""

from server.staff.roles import Permission as P
from tests.integration.api.route import CASE, WHY, Route, about, decides

ROUTES: dict[str, Route] = {
    "GET /drafts": about(P.READ_CASES),
    "GET /drafts/{draft}": about(P.READ_CASES, "draft=draft_{}_pending"),
    "POST /drafts/count": about(P.READ_CASES, channel="x", part="public", text="Thanks."),
    "POST /drafts/{draft}/approve": decides(P.APPROVE, "pending"),
    "POST /drafts/{draft}/edit": decides(P.WORK_ON_DRAFTS, "pending", public_text="Thanks, we look into it."),
    "POST /drafts/{draft}/reject": decides(P.WORK_ON_DRAFTS, "pending", **WHY),
    "POST /drafts/{draft}/hand-over": decides(P.HAND_OVER, "pending", team="payments", **WHY),
    "POST /drafts/{draft}/no-reply": decides(P.WORK_ON_DRAFTS, "pending", **WHY),
    "POST /drafts/{draft}/hold": decides(P.WORK_ON_DRAFTS, "pending", **WHY),
    "POST /drafts/{draft}/release": decides(P.WORK_ON_DRAFTS, "held", **WHY),
    "POST /drafts/{draft}/redraft": decides(P.WORK_ON_DRAFTS, "pending", answers=202),
    "POST /drafts/{draft}/dismiss-danger": decides(P.DISMISS_DANGER, "danger", answers=202, **WHY),
    "POST /drafts/{draft}/translate": about(P.WORK_ON_DRAFTS, "draft=draft_{}_pending", to="de"),
    "POST /drafts/{draft}/take-back": decides(P.STOP_SENDING, "approved", **WHY),
    "GET /cases/{case}": about(P.READ_CASES, CASE),
    "GET /cases/{case}/posts": about(P.READ_CASES, CASE),
    "GET /cases/{case}/drafts": about(P.READ_CASES, CASE),
    "GET /cases/{case}/notes": about(P.READ_CASES, CASE),
    "GET /cases/{case}/history": about(P.READ_CASES, CASE),
    "POST /cases/{case}/claim": about(P.WORK_ON_DRAFTS, CASE, reason=None),
    "POST /cases/{case}/let-go": about(P.WORK_ON_DRAFTS, CASE),
    "POST /cases/{case}/assign": about(P.WORK_ON_DRAFTS, CASE, staff="staff_{}_rep"),
    "POST /cases/{case}/notes": about(P.WORK_ON_DRAFTS, CASE, answers=201, text="she rang twice"),
    "GET /publications": about(P.READ_CASES),
    "GET /publications/{publication}": about(P.READ_CASES, "publication=publication_{}_sent"),
    "POST /publications/{publication}/take-back": about(P.STOP_SENDING, "publication=publication_{}_leaving", **WHY),
    "POST /publications/{publication}/withdraw": about(P.WITHDRAW, "publication=publication_{}_sent", **WHY),
    "POST /publications/{publication}/correct": about(
        P.WITHDRAW, "publication=publication_{}_sent", answers=201, **WHY
    ),
    "POST /publications/{publication}/settle": about(
        P.SETTLE_UNCERTAIN, "publication=publication_{}_uncertain", sent=False, then="withdraw", **WHY
    ),
    "GET /pauses": about(P.READ_CASES),
    "POST /pauses": about(P.PAUSE, answers=201, scope="account:{}-x", **WHY),
    "GET /pauses/{pause}/held": about(P.READ_CASES, "pause=pause_{}_one"),
    "POST /pauses/{pause}/lift": about(P.PAUSE, "pause=pause_{}_one", seen=[]),
}
