"""Accounts, what networks tell, and who is behind a handle."""

from server.staff.roles import Permission as P
from tests.integration.api.route import LINK, WHY, Open, Route, about

_ACCOUNT = {"id": "new-{}", "brand": "{}", "channel": "x", "adapter": "webhook", "handle": "new"}

ROUTES: dict[str, Route] = {
    "POST /webhooks/{account}": about(Open.TO_A_SECRET, "account={}-x"),
    "GET /accounts": about(P.READ_ACCOUNTS),
    "GET /accounts/health": about(P.READ_ACCOUNTS),
    "POST /accounts": about(P.MANAGE_ACCOUNTS, answers=201, **_ACCOUNT),
    "PUT /accounts/{account}/hours": about(
        P.MANAGE_ACCOUNTS, "account={}-spare", hours={"answer_within_minutes": 60}, was={"time_zone": "UTC"}
    ),
    "PUT /accounts/{account}/initials": about(P.MANAGE_ACCOUNTS, "account={}-spare", initials="^{{initials}}"),
    "DELETE /accounts/{account}": about(P.MANAGE_ACCOUNTS, "account={}-spare", answers=204),
    "GET /attachments/{attachment}": about(P.READ_CASES, "attachment=attachment_{}_photo"),
    "GET /links": about(P.LINK_CUSTOMERS),
    "POST /links": about(P.LINK_CUSTOMERS, answers=201, **LINK, **WHY),
    "POST /links/{link}/unlink": about(P.UNLINK_CUSTOMERS, "link=link_{}_standing", answers=201, **WHY),
    "GET /privacy-incidents": about(P.READ_PRIVACY_INCIDENTS),
    "POST /privacy-incidents/{incident}/close": about(
        P.UNLINK_CUSTOMERS, "incident=incident_{}_open", outcome="nothing was sent"
    ),
}
