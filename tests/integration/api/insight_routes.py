"""Figures and samples."""

from server.staff.roles import Permission as P
from tests.integration.api.route import Route, about

ROUTES: dict[str, Route] = {
    "GET /insights": about(P.READ_INSIGHTS),
    "GET /insights/people": about(P.READ_INSIGHTS, query="to=2026-11-21T00:00:00Z"),
    "GET /insights/{figure}": about(P.READ_INSIGHTS, "figure=solved"),
    "GET /insights/{figure}/records": about(P.READ_INSIGHTS, "figure=solved", query="part=too_early"),
    "GET /insights/{figure}/csv": about(P.READ_INSIGHTS, "figure=solved"),
    "GET /insights/samples": about(P.SCORE_TRANSCRIPTS),
    "POST /insights/samples": about(
        P.SCORE_TRANSCRIPTS, answers=201, brand="{}", kind="unflagged_posts", week="2026-11-09"
    ),
    "GET /insights/samples/{sample}": about(P.SCORE_TRANSCRIPTS, "sample=sample_{}_drawn"),
    "GET /insights/samples/{sample}/items": about(P.SCORE_TRANSCRIPTS, "sample=sample_{}_drawn"),
    "POST /insights/samples/items/{item}/rate": about(
        P.SCORE_TRANSCRIPTS, "item=item_{}_one", answers=201, found=True, kinds=["other"]
    ),
}
