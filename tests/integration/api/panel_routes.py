"""The panel: sessions, questions asked in them, and what was learned."""

from server.staff.roles import Permission as P
from tests.integration.api.route import WHY, Open, Route, about

OFFERED = "conversation=conversation_{}_offered"
SESSION = "conversation=conversation_{0}_open"
_QUESTION = {"text": {"en": "What for?"}, "why": "x", "fact": "use", "purpose": "advice", "worth": 5, "brand": "{}"}

ROUTES: dict[str, Route] = {
    "GET /questions": about(P.READ_QUESTIONS),
    "POST /questions": about(P.MANAGE_QUESTIONS, answers=201, id="new-{}", **_QUESTION),
    "GET /questions/{question}": about(P.READ_QUESTIONS, "question={}-offered"),
    "PUT /questions/{question}": about(P.MANAGE_QUESTIONS, "question={}-offered", version=1, **_QUESTION),
    "POST /questions/{question}/retire": about(P.MANAGE_QUESTIONS, "question={}-offered", version=1, **WHY),
    "GET /conversations": about(P.USE_PANEL, query="mine=false"),
    "POST /conversations": about(P.USE_PANEL, answers=201, customer="C-{}", channel="phone"),
    "GET /conversations/{conversation}": about(P.USE_PANEL, SESSION),
    "GET /conversations/{conversation}/changes": about(P.USE_PANEL, SESSION, query="after=0&follow=false"),
    "POST /conversations/{conversation}/confirm": about(P.USE_PANEL, SESSION, how="the postcode"),
    "POST /conversations/{conversation}/close": about(P.USE_PANEL, SESSION),
    "POST /conversations/{conversation}/turns": about(P.USE_PANEL, SESSION, kind="question", text="Who is it?"),
    "GET /conversations/{conversation}/turns/{turn}/stream": about(P.USE_PANEL, f"{SESSION} turn=turn_{{0}}_checked"),
    "POST /conversations/{conversation}/turns/{turn}/cancel": about(P.USE_PANEL, f"{SESSION} turn=turn_{{0}}_running"),
    "POST /conversations/{conversation}/suggestions/{suggestion}": about(
        P.USE_PANEL, f"{SESSION} suggestion=suggestion_{{0}}_reply", state="copied"
    ),
    "GET /conversations/{conversation}/question": about(P.USE_PANEL, OFFERED),
    "POST /conversations/{conversation}/question": about(P.USE_PANEL, OFFERED, solved=False),
    "POST /conversations/{conversation}/question/asked": about(P.USE_PANEL, OFFERED, text=None),
    "POST /conversations/{conversation}/question/skipped": about(P.USE_PANEL, OFFERED, reason="no_time"),
    "POST /conversations/{conversation}/question/answered": about(
        P.USE_PANEL, "conversation=conversation_{}_asked", value="weekends", confirmed=True
    ),
    "POST /conversations/{conversation}/question/refused": about(P.USE_PANEL, "conversation=conversation_{}_asked"),
    "POST /panel-links": about(P.LINK_PANEL, answers=201, host="https://help.example"),
    "POST /panel-links/exchange": about(Open.TO_A_SECRET),
    "GET /customers": about(P.USE_PANEL, query="q=C-{}"),
    "GET /customers/{customer}/facts": about(P.USE_PANEL, "customer=C-{}-calm"),
    "PUT /customers/{customer}/facts/{fact}": about(
        P.USE_PANEL, "customer=C-{}-calm fact=size", conversation="conversation_{}_asked", value="42", **WHY
    ),
    "DELETE /customers/{customer}/facts/{fact}": about(P.USE_PANEL, "customer=C-{}-calm fact=size", answers=204),
}
