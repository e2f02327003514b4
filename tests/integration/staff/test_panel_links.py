"""The panel in a helpdesk's frame: who is let in by which link, where, for how long, and to what."""

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from server.db import reading
from server.models import EventRow, TokenRow
from server.settings import Settings
from server.staff.panel_links import panel_hosts
from server.staff.person import Person
from server.staff.roles import Role
from tests.integration.staff.conftest import ON_SQLITE, Browser, Clock, Site

HELP, OTHER = "https://help.example", "https://other.example"


@pytest.fixture
async def helpdesk(site: Site) -> Browser:
    """The backend of a helpdesk that shows the panel, by a machine's token for Fernhollow."""
    service = site.app.state.service
    settings = service.settings.model_copy(update={"panel_hosts": f"{HELP}, {OTHER}/"})
    site.app.state.service = replace(service, settings=settings)
    admin = await site.as_role(Role.ADMIN)
    terms = {"kind": "machine", "name": "helpdesk", "scopes": ["panel:link"], "brands": ["fernhollow"]}
    return await site.by_token((await admin.post("/tokens", terms)).json()["secret"])


async def _link(helpdesk: Browser, person: Person, **more: Any) -> str:
    answer = await helpdesk.post("/panel-links", {"host": HELP, "email": person.email, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()["link"]


async def _exchange(site: Site, link: str, host: str = HELP) -> Any:
    return await (await site.browser()).post("/panel-links/exchange", {"link": link.partition("#")[2], "host": host})


async def _panel(site: Site, link: str) -> Browser:
    answer = await _exchange(site, link)
    assert answer.status_code == 200, answer.text
    return await site.by_token(answer.json()["token"])


async def test_a_link_of_the_helpdesk_lets_its_person_use_the_panel_and_no_more(site: Site, helpdesk: Browser):
    person = await site.add(Role.SUPERVISOR)
    panel = await _panel(site, await _link(helpdesk, person))
    me = (await panel.get("/me")).json()
    assert (me["id"], me["brands"]) == (person.id, ["fernhollow"])
    assert me["permissions"] == ["panel:use", "policies:read", "saved-replies:read"]
    assert (await panel.get("/staff")).status_code == 403


async def test_it_counts_once(site: Site, helpdesk: Browser):
    link = await _link(helpdesk, await site.add())
    assert (await _exchange(site, link)).status_code == 200
    again = await _exchange(site, link)
    assert (again.status_code, again.json()["code"]) == (401, "panel_link_does_not_count")


async def test_it_counts_for_a_minute_and_what_it_gives_for_ten(site: Site, helpdesk: Browser, clock: Clock):
    person = await site.add()
    late = await _link(helpdesk, person)
    clock.pass_by(seconds=61)
    assert (await _exchange(site, late)).status_code == 401
    panel = await _panel(site, await _link(helpdesk, person))
    clock.pass_by(minutes=9)
    assert await panel.is_in()
    clock.pass_by(minutes=2)
    assert not await panel.is_in()


async def test_it_counts_in_the_frame_of_its_site_alone(site: Site, helpdesk: Browser):
    link = await _link(helpdesk, await site.add())
    assert link.startswith("http://127.0.0.1:8000/panel/embedded?host=https%3A%2F%2Fhelp.example#dsk_")
    assert (await _exchange(site, link, OTHER)).status_code == 401
    assert (await _exchange(site, link)).status_code == 200


async def test_only_sites_that_are_set_up_get_links_and_a_frame(site: Site, helpdesk: Browser):
    person = await site.add()
    refused = await helpdesk.post("/panel-links", {"host": "https://evil.example", "email": person.email})
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_host")
    browser = await site.browser()
    page = await browser.http.get("/panel/embedded", params={"host": HELP})
    assert page.headers["content-security-policy"].endswith(f"frame-ancestors {HELP}")
    assert (await browser.http.get("/panel/embedded", params={"host": "https://evil.example"})).status_code == 404
    here = await (await site.enter(person)).http.get("/panel")
    assert here.headers["content-security-policy"].endswith("frame-ancestors 'none'")


async def test_a_frame_tells_nothing_of_whoever_is_signed_in_to_that_browser(site: Site, helpdesk: Browser):
    browser = await site.enter(await site.add())
    page = await browser.http.get("/panel/embedded", params={"host": HELP})
    assert "Nan Rep" not in page.text


async def test_whose_link_it_is_decides_who_the_helpdesk_serves(site: Site, helpdesk: Browser):
    drafts_only = await site.add(Role.DRAFTS_ONLY)
    elsewhere = await site.add(brands=frozenset({"tarnlight"}))
    told = set()
    for email in (drafts_only.email, elsewhere.email, "nobody@fernhollow.example"):
        answer = await helpdesk.post("/panel-links", {"host": HELP, "email": email})
        told.add((answer.status_code, answer.json()["detail"]))
    assert len(told) == 1, "who there is, and what they may, is not told"
    assert next(iter(told))[0] == 404
    assert (await helpdesk.post("/panel-links", {"host": HELP})).json()["code"] == "nobody_named"


@ON_SQLITE
async def test_a_person_makes_links_for_themselves_alone(site: Site, helpdesk: Browser):
    person, colleague = await site.add(), await site.add()
    browser = await site.enter(person)
    link = (await browser.post("/panel-links", {"host": HELP, "brands": ["tarnlight"]})).json()["link"]
    me = (await (await _panel(site, link)).get("/me")).json()
    assert (me["id"], me["brands"]) == (person.id, ["tarnlight"])
    refused = await browser.post("/panel-links", {"host": HELP, "email": colleague.email})
    assert (refused.status_code, refused.json()["code"]) == (403, "only_for_oneself")


async def test_what_a_panel_acts_by_makes_no_links_and_no_tokens(site: Site, helpdesk: Browser):
    panel = await _panel(site, await _link(helpdesk, await site.add()))
    assert (await panel.post("/panel-links", {"host": HELP})).status_code == 403
    assert (await panel.post("/tokens", {"name": "mine"})).status_code == 403


async def test_who_is_disabled_is_out_of_the_panel_at_once(site: Site, helpdesk: Browser):
    person = await site.add()
    panel, unused = await _panel(site, await _link(helpdesk, person)), await _link(helpdesk, person)
    admin = await site.as_role(Role.ADMIN)
    assert (await admin.post(f"/staff/{person.id}/disable")).status_code == 200
    assert not await panel.is_in()
    assert (await _exchange(site, unused)).status_code == 401


async def test_who_made_a_link_for_whom_is_recorded_and_no_secret_is_kept(site: Site, helpdesk: Browser, clock: Clock):
    person = await site.add()
    link = await _link(helpdesk, person)
    await _panel(site, link)
    async with reading(site.engine) as session:
        rows = (await session.exec(select(TokenRow))).all()
        events = (await session.exec(select(EventRow).where(EventRow.kind == "staff.panel_link_made"))).all()
    assert [(event.subject, event.brand) for event in events] == [(person.id, "fernhollow")]
    assert link.rpartition("_")[2] not in repr([row.model_dump() for row in [*rows, *events]])
    clock.pass_by(minutes=11)
    await _panel(site, await _link(helpdesk, person))
    async with reading(site.engine) as session:
        kept = (await session.exec(select(TokenRow.kind).where(TokenRow.kind.in_(("panel", "panel_link"))))).all()
    assert sorted(kept) == ["panel", "panel_link"], "those that ran out are kept for nobody"


@pytest.mark.parametrize(
    "named",
    [
        "*",
        "help.example",
        "https://help.example/app",
        "https://a b",
        "https://help.example;script-src *",
        "ftp://x.example",
    ],
)
def test_what_is_no_origin_shows_nothing(named: str):
    assert panel_hosts(Settings(panel_hosts=f"{named}, {HELP}")) == {HELP}
