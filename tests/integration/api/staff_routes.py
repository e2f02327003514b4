"""Signing in, people and their tokens."""

from server.staff.roles import Permission as P
from tests.integration.api.route import Open, Route, about

_TERMS = {"name": "x", "role": "rep", "brands": ["{}"], "email": "new@{}.example"}

ROUTES: dict[str, Route] = {
    "POST /sign-in": about(Open.TO_A_SECRET),
    "POST /sign-in/link": about(Open.TO_A_SECRET),
    "GET /me": about(Open.TO_WHO_IS_SIGNED_IN),
    "PATCH /me": about(Open.TO_WHO_IS_SIGNED_IN, initials="NN"),
    "POST /me/password": about(Open.TO_WHO_IS_SIGNED_IN, answers=204, new="four words nobody guesses"),
    "POST /sign-out": about(Open.TO_WHO_IS_SIGNED_IN, answers=204),
    "GET /tokens": about(Open.TO_WHO_IS_SIGNED_IN),
    "POST /tokens": about(Open.TO_WHO_IS_SIGNED_IN, answers=201, name="mine"),
    "DELETE /tokens/{token}": about(Open.TO_WHO_IS_SIGNED_IN, "token=token_{}_spare", answers=204),
    "GET /staff": about(P.MANAGE_STAFF),
    "POST /staff": about(P.MANAGE_STAFF, answers=201, **_TERMS),
    "GET /staff/{staff}": about(P.MANAGE_STAFF, "staff=staff_{}_colleague"),
    "PATCH /staff/{staff}": about(P.MANAGE_STAFF, "staff=staff_{}_colleague", role="social"),
    "POST /staff/{staff}/disable": about(P.MANAGE_STAFF, "staff=staff_{}_colleague"),
    "POST /staff/{staff}/enable": about(P.MANAGE_STAFF, "staff=staff_{}_leaver"),
    "POST /staff/{staff}/sign-in-link": about(P.MANAGE_STAFF, "staff=staff_{}_colleague", answers=201),
    "GET /colleagues": about(P.WORK_ON_DRAFTS),
}
