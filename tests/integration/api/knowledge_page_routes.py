"""The pages of knowledge."""

from server.staff.roles import Permission as P
from tests.integration.api.policy_routes import DOCUMENT, FILE
from tests.integration.api.route import Route, about

KNOWLEDGE: dict[str, Route] = {
    "GET /knowledge": about(P.READ_POLICIES, query="brand={}"),
    "GET /knowledge/policies/{document}": about(P.READ_POLICIES, DOCUMENT),
    "GET /knowledge/policies/{document}/versions/{number}": about(P.READ_POLICIES, f"{DOCUMENT} number=1"),
    "GET /knowledge/policies/{document}/difference": about(P.READ_POLICIES, DOCUMENT, "before=1&after=1"),
    "GET /knowledge/policies/{document}/problems": about(P.READ_POLICIES, DOCUMENT),
    "GET /knowledge/policies/{document}/resting": about(P.READ_POLICIES, DOCUMENT),
    "GET /knowledge/new": about(P.MANAGE_POLICIES),
    "GET /knowledge/policies/{document}/replace": about(P.MANAGE_POLICIES, DOCUMENT),
    "POST /knowledge/considered": about(P.MANAGE_POLICIES, file=FILE),
    "GET /knowledge/search": about(P.READ_POLICIES, query="question=tent&brand={}"),
    "GET /knowledge/missing": about(P.READ_POLICIES, query="brand={}"),
    "GET /knowledge/questions": about(P.READ_QUESTIONS),
    "GET /knowledge/questions/new": about(P.MANAGE_QUESTIONS),
    "GET /knowledge/questions/one/{question}": about(P.READ_QUESTIONS, "question={}-offered"),
    "GET /knowledge/replies": about(P.READ_SAVED_REPLIES, query="brand={}"),
    "GET /knowledge/replies/new": about(P.MANAGE_SAVED_REPLIES),
    "GET /knowledge/replies/one/{saved_reply}": about(P.READ_SAVED_REPLIES, "saved_reply={}-reply"),
    "GET /inbox/drafts/{draft}/saved-replies": about(P.READ_SAVED_REPLIES, "draft=draft_{}_pending"),
    "GET /knowledge/destinations": about(P.READ_POLICIES),
    "GET /knowledge/destinations/new": about(P.MANAGE_POLICIES),
    "GET /knowledge/destinations/one/{destination}": about(P.READ_POLICIES, "destination={}-place"),
}
