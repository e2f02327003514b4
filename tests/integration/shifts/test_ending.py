"""Whoever goes lets go of what they hold, with a word to whoever goes on; what was promised is seen to by somebody."""

from datetime import timedelta

from server.db import writing
from server.models import CaseRow, DraftRow, NoteRow, PromiseRow, PublicationRow
from server.staff.roles import Role
from tests.fakes.cases import BRAND, CaseWorld, person
from tests.integration.drafts.http import Desk

RETURNS = "Can I return unused goods after 50 days?"
REP, OTHER = person("rep", Role.REP), person("rep-2", Role.REP)


async def drafted(world: CaseWorld, author: str) -> DraftRow:
    return await world.drafted(RETURNS, author, thread=f"t-{author}")


async def notes(world: CaseWorld, case: str) -> list[str]:
    return [row.text for row in await world.rows(NoteRow, case=case)]


async def promised(world: CaseWorld, draft: DraftRow, name: str) -> str:
    async with writing(world.engine) as session:
        session.add(
            PromiseRow(
                id=f"promise_{name}",
                brand=BRAND,
                case=draft.case,
                draft=draft.id,
                author=name,
                what="a refund",
                made_at=world.now,
                due=world.now + timedelta(days=1),
            )
        )
    return f"promise_{name}"


async def test_what_is_held_is_listed_and_let_go_of_with_a_note(world: CaseWorld, desk: Desk):
    claimed, mine, theirs = [await drafted(world, author) for author in ("ann", "bob", "cat")]
    await desk.post(REP, f"/cases/{claimed.case}/claim", {})
    await desk.post(REP, f"/cases/{mine.case}/assign", {"staff": REP.id})
    await desk.post(REP, f"/cases/{theirs.case}/assign", {"staff": OTHER.id})
    shift = (await desk.get(REP, "/shift")).json()
    assert {(one["id"], one["claimed"], one["assigned"]) for one in shift["cases"]} == {
        (claimed.case, True, False),
        (mine.case, False, True),
    }
    assert [one["post"]["text"] for one in shift["cases"]] == [RETURNS] * 2
    # a colleague takes one over meanwhile
    await desk.post(OTHER, f"/cases/{claimed.case}/claim", {"reason": "she rang me"})
    body = {
        "note": "back on Monday",
        "cases": [{"case": claimed.case}, {"case": mine.case, "note": "waits for the courier"}, {"case": theirs.case}],
    }
    ended = (await desk.post(REP, "/shift/end", body)).json()
    assert ended["done"] == [mine.case]
    assert {one["id"]: one["code"] for one in ended["left"]} == {claimed.case: "not_held", theirs.case: "not_held"}
    assert await notes(world, mine.case) == ["Released by Rep at the end of the shift: waits for the courier"]
    assert await notes(world, claimed.case) == []
    cases = {row.id: row for row in await world.rows(CaseRow)}
    assert cases[mine.case].assigned_to is None
    assert cases[claimed.case].claimed_by == cases[theirs.case].assigned_to == OTHER.id
    assert {one["id"] for one in (await desk.get(REP, "/drafts", assigned_to="nobody")).json()["items"]} >= {mine.id}
    assert (await desk.get(REP, "/shift")).json()["cases"] == []


