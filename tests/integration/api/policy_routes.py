"""Policies, what is missing of them, where customers are sent, and what they may be given."""

from server.staff.roles import Permission as P
from tests.integration.api.route import WHY, Route, about

_PLACE = {
    "kind": "repairs",
    "brand": "{}",
    "language": "en",
    "target": "https://www.{}.example/mending",
    "label": "Mending",
    "says": "We mend it there.",
    "channels": ["mastodon"],
}
_EACH = {"GBP": 1, "EUR": 1, "USD": 1}
_LIMITS = {
    "version": 0,
    "why": "because",
    "alone": [{"role": "admin", "unlimited": True}],
    "reach_above": 1,
    "actions": {
        "change_address": {"checked_above": _EACH},
        "refund": {"per_month": _EACH},
        "upgrade_shipping": {"per_month": _EACH},
        "credit": {"most": _EACH, "per_month": _EACH, "per_customer": {"times": 1}},
    },
}
_VOICES = {
    "version": 0,
    "why": "because",
    "voices": [{"language": language, "greeting": "Deskside."} for language in ("en", "de", "es", "fr")],
}
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
FILE = {"name": "new-{}.md", "text": POLICY}
DOCUMENT = "document=policy-{}"
_SKETCH = {"id": "sketch-{}", "title": "Snowshoes", "category": "orders", "owner": "us"}

ROUTES: dict[str, Route] = {
    "GET /destinations": about(P.READ_POLICIES),
    "POST /destinations": about(P.MANAGE_POLICIES, answers=201, id="new-{}", **_PLACE),
    "GET /destinations/{destination}": about(P.READ_POLICIES, "destination={}-place"),
    "PUT /destinations/{destination}": about(P.MANAGE_POLICIES, "destination={}-place", version=1, **_PLACE),
    "POST /destinations/{destination}/retire": about(P.MANAGE_POLICIES, "destination={}-place", version=1, **WHY),
    "GET /limits/{brand}": about(P.READ_POLICIES, "brand={}"),
    "PUT /limits/{brand}": about(P.MANAGE_LIMITS, "brand={}", **_LIMITS),
    "GET /voices/{brand}": about(P.READ_POLICIES, "brand={}"),
    "PUT /voices/{brand}": about(P.MANAGE_POLICIES, "brand={}", **_VOICES),
    "GET /policies": about(P.READ_POLICIES),
    "POST /policies": about(P.MANAGE_POLICIES, answers=201, file=FILE, why="because"),
    "POST /policies/check": about(P.MANAGE_POLICIES, file=FILE),
    "POST /policies/search": about(P.READ_POLICIES, question="may a tent come back", brand="{}"),
    "GET /policies/{document}": about(P.READ_POLICIES, DOCUMENT),
    "GET /policies/{document}/problems": about(P.READ_POLICIES, DOCUMENT),
    "GET /policies/{document}/versions/{number}": about(P.READ_POLICIES, f"{DOCUMENT} number=1"),
    "GET /policies/{document}/difference": about(P.READ_POLICIES, DOCUMENT, "before=1&after=1"),
    "GET /policies/{document}/resting": about(P.READ_POLICIES, DOCUMENT, "changed=false"),
    "GET /policies/{document}/resting/turns": about(P.READ_POLICIES, DOCUMENT, "changed=false"),
    "POST /policies/{document}/replace": about(
        P.MANAGE_POLICIES, DOCUMENT, version=1, file={"name": "x.md", "text": "Not at all."}, why="because"
    ),
    "POST /policies/{document}/restore": about(P.MANAGE_POLICIES, DOCUMENT, version=1, earlier=1, why="because"),
    "POST /policies/{document}/retire": about(P.MANAGE_POLICIES, DOCUMENT, version=1, why="because"),
    "GET /missing-policies": about(P.READ_POLICIES),
    "POST /missing-policies/sketch": about(P.MANAGE_POLICIES, answers=201, questions=["missing_{}_one"], **_SKETCH),
}
