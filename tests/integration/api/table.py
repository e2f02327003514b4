"""Every route of the application: what it needs, and a request that is carried out.

A new route has to be written down here, with what it needs; test_permissions.py does the rest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from server.staff.roles import Permission as P
from server.web.app import PREFIX
from tests.integration.api.records import seen, storm_digest


class Open(StrEnum):
    """A route that needs no permission, and why not."""

    TO_EVERYBODY = "it tells nothing of anybody"
    TO_A_SECRET = "the request proves itself: by a password, a link, a signature, the home's own file, the machine"
    TO_WHO_IS_SIGNED_IN = "it is about the caller, and about nobody else but for who has the permission"


@dataclass(frozen=True)
class Request:
    """A request about one brand's records; `ids` stand in the path."""

    ids: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    body: Any = None


@dataclass(frozen=True)
class Route:
    """What a route needs, what it answers when all is well, and such a request for a brand's records."""

    needs: P | Open
    answers: int
    request: Callable[[str], Request]


def _about(needs: P | Open, ids: str = "", query: str = "", answers: int = 200, **body: Any) -> Route:
    """A route whose ids and body's words hold the brand as `{}`; "draft=draft_{}_held" sets the id in the path."""

    def request(brand: str) -> Request:
        named = dict(pair.split("=") for pair in ids.format(brand).split())
        return Request(named, query.format(brand), _filled(body, brand) if body else None)

    return Route(needs, answers, request)


def _decides(needs: P, name: str, answers: int = 200, **body: Any) -> Route:
    """A decision on the draft of this name, as it stands."""

    def request(brand: str) -> Request:
        return Request({"draft": f"draft_{brand}_{name}"}, body={**seen(brand, name), **_filled(body, brand)})

    return Route(needs, answers, request)


def _filled(value: Any, brand: str) -> Any:
    if isinstance(value, str):
        return value.format(brand)
    if isinstance(value, dict):
        return {key: _filled(item, brand) for key, item in value.items()}
    return [_filled(item, brand) for item in value] if isinstance(value, list) else value


def _of_storm(purpose: str, answers: int, named: str, **body: Any) -> Route:
    """A request about what is said for the incident: it names the text's digest, alone or by its language."""

    def request(brand: str) -> Request:
        digest = storm_digest(brand, purpose)
        names = {"incident": f"storm_{brand}_open"} | ({"text": f"text_{brand}_{purpose}"} if named == "digest" else {})
        return Request(names, body={named: digest if named == "digest" else {"en": digest}, **_filled(body, brand)})

    return Route(P.MANAGE_INCIDENTS, answers, request)


WHY = {"reason": "because"}
STORM = "incident=storm_{}_open"
CASE = "case=case_{}_pending"
ENTRY = "of=case_{0}_pending entry=note_{0}_one"
OFFERED = "conversation=conversation_{}_offered"
SESSION = "conversation=conversation_{0}_open"
_QUESTION = {"text": {"en": "What for?"}, "why": "x", "fact": "use", "purpose": "advice", "worth": 5, "brand": "{}"}
_PLACE = {
    "kind": "repairs",
    "brand": "{}",
    "language": "en",
    "target": "https://www.{}.example/mending",
    "label": "Mending",
    "says": "We mend it there.",
    "channels": ["mastodon"],
}
_TERMS = {"name": "x", "role": "rep", "brands": ["{}"], "email": "new@{}.example"}
_ACCOUNT = {"id": "new-{}", "brand": "{}", "channel": "x", "adapter": "webhook", "handle": "new"}
_MACHINE = {"kind": "machine", "name": "x", "scopes": ["cases:read"], "brands": ["{}"]}
_LINK = {"brand": "{}", "channel": "x", "handle": "new-{}", "customer": "C-{}"}

_CREDIT = {"action": "credit", "arguments": {"amount": 100, "currency": "GBP"}}

POLICY = """\
---
id: new-{0}
title: Tents of {0}
brand: {0}
category: returns
audience: public
effective_from: 2026-01-01
owner: us
---

Tents of {0} come back unused.
"""
_FILE = {"name": "new-{}.md", "text": POLICY}
_DOCUMENT = "document=policy-{}"
_SKETCH = {"id": "sketch-{}", "title": "Snowshoes", "category": "orders", "owner": "us"}