async def test_promises_are_handed_on_to_a_colleague_or_a_team(world: CaseWorld, desk: Desk):
    one, two, three = [await drafted(world, author) for author in ("ann", "bob", "cat")]
    for draft in (one, two, three):
        await desk.post(REP, f"/cases/{draft.case}/assign", {"staff": REP.id})
    names = [await promised(world, draft, author) for draft, author in ((one, "ann"), (two, "bob"), (three, "cat"))]
    listed = (await desk.get(REP, "/shift")).json()["promises"]
    assert [(row["id"], row["what"]) for row in listed] == [(name, "a refund") for name in names]
    await desk.post(OTHER, f"/cases/{three.case}/assign", {"staff": OTHER.id})
    body = {
        "note": "see the thread",
        "cases": [{"case": one.case}, {"case": two.case}],
        "promises": [
            {"promise": names[0], "staff": OTHER.id},
            {"promise": names[1], "team": "payments"},
            {"promise": names[2], "team": "payments"},
        ],
    }
    ended = (await desk.post(REP, "/shift/end", body)).json()
    assert set(ended["done"]) == {*names[:2], one.case, two.case}
    assert [(row["id"], row["code"]) for row in ended["left"]] == [(names[2], "not_held")]
    cases = {row.id: row for row in await world.rows(CaseRow)}
    assert (cases[one.case].assigned_to, cases[two.case].team, cases[two.case].assigned_to) == (
        OTHER.id,
        "payments",
        None,
    )
    [note, *_] = await notes(world, one.case)
    assert note.startswith("Handed on by Rep at the end of the shift: “a refund”, due ")
    assert note.endswith(": see the thread")
    assert [row["id"] for row in (await desk.get(OTHER, "/shift")).json()["promises"]] == [names[0], names[2]]
    assert (await desk.get(REP, "/shift")).json()["promises"] == []
    assert {row.state for row in await world.rows(PromiseRow)} == {"open"}


async def test_what_they_approved_is_listed_until_it_is_sent_or_is_somebodys(world: CaseWorld, desk: Desk):
    draft = await drafted(world, "ann")
    at = (world.now + timedelta(hours=8)).isoformat()
    answer = await desk.decide(REP, draft.id, "approve", confirmed=True, send_at=at)
    assert answer.status_code == 200, answer.text
    name = await promised(world, draft, "ann")
    shift = (await desk.get(REP, "/shift")).json()
    assert [row["draft"] for row in shift["scheduled"]] == [draft.id]
    assert [row["id"] for row in shift["promises"]] == [name]
    other = (await desk.get(OTHER, "/shift")).json()
    assert (other["cases"], other["scheduled"], other["promises"]) == ([], [], [])
    body = {"promises": [{"promise": name, "staff": OTHER.id}]}
    assert (await desk.post(REP, "/shift/end", body)).json()["done"] == [name]
    assert (await desk.get(REP, "/shift")).json()["promises"] == []
    assert {row.state for row in await world.rows(PublicationRow)} <= {"held", "queued"}, "what is scheduled is sent"
    assert (await desk.post(REP, "/shift/end", {"promises": [{"promise": name}]})).status_code == 422


async def test_what_is_a_colleagues_is_not_handed_on_nor_to_who_could_not_settle_it(world: CaseWorld, desk: Desk):
    mine, theirs = [await drafted(world, author) for author in ("ann", "bob")]
    await desk.post(REP, f"/cases/{mine.case}/assign", {"staff": REP.id})
    names = [await promised(world, draft, author) for draft, author in ((mine, "ann"), (theirs, "bob"))]
    handed = {names[0]: "staff_drafts-only", names[1]: REP.id}
    body = {"promises": [{"promise": name, "staff": staff} for name, staff in handed.items()]}
    ended = (await desk.post(REP, "/shift/end", body)).json()
    assert (ended["done"], [one["code"] for one in ended["left"]]) == ([], ["cannot_settle", "not_held"])
    assert {row.assigned_to for row in await world.rows(CaseRow)} == {REP.id, None}
    assert await notes(world, theirs.case) == []


async def test_two_promises_of_one_case_go_to_one_colleague(world: CaseWorld, desk: Desk):
    draft = await drafted(world, "ann")
    await desk.post(REP, f"/cases/{draft.case}/assign", {"staff": REP.id})
    names = [await promised(world, draft, name) for name in ("refund", "call")]
    body = {"promises": [{"promise": name, "staff": OTHER.id} for name in names]}
    ended = (await desk.post(REP, "/shift/end", body)).json()
    assert (ended["done"], ended["left"]) == (names, [])
    assert len(await notes(world, draft.case)) == 2
    assert [row["id"] for row in (await desk.get(OTHER, "/shift")).json()["promises"]] == sorted(names)
