"""Which texts a decision names over HTTP: left out as it stands, null none, and an approval binds to what was shown."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from server.models import PublicationRow
from server.staff.roles import Role
from tests.fakes.cases import CaseWorld, person
from tests.integration.drafts.http import Desk, over_http

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

LATE = "Where is my order FH-10423? It is so late."
RETURNS = "Can I return unused goods after 50 days?"
SHORT = "Please see your messages."
REP = person("rep", Role.REP)
WRITER = person("drafts-only", Role.DRAFTS_ONLY)


@pytest.fixture
async def desk(world: CaseWorld) -> AsyncIterator[Desk]:
    async with over_http(world) as desk:
        yield desk


async def test_a_text_that_is_left_out_stays_and_null_takes_it_out(world: CaseWorld, desk: Desk):
    draft = await world.drafted(LATE)
    edited = (await desk.decide(WRITER, draft.id, "edit", public_text=SHORT)).json()
    assert (edited["public_text"], edited["private_text"]) == (SHORT, draft.private_text)
    edited = (await desk.decide(WRITER, draft.id, "edit", public_text=None)).json()
    assert (edited["public_text"], edited["private_text"]) == (None, draft.private_text)
    assert edited["digests"].keys() == {"private"}


@pytest.mark.parametrize("texts", [{}, {"public_text": None}, {"public_text": " ", "private_text": None}])
async def test_an_edit_that_changes_or_leaves_nothing_is_refused(world: CaseWorld, desk: Desk, texts: dict[str, Any]):
    draft = await world.drafted(RETURNS)
    assert (await desk.decide(WRITER, draft.id, "edit", **texts)).status_code == 422
    assert (await world.draft(draft.id)).version == draft.version


@pytest.mark.parametrize(
    ("texts", "sent"),
    [
        ({}, {"public", "private"}),
        ({"public_text": SHORT}, {"public", "private"}),
        ({"public_text": None}, {"private"}),
        ({"private_text": None, "public_text": SHORT}, {"public"}),
    ],
)
async def test_what_is_approved_is_what_was_seen_but_for_what_is_named(
    world: CaseWorld, desk: Desk, texts: dict[str, Any], sent: set[str]
):
    draft = await world.drafted(LATE)
    assert (await desk.decide(REP, draft.id, "approve", confirmed=True, **texts)).json()["state"] == "approved"
    rows = {row.part: row for row in await world.rows(PublicationRow, draft=draft.id)}
    assert rows.keys() == sent
    assert {row.digest for row in rows.values()} == {row.digest for row in await world.approvals(draft.id)}
    was = {"public": draft.public_text, "private": draft.private_text}
    assert all(row.text == texts.get(f"{part}_text", was[part]) for part, row in rows.items())


async def test_a_part_that_was_not_seen_as_it_stands_is_not_approved_with_the_other(world: CaseWorld, desk: Desk):
    draft = await world.drafted(LATE)
    seen = await world.seen(draft.id)
    digests = {**seen.digests, "private": "0" * 64}
    body = {"version": seen.version, "digests": digests, "confirmed": True, "public_text": SHORT}
    assert (await desk.post(REP, f"/drafts/{draft.id}/approve", body)).json()["code"] == "other_words"
    assert await world.rows(PublicationRow) == []


async def test_who_may_not_stop_sending_is_told_who_can(world: CaseWorld, desk: Desk):
    draft = await world.drafted(RETURNS)
    await desk.decide(REP, draft.id, "approve", confirmed=True)
    shown = (await desk.get(WRITER, f"/drafts/{draft.id}")).json()
    assert shown["no_moves"].startswith("this draft is approved and about to be sent; a rep,")
    for step, more in (("edit", {"public_text": SHORT}), ("redraft", {})):
        refused = await desk.decide(WRITER, draft.id, step, **more)
        assert (refused.status_code, refused.json()["details"]) == (403, {"permission": "publications:stop"})
        assert "a rep, a social-media colleague, a supervisor or an admin can stop it" in refused.json()["detail"]


async def test_a_refusal_names_what_people_can_do_in_their_words(world: CaseWorld, desk: Desk):
    draft = await world.drafted(RETURNS)
    await desk.decide(REP, draft.id, "approve", confirmed=True)
    refused = (await desk.decide(REP, draft.id, "hold", reason="later")).json()
    assert "a draft that is approved cannot be held; it can be edited, taken back or written anew" in refused["detail"]
    assert refused["details"]["moves"] == ["edit", "take-back", "redraft"]
