"""Replies that teams keep ready."""

from server.staff.roles import Permission as P
from tests.integration.api.route import WHY, Route, about

_FIELDS = {"brand": "{}", "team": "orders", "title": "Thanks", "texts": {"en": {"public": "Thank you."}}}
_ID = "saved_reply={}-reply"

ROUTES: dict[str, Route] = {
    "GET /saved-replies": about(P.READ_SAVED_REPLIES, query="brand={}"),
    "POST /saved-replies": about(P.MANAGE_SAVED_REPLIES, answers=201, id="{}-new", **_FIELDS),
    "GET /saved-replies/{saved_reply}": about(P.READ_SAVED_REPLIES, _ID),
    "GET /saved-replies/{saved_reply}/versions": about(P.READ_SAVED_REPLIES, _ID),
    "PUT /saved-replies/{saved_reply}": about(P.MANAGE_SAVED_REPLIES, _ID, version=1, why="because", **_FIELDS),
    "POST /saved-replies/{saved_reply}/retire": about(P.MANAGE_SAVED_REPLIES, _ID, version=1, **WHY),
    "POST /saved-replies/{saved_reply}/fill": about(P.READ_SAVED_REPLIES, _ID, draft="draft_{}_pending"),
    "GET /drafts/{draft}/saved-replies": about(P.READ_SAVED_REPLIES, "draft=draft_{}_pending"),
    "GET /conversations/{conversation}/saved-replies": about(P.USE_PANEL, "conversation=conversation_{}_open"),
}
