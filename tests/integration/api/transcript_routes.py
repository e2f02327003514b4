"""Transcripts, comments and scorecards."""

from server.staff.roles import Permission as P
from tests.integration.api.route import Route, about

ENTRY = "of=case_{0}_pending entry=note_{0}_one"

ROUTES: dict[str, Route] = {
    "GET /transcripts": about(P.READ_TRANSCRIPTS, query="q=tent"),
    "GET /transcripts/export": about(P.READ_TRANSCRIPTS, query="format=csv"),
    "GET /transcripts/{of}": about(P.READ_CASES, "of=case_{}_pending"),
    "GET /transcripts/{of}/entries/{entry}": about(P.READ_CASES, ENTRY),
    "GET /transcripts/{of}/entries/{entry}/requests/{number}": about(
        P.READ_TRANSCRIPTS, "of=case_{0}_pending entry=draft_{0}_pending number=1"
    ),
    "GET /transcripts/{of}/comments": about(P.READ_CASES, "of=case_{}_pending"),
    "POST /transcripts/{of}/entries/{entry}/comments": about(
        P.READ_TRANSCRIPTS, ENTRY, answers=201, text="well done", coach=True
    ),
    "GET /coaching": about(P.READ_CASES),
    "POST /coaching/{comment}/seen": about(P.READ_CASES, "comment=comment_{}_coaching"),
    "POST /coaching/{comment}/answer": about(P.READ_CASES, "comment=comment_{}_coaching", text="thank you"),
    "GET /scorecards/forms": about(P.READ_TRANSCRIPTS),
    "GET /scorecards/picked": about(P.READ_TRANSCRIPTS, query="day=2026-11-20"),
    "GET /scorecards": about(P.READ_CASES),
    "POST /scorecards": about(
        P.SCORE_TRANSCRIPTS, answers=201, transcript="case_{}_pending", person="staff_{}_rep", form="reply"
    ),
    "GET /scorecards/{scorecard}": about(P.READ_CASES, "scorecard=scorecard_{}_scored"),
    "POST /scorecards/{scorecard}/score": about(
        P.SCORE_TRANSCRIPTS, "scorecard=scorecard_{}_assigned", version=1, points={"answers": 1}
    ),
    "POST /scorecards/{scorecard}/dispute": about(P.READ_CASES, "scorecard=scorecard_{}_scored", words="it does"),
    "POST /scorecards/{scorecard}/settle": about(
        P.SCORE_TRANSCRIPTS, "scorecard=scorecard_{}_disputed", version=1, words="it does"
    ),
}
