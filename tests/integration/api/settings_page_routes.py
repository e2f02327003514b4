"""The pages of the settings."""

from server.staff.roles import Permission as P
from tests.integration.api.route import Route, about

SETTINGS: dict[str, Route] = {
    "GET /settings": about(P.READ_CASES, answers=303),
    "GET /settings/first-steps": about(P.MANAGE_STAFF),
    "GET /settings/you": about(P.READ_CASES),
    "GET /settings/people": about(P.MANAGE_STAFF),
    "GET /settings/people/{staff}": about(P.MANAGE_STAFF, "staff=staff_{}_colleague"),
    "GET /settings/channels": about(P.READ_ACCOUNTS),
    "GET /settings/channels/{account}": about(P.READ_ACCOUNTS, "account={}-spare"),
    "GET /settings/limits": about(P.READ_POLICIES, answers=303),
    "GET /settings/limits/{brand}": about(P.READ_POLICIES, "brand={}"),
    "GET /settings/voice": about(P.READ_POLICIES, answers=303),
    "GET /settings/voice/{brand}": about(P.READ_POLICIES, "brand={}"),
    "GET /settings/model": about(P.TEST_MODEL),
    "GET /settings/operating": about(P.READ_METRICS),
    "GET /settings/operating/doctor": about(P.READ_METRICS),
}
