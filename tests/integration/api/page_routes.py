"""The pages, and what they load: not in the API's description, and asked for by people."""

from server.staff.roles import Permission as P
from tests.integration.api.knowledge_page_routes import KNOWLEDGE
from tests.integration.api.panel_routes import SESSION
from tests.integration.api.route import CASE, Open, Route, about
from tests.integration.api.settings_page_routes import SETTINGS

_ENTRY = "of=case_{0}_pending entry=note_{0}_one"
_DRAFTED = "of=case_{0}_pending entry=draft_{0}_pending"

PAGES: dict[str, Route] = {
    "GET /": about(Open.TO_EVERYBODY, answers=303),
    "GET /sign-in": about(Open.TO_EVERYBODY),
    "GET /assets/{of}/{name}": about(Open.TO_EVERYBODY, "of=any name=site.css"),
    "GET /inbox": about(P.READ_CASES),
    "GET /inbox/queue": about(P.READ_CASES),
    "GET /inbox/counts": about(P.READ_CASES),
    "GET /inbox/no-replies": about(P.WORK_ON_DRAFTS),
    "GET /inbox/shift-end": about(P.WORK_ON_DRAFTS),
    "GET /inbox/sending": about(P.READ_CASES),
    "GET /inbox/drafts/{draft}": about(P.READ_CASES, "draft=draft_{}_pending"),
    "GET /inbox/drafts/{draft}/case": about(P.READ_CASES, "draft=draft_{}_pending"),
    "GET /inbox/drafts/{draft}/customer": about(P.READ_CASES, "draft=draft_{}_pending"),
    "GET /panel": about(P.USE_PANEL),
    "GET /panel/embedded": about(Open.TO_EVERYBODY, query="host=https://help.example"),
    "GET /panel/opening": about(P.USE_PANEL),
    "POST /panel/sessions": about(P.USE_PANEL, answers=201, customer="C-{}", channel="phone"),
    "GET /panel/sessions/{conversation}": about(P.USE_PANEL, SESSION),
    "GET /panel/sessions/{conversation}/session": about(P.USE_PANEL, SESSION),
    "GET /panel/sessions/{conversation}/customer": about(P.USE_PANEL, SESSION),
    "GET /panel/sessions/{conversation}/question": about(P.USE_PANEL, SESSION),
    "GET /panel/sessions/{conversation}/saved-replies": about(P.USE_PANEL, SESSION),
    "GET /panel/sessions/{conversation}/turns/{turn}": about(P.USE_PANEL, f"{SESSION} turn=turn_{{0}}_checked"),
    "GET /panel/sessions/{conversation}/turns/{turn}/sources/{source}": about(
        P.USE_PANEL, f"{SESSION} turn=turn_{{0}}_checked source=E1"
    ),
    **KNOWLEDGE,
    "GET /inbox/incidents": about(P.READ_INCIDENTS),
    "GET /inbox/incidents/{incident}": about(P.READ_INCIDENTS, "incident=storm_{}_open"),
    "GET /inbox/incidents/{incident}/part": about(P.READ_INCIDENTS, "incident=storm_{}_open"),
    "GET /inbox/cases/{case}/case": about(P.READ_CASES, CASE),
    "GET /inbox/cases/{case}": about(P.READ_CASES, CASE, answers=303),
    **SETTINGS,
    "GET /transcripts": about(P.READ_TRANSCRIPTS),
    "GET /transcripts/picked": about(P.READ_TRANSCRIPTS),
    "GET /transcripts/scorecards": about(P.READ_CASES),
    "GET /transcripts/scorecards/{scorecard}": about(P.READ_CASES, "scorecard=scorecard_{}_scored"),
    "GET /transcripts/coaching": about(P.READ_CASES),
    "GET /transcripts/{of}": about(P.READ_CASES, "of=case_{}_pending"),
    "GET /transcripts/{of}/entries/{entry}": about(P.READ_CASES, _ENTRY),
    "GET /transcripts/{of}/entries/{entry}/seen": about(P.READ_CASES, _DRAFTED),
    "GET /transcripts/{of}/entries/{entry}/requests/{number}": about(P.READ_TRANSCRIPTS, f"{_DRAFTED} number=1"),
    "GET /insights": about(P.READ_INSIGHTS),
    "GET /insights/cards": about(P.READ_INSIGHTS),
    "GET /insights/people": about(P.READ_INSIGHTS, query="to=2026-11-21"),
    "GET /insights/samples": about(P.SCORE_TRANSCRIPTS),
    "GET /insights/samples/{sample}": about(P.SCORE_TRANSCRIPTS, "sample=sample_{}_drawn"),
    "GET /insights/samples/{sample}/items": about(P.SCORE_TRANSCRIPTS, "sample=sample_{}_drawn"),
    "GET /insights/{figure}": about(P.READ_INSIGHTS, "figure=solved"),
    "GET /insights/{figure}/card": about(P.READ_INSIGHTS, "figure=solved"),
    "GET /insights/{figure}/plot.svg": about(P.READ_INSIGHTS, "figure=policies_answered", answers=404),
}
