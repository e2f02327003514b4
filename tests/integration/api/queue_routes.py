"""The queue as a whole, and the end of a shift."""

from server.staff.roles import Permission as P
from tests.integration.api.records import seen
from tests.integration.api.route import Request, Route, about

_VIEW = "view=view_{}_shared"


def _left(brand: str) -> Request:
    return Request(body={"items": [{"draft": f"draft_{brand}_pending", **seen(brand, "pending")}], "reason": "spam"})


ROUTES: dict[str, Route] = {
    "GET /queue/counts": about(P.READ_CASES),
    "GET /queue/views": about(P.READ_CASES),
    "POST /queue/views": about(P.WORK_ON_DRAFTS, answers=201, name="Mine", filters={"language": "de"}),
    "GET /queue/views/{view}": about(P.READ_CASES, _VIEW),
    "PATCH /queue/views/{view}": about(P.WORK_ON_DRAFTS, "view=view_{}_own", name="German"),
    "DELETE /queue/views/{view}": about(P.WORK_ON_DRAFTS, "view=view_{}_own", answers=204),
    "GET /queue/no-replies": about(P.READ_CASES, query="reason=spam"),
    "GET /shift": about(P.READ_CASES),
    "POST /shift/end": about(
        P.WORK_ON_DRAFTS,
        cases=[{"case": "case_{}_pending"}],
        promises=[{"promise": "promise_{}_open", "staff": "staff_{}_rep"}],
    ),
    "POST /queue/no-replies": Route(P.WORK_ON_DRAFTS, 200, _left),
}
SHARED: dict[str, Route] = {
    "POST /queue/views": about(P.SHARE_VIEWS, answers=201, name="All", filters={"language": "de"}, brand="{}"),
}
"""What needs more than its route does."""