_IN_THE_API: dict[str, Route] = {
    "POST /sign-in": _about(Open.TO_A_SECRET),
    "POST /sign-in/link": _about(Open.TO_A_SECRET),
    "POST /webhooks/{account}": _about(Open.TO_A_SECRET, "account={}-x"),
    "GET /openapi.json": _about(Open.TO_EVERYBODY),
    "GET /me": _about(Open.TO_WHO_IS_SIGNED_IN),
    "POST /me/password": _about(Open.TO_WHO_IS_SIGNED_IN, answers=204, new="four words nobody guesses"),
    "POST /sign-out": _about(Open.TO_WHO_IS_SIGNED_IN, answers=204),
    "GET /tokens": _about(Open.TO_WHO_IS_SIGNED_IN),
    "POST /tokens": _about(Open.TO_WHO_IS_SIGNED_IN, answers=201, name="mine"),
    "DELETE /tokens/{token}": _about(Open.TO_WHO_IS_SIGNED_IN, "token=token_{}_spare", answers=204),
    "GET /staff": _about(P.MANAGE_STAFF),
    "POST /staff": _about(P.MANAGE_STAFF, answers=201, **_TERMS),
    "GET /staff/{staff}": _about(P.MANAGE_STAFF, "staff=staff_{}_colleague"),
    "PATCH /staff/{staff}": _about(P.MANAGE_STAFF, "staff=staff_{}_colleague", role="social"),
    "POST /staff/{staff}/disable": _about(P.MANAGE_STAFF, "staff=staff_{}_colleague"),
    "POST /staff/{staff}/enable": _about(P.MANAGE_STAFF, "staff=staff_{}_leaver"),
    "POST /staff/{staff}/sign-in-link": _about(P.MANAGE_STAFF, "staff=staff_{}_colleague", answers=201),
    "GET /colleagues": _about(P.WORK_ON_DRAFTS),
    "GET /accounts": _about(P.READ_ACCOUNTS),
    "POST /accounts": _about(P.MANAGE_ACCOUNTS, answers=201, **_ACCOUNT),
    "DELETE /accounts/{account}": _about(P.MANAGE_ACCOUNTS, "account={}-spare", answers=204),
    "GET /attachments/{attachment}": _about(P.READ_CASES, "attachment=attachment_{}_photo"),
    "GET /links": _about(P.LINK_CUSTOMERS),
    "POST /links": _about(P.LINK_CUSTOMERS, answers=201, **_LINK, **WHY),
    "POST /links/{link}/unlink": _about(P.UNLINK_CUSTOMERS, "link=link_{}_standing", answers=201, **WHY),
    "GET /privacy-incidents": _about(P.READ_PRIVACY_INCIDENTS),
    "POST /privacy-incidents/{incident}/close": _about(
        P.UNLINK_CUSTOMERS, "incident=incident_{}_open", outcome="nothing was sent"
    ),
    "GET /drafts": _about(P.READ_CASES),
    "GET /drafts/{draft}": _about(P.READ_CASES, "draft=draft_{}_pending"),
    "POST /drafts/count": _about(P.READ_CASES, channel="x", part="public", text="Thanks."),
    "POST /drafts/{draft}/approve": _decides(P.APPROVE, "pending"),
    "POST /drafts/{draft}/edit": _decides(P.WORK_ON_DRAFTS, "pending", public_text="Thanks, we look into it."),
    "POST /drafts/{draft}/reject": _decides(P.WORK_ON_DRAFTS, "pending", **WHY),
    "POST /drafts/{draft}/hand-over": _decides(P.HAND_OVER, "pending", team="payments", **WHY),
    "POST /drafts/{draft}/no-reply": _decides(P.WORK_ON_DRAFTS, "pending", **WHY),
    "POST /drafts/{draft}/hold": _decides(P.WORK_ON_DRAFTS, "pending", **WHY),
    "POST /drafts/{draft}/release": _decides(P.WORK_ON_DRAFTS, "held", **WHY),
    "POST /drafts/{draft}/redraft": _decides(P.WORK_ON_DRAFTS, "pending", answers=202),
    "POST /drafts/{draft}/dismiss-danger": _decides(P.DISMISS_DANGER, "danger", answers=202, **WHY),
    "POST /drafts/{draft}/translate": _about(P.WORK_ON_DRAFTS, "draft=draft_{}_pending", to="de"),
    "POST /drafts/{draft}/take-back": _decides(P.STOP_SENDING, "approved", **WHY),
    "GET /cases/{case}": _about(P.READ_CASES, CASE),
    "GET /cases/{case}/posts": _about(P.READ_CASES, CASE),
    "GET /cases/{case}/drafts": _about(P.READ_CASES, CASE),
    "GET /cases/{case}/notes": _about(P.READ_CASES, CASE),
    "GET /cases/{case}/history": _about(P.READ_CASES, CASE),
    "POST /cases/{case}/claim": _about(P.WORK_ON_DRAFTS, CASE, reason=None),
    "POST /cases/{case}/let-go": _about(P.WORK_ON_DRAFTS, CASE),
    "POST /cases/{case}/assign": _about(P.WORK_ON_DRAFTS, CASE, staff="staff_{}_rep"),
    "POST /cases/{case}/notes": _about(P.WORK_ON_DRAFTS, CASE, answers=201, text="she rang twice"),
    "GET /actions": _about(P.READ_ACTIONS),
    "POST /actions": _about(P.PROPOSE_ACTIONS, answers=201, customer="C-{}", **_CREDIT),
    "GET /actions/{action}": _about(P.READ_ACTIONS, "action=action_{}_proposed"),
    "POST /actions/{action}/consent": _about(
        P.PROPOSE_ACTIONS, "action=action_{}_proposed", quote="Yes", source="call"
    ),
    "POST /actions/{action}/approve": _about(P.APPROVE_ACTIONS, "action=action_{}_proposed"),
    "POST /actions/{action}/reject": _about(P.APPROVE_ACTIONS, "action=action_{}_proposed", **WHY),
    "POST /actions/{action}/take-back": _about(P.APPROVE_ACTIONS, "action=action_{}_approved", **WHY),
    "POST /actions/{action}/settle": _about(P.SETTLE_ACTIONS, "action=action_{}_uncertain", done=True, **WHY),
    "GET /promises": _about(P.READ_PROMISES),
    "GET /promises/{promise}": _about(P.READ_PROMISES, "promise=promise_{}_open"),
    "POST /promises/{promise}/keep": _about(P.SETTLE_PROMISES, "promise=promise_{}_open", **WHY),
    "POST /promises/{promise}/withdraw": _about(P.SETTLE_PROMISES, "promise=promise_{}_open", **WHY),
    "POST /promises/{promise}/move": _about(
        P.SETTLE_PROMISES, "promise=promise_{}_open", due="2026-12-27T17:00:00Z", **WHY
    ),
    "GET /insights": _about(P.READ_INSIGHTS),
    "GET /insights/people": _about(P.READ_INSIGHTS, query="to=2026-11-21T00:00:00Z"),
    "GET /insights/{figure}": _about(P.READ_INSIGHTS, "figure=solved"),
    "GET /insights/{figure}/records": _about(P.READ_INSIGHTS, "figure=solved", query="part=too_early"),
    "GET /insights/{figure}/csv": _about(P.READ_INSIGHTS, "figure=solved"),
    "GET /insights/samples": _about(P.SCORE_TRANSCRIPTS),
    "POST /insights/samples": _about(
        P.SCORE_TRANSCRIPTS, answers=201, brand="{}", kind="unflagged_posts", week="2026-11-09"
    ),
    "GET /insights/samples/{sample}/items": _about(P.SCORE_TRANSCRIPTS, "sample=sample_{}_drawn"),
    "POST /insights/samples/items/{item}/rate": _about(
        P.SCORE_TRANSCRIPTS, "item=item_{}_one", answers=201, found=True, kinds=["other"]
    ),
    "GET /publications": _about(P.READ_CASES),
    "GET /publications/{publication}": _about(P.READ_CASES, "publication=publication_{}_sent"),
    "POST /publications/{publication}/take-back": _about(P.STOP_SENDING, "publication=publication_{}_leaving", **WHY),
    "POST /publications/{publication}/withdraw": _about(P.WITHDRAW, "publication=publication_{}_sent", **WHY),
    "POST /publications/{publication}/correct": _about(
        P.WITHDRAW, "publication=publication_{}_sent", answers=201, **WHY
    ),
    "POST /publications/{publication}/settle": _about(
        P.SETTLE_UNCERTAIN, "publication=publication_{}_uncertain", sent=False, then="withdraw", **WHY
    ),
    "GET /pauses": _about(P.READ_CASES),
    "POST /pauses": _about(P.PAUSE, answers=201, scope="account:{}-x", **WHY),
    "GET /pauses/{pause}/held": _about(P.READ_CASES, "pause=pause_{}_one"),
    "POST /pauses/{pause}/lift": _about(P.PAUSE, "pause=pause_{}_one", seen=[]),
    "GET /incidents": _about(P.READ_INCIDENTS),
    "POST /incidents": _about(P.MANAGE_INCIDENTS, answers=201, brand="{}", title="x", match={"words": ["checkout"]}),
    "GET /incidents/{incident}": _about(P.READ_INCIDENTS, STORM),
    "POST /incidents/{incident}/widen": _about(P.MANAGE_INCIDENTS, STORM, version=1, words=["basket"]),
    "GET /incidents/{incident}/cases": _about(P.READ_INCIDENTS, STORM),
    "POST /incidents/{incident}/confirm": _about(P.MANAGE_INCIDENTS, STORM, seen=["listing_{}_listed"]),
    "POST /incidents/{incident}/release": _about(P.MANAGE_INCIDENTS, STORM, seen=["listing_{}_listed"], **WHY),
    "POST /incidents/{incident}/texts": _about(
        P.MANAGE_INCIDENTS, STORM, answers=201, language="en", text="Thanks, we look into it."
    ),
    "POST /incidents/{incident}/texts/{text}/approve": _of_storm("answer", 200, "digest", confirmed=True),
    "POST /incidents/{incident}/answer": _of_storm("answer", 202, "texts", version=1),
    "GET /incidents/{incident}/promised": _about(P.READ_INCIDENTS, STORM),
    "POST /incidents/{incident}/tell-promised": _of_storm("closing", 202, "texts", seen=["promise_{}_storm"]),
    "POST /incidents/{incident}/close": _about(
        P.MANAGE_INCIDENTS, STORM, version=1, outcome="mended", release_rest=True
    ),
    "GET /questions": _about(P.READ_QUESTIONS),
    "POST /questions": _about(P.MANAGE_QUESTIONS, answers=201, id="new-{}", **_QUESTION),
    "GET /questions/{question}": _about(P.READ_QUESTIONS, "question={}-offered"),
    "PUT /questions/{question}": _about(P.MANAGE_QUESTIONS, "question={}-offered", version=1, **_QUESTION),
    "POST /questions/{question}/retire": _about(P.MANAGE_QUESTIONS, "question={}-offered", version=1, **WHY),
    "GET /destinations": _about(P.READ_POLICIES),
    "POST /destinations": _about(P.MANAGE_POLICIES, answers=201, id="new-{}", **_PLACE),
    "GET /destinations/{destination}": _about(P.READ_POLICIES, "destination={}-place"),
    "PUT /destinations/{destination}": _about(P.MANAGE_POLICIES, "destination={}-place", version=1, **_PLACE),
    "POST /destinations/{destination}/retire": _about(P.MANAGE_POLICIES, "destination={}-place", version=1, **WHY),
    "GET /conversations": _about(P.USE_PANEL, query="mine=false"),
    "POST /conversations": _about(P.USE_PANEL, answers=201, customer="C-{}", channel="phone"),
    "GET /conversations/{conversation}": _about(P.USE_PANEL, SESSION),
    "POST /conversations/{conversation}/confirm": _about(P.USE_PANEL, SESSION, how="the postcode"),
    "POST /conversations/{conversation}/close": _about(P.USE_PANEL, SESSION),
    "POST /conversations/{conversation}/turns": _about(P.USE_PANEL, SESSION, kind="question", text="Who is it?"),
    "GET /conversations/{conversation}/turns/{turn}/stream": _about(P.USE_PANEL, f"{SESSION} turn=turn_{{0}}_checked"),
    "POST /conversations/{conversation}/turns/{turn}/cancel": _about(P.USE_PANEL, f"{SESSION} turn=turn_{{0}}_running"),
    "POST /conversations/{conversation}/suggestions/{suggestion}": _about(
        P.USE_PANEL, f"{SESSION} suggestion=suggestion_{{0}}_reply", state="copied"
    ),
    "GET /conversations/{conversation}/question": _about(P.USE_PANEL, OFFERED),
    "POST /conversations/{conversation}/question": _about(P.USE_PANEL, OFFERED, solved=False),
    "POST /conversations/{conversation}/question/asked": _about(P.USE_PANEL, OFFERED, text=None),
    "POST /conversations/{conversation}/question/skipped": _about(P.USE_PANEL, OFFERED, reason="no_time"),
    "POST /conversations/{conversation}/question/answered": _about(
        P.USE_PANEL, "conversation=conversation_{}_asked", value="weekends", confirmed=True
    ),
    "POST /conversations/{conversation}/question/refused": _about(P.USE_PANEL, "conversation=conversation_{}_asked"),
    "GET /customers/{customer}/facts": _about(P.USE_PANEL, "customer=C-{}-calm"),
    "PUT /customers/{customer}/facts/{fact}": _about(
        P.USE_PANEL, "customer=C-{}-calm fact=size", conversation="conversation_{}_asked", value="42", **WHY
    ),
    "DELETE /customers/{customer}/facts/{fact}": _about(P.USE_PANEL, "customer=C-{}-calm fact=size", answers=204),
    "GET /transcripts": _about(P.READ_TRANSCRIPTS, query="q=tent"),
    "GET /transcripts/export": _about(P.READ_TRANSCRIPTS, query="format=csv"),
    "GET /transcripts/{of}": _about(P.READ_CASES, "of=case_{}_pending"),
    "GET /transcripts/{of}/entries/{entry}": _about(P.READ_CASES, ENTRY),
    "GET /transcripts/{of}/entries/{entry}/requests/{number}": _about(
        P.READ_TRANSCRIPTS, "of=case_{0}_pending entry=draft_{0}_pending number=1"
    ),
    "GET /transcripts/{of}/comments": _about(P.READ_CASES, "of=case_{}_pending"),
    "POST /transcripts/{of}/entries/{entry}/comments": _about(
        P.READ_TRANSCRIPTS, ENTRY, answers=201, text="well done", coach=True
    ),
    "GET /coaching": _about(P.READ_CASES),
    "POST /coaching/{comment}/seen": _about(P.READ_CASES, "comment=comment_{}_coaching"),
    "POST /coaching/{comment}/answer": _about(P.READ_CASES, "comment=comment_{}_coaching", text="thank you"),
    "GET /scorecards/forms": _about(P.READ_TRANSCRIPTS),
    "GET /scorecards/picked": _about(P.READ_TRANSCRIPTS, query="day=2026-11-20"),
    "GET /scorecards": _about(P.READ_CASES),
    "POST /scorecards": _about(
        P.SCORE_TRANSCRIPTS, answers=201, transcript="case_{}_pending", person="staff_{}_rep", form="reply"
    ),
    "GET /scorecards/{scorecard}": _about(P.READ_CASES, "scorecard=scorecard_{}_scored"),
    "POST /scorecards/{scorecard}/score": _about(
        P.SCORE_TRANSCRIPTS, "scorecard=scorecard_{}_assigned", version=1, points={"answers": 1}
    ),
    "POST /scorecards/{scorecard}/dispute": _about(P.READ_CASES, "scorecard=scorecard_{}_scored", words="it does"),
    "POST /scorecards/{scorecard}/settle": _about(
        P.SCORE_TRANSCRIPTS, "scorecard=scorecard_{}_disputed", version=1, words="it does"
    ),
    "GET /policies": _about(P.READ_POLICIES),
    "POST /policies": _about(P.MANAGE_POLICIES, answers=201, file=_FILE, why="because"),
    "POST /policies/check": _about(P.MANAGE_POLICIES, file=_FILE),
    "POST /policies/search": _about(P.READ_POLICIES, question="may a tent come back", brand="{}"),
    "GET /policies/{document}": _about(P.READ_POLICIES, _DOCUMENT),
    "GET /policies/{document}/versions/{number}": _about(P.READ_POLICIES, f"{_DOCUMENT} number=1"),
    "GET /policies/{document}/difference": _about(P.READ_POLICIES, _DOCUMENT, "before=1&after=1"),
    "GET /policies/{document}/resting": _about(P.READ_POLICIES, _DOCUMENT, "changed=false"),
    "POST /policies/{document}/replace": _about(
        P.MANAGE_POLICIES, _DOCUMENT, version=1, file={"name": "x.md", "text": "Not at all."}, why="because"
    ),
    "POST /policies/{document}/restore": _about(P.MANAGE_POLICIES, _DOCUMENT, version=1, earlier=1, why="because"),
    "POST /policies/{document}/retire": _about(P.MANAGE_POLICIES, _DOCUMENT, version=1, why="because"),
    "GET /missing-policies": _about(P.READ_POLICIES),
    "POST /missing-policies/sketch": _about(P.MANAGE_POLICIES, answers=201, questions=["missing_{}_one"], **_SKETCH),
    "GET /events": _about(P.READ_CASES, query="after=0&follow=false"),
    "GET /audit": _about(P.READ_AUDIT),
    "GET /privacy/erasures": _about(P.ERASE_CUSTOMERS),
    "POST /privacy/exports": _about(P.EXPORT_CUSTOMERS, customer="C-{}-leaver"),
    "POST /privacy/erasures/preview": _about(P.ERASE_CUSTOMERS, customer="C-{}-leaver"),
    "POST /privacy/erasures": _about(P.ERASE_CUSTOMERS, answers=201, customer="C-{}-leaver", **WHY),
    "GET /jobs/dead": _about(P.MANAGE_JOBS),
    "POST /jobs/dead/retry": _about(P.MANAGE_JOBS, kind="send"),
    "GET /jobs/{job}": _about(P.MANAGE_JOBS, "job=job_{}_one"),
    "POST /jobs/{job}/retry": _about(P.MANAGE_JOBS, "job=job_{}_one"),
}
_BESIDE_IT: dict[str, Route] = {
    "GET /healthz": _about(Open.TO_EVERYBODY),
    "GET /readyz": _about(Open.TO_EVERYBODY),
    "GET /": _about(Open.TO_EVERYBODY),
    "GET /sign-in": _about(Open.TO_EVERYBODY),
    "GET /metrics": _about(Open.TO_A_SECRET),
    "POST /local/passages/search": _about(Open.TO_A_SECRET),
    "POST /local/passages/answering": _about(Open.TO_A_SECRET),
    "POST /local/passages/whole": _about(Open.TO_A_SECRET),
    "POST /local/index/search": _about(Open.TO_A_SECRET),
    "POST /local/index/update": _about(Open.TO_A_SECRET),
}
ROUTES: dict[str, Route] = _BESIDE_IT | {
    name.replace(" ", f" {PREFIX}", 1): route for name, route in _IN_THE_API.items()
}
WITHIN: dict[str, Route] = {
    f"POST {PREFIX}/tokens (a machine's)": _about(P.MANAGE_STAFF, answers=201, **_MACHINE),
    f"POST {PREFIX}/drafts/{{draft}}/approve (second)": _decides(P.APPROVE_SECOND, "second"),
    f"POST {PREFIX}/drafts/{{draft}}/approve (blocked)": _decides(
        P.OVERRIDE_BLOCK, "blocked", confirmed=True, override="she asked for it"
    ),
    "GET /metrics (from elsewhere)": _about(P.READ_METRICS),
}
"""Requests that need more than their route does."""
NEEDING = WITHIN | {name: route for name, route in ROUTES.items() if isinstance(route.needs, P)}
SIGNED_IN = {name: route for name, route in ROUTES.items() if route.needs is Open.TO_WHO_IS_SIGNED_IN}


