"""Incidents."""

from typing import Any

from server.staff.roles import Permission as P
from tests.integration.api.records import storm_digest
from tests.integration.api.route import WHY, Request, Route, about, filled

STORM = "incident=storm_{}_open"


def _of_storm(purpose: str, answers: int, named: str, **body: Any) -> Route:
    """A request about what is said for the incident: it names the text's digest, alone or by its language."""

    def request(brand: str) -> Request:
        digest = storm_digest(brand, purpose)
        names = {"incident": f"storm_{brand}_open"} | ({"text": f"text_{brand}_{purpose}"} if named == "digest" else {})
        return Request(names, body={named: digest if named == "digest" else {"en": digest}, **filled(body, brand)})

    return Route(P.MANAGE_INCIDENTS, answers, request)


ROUTES: dict[str, Route] = {
    "GET /incidents": about(P.READ_INCIDENTS),
    "POST /incidents": about(P.MANAGE_INCIDENTS, answers=201, brand="{}", title="x", match={"words": ["checkout"]}),
    "GET /incidents/{incident}": about(P.READ_INCIDENTS, STORM),
    "POST /incidents/{incident}/widen": about(P.MANAGE_INCIDENTS, STORM, version=1, words=["basket"]),
    "GET /incidents/{incident}/cases": about(P.READ_INCIDENTS, STORM),
    "POST /incidents/{incident}/confirm": about(P.MANAGE_INCIDENTS, STORM, seen=["listing_{}_listed"]),
    "POST /incidents/{incident}/release": about(P.MANAGE_INCIDENTS, STORM, seen=["listing_{}_listed"], **WHY),
    "POST /incidents/{incident}/texts": about(
        P.MANAGE_INCIDENTS, STORM, answers=201, language="en", text="Thanks, we look into it."
    ),
    "POST /incidents/{incident}/texts/{text}/approve": _of_storm("answer", 200, "digest", confirmed=True),
    "POST /incidents/{incident}/answer": _of_storm("answer", 202, "texts", version=1),
    "GET /incidents/{incident}/promised": about(P.READ_INCIDENTS, STORM),
    "POST /incidents/{incident}/tell-promised": _of_storm("closing", 202, "texts", seen=["promise_{}_storm"]),
    "POST /incidents/{incident}/close": about(
        P.MANAGE_INCIDENTS, STORM, version=1, outcome="mended", release_rest=True
    ),
}
