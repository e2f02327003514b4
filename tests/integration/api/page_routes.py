"""The pages, and what they load: not in the API's description, and asked for by people."""

from server.staff.roles import Permission as P
from tests.integration.api.route import CASE, Open, Route, about

PAGES: dict[str, Route] = {
    "GET /": about(Open.TO_EVERYBODY),
    "GET /sign-in": about(Open.TO_EVERYBODY),
    "GET /assets/{of}/{name}": about(Open.TO_EVERYBODY, "of=any name=site.css"),
    "GET /inbox": about(P.READ_CASES),
    "GET /inbox/queue": about(P.READ_CASES),
    "GET /inbox/drafts/{draft}": about(P.READ_CASES, "draft=draft_{}_pending"),
    "GET /inbox/drafts/{draft}/case": about(P.READ_CASES, "draft=draft_{}_pending"),
    "GET /inbox/drafts/{draft}/customer": about(P.READ_CASES, "draft=draft_{}_pending"),
    "GET /inbox/cases/{case}/case": about(P.READ_CASES, CASE),
    "GET /inbox/cases/{case}": about(P.READ_CASES, CASE, answers=303),
}