def address(name: str, request: Request) -> tuple[str, str]:
    """The method and the address of a request of this route."""
    method, path, *_ = name.split(" ")
    return method, path.format_map(request.ids) + (f"?{request.query}" if request.query else "")


CROSSINGS: dict[str, Route] = {
    f"GET {PREFIX}/drafts (brand)": _about(P.READ_CASES, query="brand={}"),
    f"GET {PREFIX}/drafts (account)": _about(P.READ_CASES, query="account={}-x"),
    f"GET {PREFIX}/drafts (assigned to)": _about(P.READ_CASES, query="assigned_to=staff_{}_rep"),
    f"GET {PREFIX}/colleagues (brand)": _about(P.WORK_ON_DRAFTS, query="brand={}"),
    f"GET {PREFIX}/actions (customer)": _about(P.READ_ACTIONS, query="customer=C-{}"),
    f"GET {PREFIX}/actions (case)": _about(P.READ_ACTIONS, query="case=case_{}_sent"),
    f"POST {PREFIX}/actions (case)": _about(P.PROPOSE_ACTIONS, customer="C-tarnlight", case="case_{}_sent", **_CREDIT),
    f"GET {PREFIX}/conversations (customer)": _about(P.USE_PANEL, query="mine=false&customer=C-{}"),
    f"POST {PREFIX}/conversations (case)": _about(
        P.USE_PANEL, customer="C-tarnlight", case="case_{}_pending", channel="phone"
    ),
    f"GET {PREFIX}/promises (customer)": _about(P.READ_PROMISES, query="customer=C-{}"),
    f"GET {PREFIX}/promises (case)": _about(P.READ_PROMISES, query="case=case_{}_sent"),
    f"POST {PREFIX}/promises/promise_tarnlight_open/keep": _about(P.SETTLE_PROMISES, publication="publication_{}_sent"),
    f"GET {PREFIX}/transcripts (brand)": _about(P.READ_TRANSCRIPTS, query="brand={}"),
    f"GET {PREFIX}/transcripts (customer)": _about(P.READ_TRANSCRIPTS, query="customer=C-{}"),
    f"GET {PREFIX}/scorecards (transcript)": _about(P.READ_CASES, query="transcript=case_{}_sent"),
    f"GET {PREFIX}/policies (brand)": _about(P.READ_POLICIES, query="brand={}"),
    f"GET {PREFIX}/missing-policies (brand)": _about(P.READ_POLICIES, query="brand={}"),
    f"GET {PREFIX}/publications (draft)": _about(P.READ_CASES, query="draft=draft_{}_sent"),
    f"GET {PREFIX}/publications (case)": _about(P.READ_CASES, query="case=case_{}_sent"),
    f"GET {PREFIX}/links (customer)": _about(P.LINK_CUSTOMERS, query="customer=C-{}"),
    f"POST {PREFIX}/links (customer)": _about(
        P.LINK_CUSTOMERS, **{**_LINK, "brand": "tarnlight", "handle": "somebody"}, **WHY
    ),
    f"POST {PREFIX}/pauses (brand)": _about(P.PAUSE, scope="all", brand="{}", **WHY),
    f"POST {PREFIX}/cases/case_tarnlight_pending/assign": _about(P.WORK_ON_DRAFTS, staff="staff_{}_rep"),
    f"PATCH {PREFIX}/staff/staff_tarnlight_colleague": _about(P.MANAGE_STAFF, brands=["tarnlight", "{}"]),
    f"POST {PREFIX}/publications/publication_tarnlight_uncertain/settle": _about(
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
    "draft.approved": P.READ_CASES,
    "fact.learned": P.USE_PANEL,
    "incident.opened": P.READ_INCIDENTS,
    "job.died": P.MANAGE_JOBS,
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
}
"""What happened, and what somebody may who is told of it. A new family of events has to be written down here."""
