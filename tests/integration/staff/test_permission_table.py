"""Generated from the table: each role, and each token, may do what stands there and nothing else."""

from typing import Annotated

import pytest
from fastapi import Depends

from server.staff.roles import ONLY_PEOPLE, PERMISSIONS, Caller, Permission, Role, roles_with
from server.web.dependencies import allowed
from tests.integration.staff.conftest import API, ON_SQLITE, Browser, Site

pytestmark = ON_SQLITE


@pytest.fixture
def guarded(site: Site) -> Site:
    """The application with an endpoint for each permission that says only that it was reached."""
    for permission in Permission:

        def reached(caller: Annotated[Caller, Depends(allowed(permission))]) -> str:
            return caller.id

        site.app.add_api_route(f"{API}/needs/{permission}", reached, methods=["GET", "POST"])
    return site


async def _reached(browser: Browser) -> frozenset[Permission]:
    found = set()
    for permission in Permission:
        for method in ("GET", "POST"):
            answer = await browser.ask(method, f"/needs/{permission}")
            assert answer.status_code in (200, 403)
            if answer.status_code == 200:
                found.add(permission)
            else:
                who = roles_with(permission)
                assert all(role in answer.json()["detail"] for role in who)
    return frozenset(found)


@pytest.mark.parametrize("role", Role)
async def test_a_signed_in_person_reaches_what_their_role_may(guarded: Site, role: Role):
    assert await _reached(await guarded.as_role(role)) == PERMISSIONS[role]


@pytest.mark.parametrize("role", Role)
async def test_a_token_reaches_what_its_scopes_and_its_persons_role_may(guarded: Site, role: Role):
    browser = await guarded.as_role(role)
    scopes = sorted(PERMISSIONS[role])[::2]
    made = (await browser.post("/tokens", {"name": "half", "scopes": scopes})).json()
    assert await _reached(await guarded.by_token(made["secret"])) == set(scopes)


async def test_a_machine_reaches_its_scopes(guarded: Site):
    scopes = sorted(set(Permission) - ONLY_PEOPLE)
    body = {"kind": "machine", "name": "all it can", "scopes": scopes, "brands": ["fernhollow"]}
    made = (await (await guarded.as_role(Role.ADMIN)).post("/tokens", body)).json()
    assert await _reached(await guarded.by_token(made["secret"])) == set(scopes)
