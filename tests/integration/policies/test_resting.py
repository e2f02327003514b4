"""What rests on a document is told by the sentence, and what could still be sent is looked at again."""

from datetime import timedelta
from hashlib import sha256
from json import dumps
from typing import Any

import pytest
from sqlmodel import select

from server.db import writing
from server.drafts.alarm import look_at_new
from server.drafts.drafting import draft_case
from server.drafts.falling import recheck
from server.drafts.states import DraftState
from server.jobs.claims import finish
from server.models import ConversationRow, DraftRow, PublicationRow, RestRow, SuggestionRow, TurnRow
from server.policies.due import look_again
from tests.fakes.cases import person
from tests.integration.policies.world import OURS_ONLY, RETURNS, PolicyWorld

ASKS = "@FernhollowHelp how many days do I have to send an unused tent back? what is your return policy"
SAYS = "You can send an unused tent back within 60 days of delivery."
HANDLERS = {"draft": draft_case, "draft_alarm": look_at_new, "recheck": recheck, "policy_due": look_again}
LONGER = RETURNS.replace("60 days", "90 days")


async def drafted(world: PolicyWorld, thread: str = "t1", author: str = "somebody.new") -> DraftRow:
    """A draft that cites the returns."""
    await world.cases.post(ASKS, author, thread=thread)
    world.cases.wait()
    await work(world)
    newest = max(await world.cases.rows(DraftRow), key=lambda draft: draft.id)
    assert SAYS in (newest.public_text or "")
    return newest


async def work(world: PolicyWorld) -> None:
    """Do what is due: drafts, and looks at them. Nothing is sent."""
    while jobs := await world.cases.due():
        for job in jobs:
            if job.kind in HANDLERS:
                await HANDLERS[job.kind](world.cases.service, job)
            else:
                async with writing(world.cases.engine) as session:
                    await finish(session, job, world.cases.now)


async def mark_sent(world: PolicyWorld, draft: str) -> None:
    async with writing(world.cases.engine) as session:
        for row in (await session.exec(select(PublicationRow).where(PublicationRow.draft == draft))).all():
            row.state, row.sent_at = "sent", world.cases.now
            session.add(row)


async def test_a_pending_draft_is_listed_with_its_sentence_and_goes_back_to_review(world: PolicyWorld):
    draft = await drafted(world)
    assert (await world.get("/returns/resting")).json()["items"] == []
    world.cases.wait()
    await world.replace("returns", LONGER)
    [listed] = (await world.get("/returns/resting")).json()["items"]
    assert (listed["draft"], listed["standing"], listed["version"]) == (draft.id, "pending", 1)
    sentence = listed["sentences"][0]
    assert (sentence["sentence"], sentence["source"]) == (SAYS, "policy:returns#how-long")
    assert "60 days" in sentence["said"]
    assert "90 days" in sentence["says"]
    await work(world)
    assert (await world.get("/returns/resting")).json()["items"][0]["sent_back"]
    assert not (await world.cases.draft(draft.id)).one_click


async def test_a_change_elsewhere_in_the_document_touches_nothing(world: PolicyWorld):
    draft = await drafted(world)
    await world.replace("returns", RETURNS.replace("Use the label", "Use the printed label"))
    await work(world)
    assert (await world.get("/returns/resting")).json()["items"] == []
    [listed] = (await world.get("/returns/resting", changed=False)).json()["items"]
    assert listed["draft"] == draft.id
    assert not listed["sent_back"]


@pytest.mark.parametrize("field", ["region: US", "product: boots"])
async def test_a_policy_that_holds_for_others_now_stops_what_rests_on_the_same_words(world: PolicyWorld, field: str):
    draft = await drafted(world)
    assert (await world.desk.decide(person("supervisor"), draft.id, "approve")).status_code == 200
    await world.replace("returns", RETURNS.replace("category: returns", f"category: returns\n{field}"))
    [listed] = (await world.get("/returns/resting")).json()["items"]
    sentence = listed["sentences"][0]
    assert sentence["said"] == sentence["says"]
    assert (sentence["held_for"], field.split()[1] in sentence["holds_for"]) == ("public", True)
    await work(world)
    assert (await world.cases.draft(draft.id)).state == DraftState.PENDING


async def test_a_draft_that_kept_only_the_words_is_held_against_the_words(world: PolicyWorld):
    draft = await drafted(world)
    async with writing(world.cases.engine) as session:
        kept = await session.get_one(DraftRow, draft.id)
        assert kept.record is not None
        facts = [{k: v for k, v in item.items() if k != "holds_for"} for item in kept.record["evidence"]]
        kept.record = {**kept.record, "evidence": facts}
        rests = (await session.exec(select(RestRow).where(RestRow.draft == draft.id, RestRow.kind == "policy"))).all()
        words = {item["ref"]: item["text"] for item in facts}
        for rest in rests:
            cited = sorted({ref for ref in words if ref.startswith(f"policy:{rest.ref}#")} & _cited(kept))
            rest.digest = sha256(dumps([[ref, words[ref]] for ref in cited], ensure_ascii=False).encode()).hexdigest()
            session.add(rest)
        session.add(kept)
    await world.replace("returns", RETURNS.replace("category: returns", "category: returns\nregion: US"))
    await work(world)
    assert not any(finding["rule"] == "stale" for finding in (await world.cases.draft(draft.id)).findings)


def _cited(draft: DraftRow) -> set[str]:
    numbers = {number for claim in draft.claims for number in claim["evidence"]}
    return {item["ref"] for item in (draft.record or {})["evidence"] if item["id"] in numbers}


async def test_an_approved_text_on_its_way_is_stopped_and_an_answer_of_these_days_is_told_of(world: PolicyWorld):
    waiting, sent = await drafted(world), await drafted(world, "t2", "somebody.else")
    for draft in (waiting, sent):
        done = await world.desk.decide(person("supervisor"), draft.id, "approve")
        assert done.status_code == 200, done.text
    await mark_sent(world, sent.id)
    world.cases.wait()
    await world.post("/returns/retire", version=1, why="No more tents.")
    listed = {item["draft"]: item for item in (await world.get("/returns/resting")).json()["items"]}
    assert {draft: item["standing"] for draft, item in listed.items()} == {waiting.id: "leaving", sent.id: "sent"}
    assert all(item["sentences"][0]["says"] is None for item in listed.values())
    await work(world)
    assert (await world.cases.draft(waiting.id)).state == DraftState.PENDING
    assert (await world.cases.draft(sent.id)).state == DraftState.APPROVED
    world.cases.now += timedelta(days=8)
    assert sent.id not in {item["draft"] for item in (await world.get("/returns/resting")).json()["items"]}


async def test_at_the_midnight_of_a_new_version_what_rests_on_the_old_one_is_looked_at(world: PolicyWorld):
    draft = await drafted(world)
    await world.replace("returns", LONGER.replace("2026-02-01", "2026-11-22"))
    await work(world)
    assert not any(finding["rule"] == "stale" for finding in (await world.cases.draft(draft.id)).findings)
    world.cases.now = world.cases.now.replace(day=22, hour=0, minute=0)
    await work(world)
    assert any(finding["rule"] == "stale" for finding in (await world.cases.draft(draft.id)).findings)


async def told_in_a_session(world: PolicyWorld, name: str, brand: str = "fernhollow", **changes: Any) -> None:
    """A turn of a rep's session that says what a draft says, and whose suggestion the rep has inserted."""
    draft = max(await world.cases.rows(DraftRow), key=lambda draft: draft.id)
    record = {**(draft.record or {}), "claims": draft.claims} | changes
    at = world.cases.now
    session = ConversationRow(
        id=f"session_{name}", brand=brand, customer="C-1", channel="phone", staff="staff_rep", found_by="customer"
    )
    session.known, session.opened_at = "verified", at
    turn = TurnRow(id=f"turn_{name}", brand=brand, conversation=session.id, staff="staff_rep", kind="reply")
    turn.asked, turn.state, turn.record, turn.started_at = ASKS, "checked", record, at
    suggestion = SuggestionRow(id=f"suggestion_{name}", brand=brand, conversation=session.id, turn=turn.id)
    suggestion.kind, suggestion.text, suggestion.state, suggestion.offered_at = "reply", SAYS, "inserted", at
    for row in (session, turn, suggestion):
        async with writing(world.cases.engine) as database:
            database.add(row)


async def test_what_reps_were_told_in_their_sessions_is_listed_where_it_rests_on_other_words_now(world: PolicyWorld):
    await drafted(world)
    await told_in_a_session(world, "a")
    await told_in_a_session(world, "b")
    await told_in_a_session(world, "read_and_not_cited", claims=[])
    await told_in_a_session(world, "theirs", brand="tarnlight")
    assert (await world.get("/returns/resting/turns", OURS_ONLY)).json()["items"] == []
    unchanged = (await world.get("/returns/resting/turns", OURS_ONLY, changed=False)).json()["items"]
    assert [item["turn"] for item in unchanged] == ["turn_b", "turn_a"]
    world.cases.wait()
    await world.replace("returns", LONGER)
    first = (await world.get("/returns/resting/turns", OURS_ONLY, limit=2)).json()
    rest = (await world.get("/returns/resting/turns", OURS_ONLY, limit=2, cursor=first["next"])).json()
    listed = {item["turn"]: item for item in [*first["items"], *rest["items"]]}
    assert (set(listed), rest["next"]) == ({"turn_a", "turn_b"}, None)
    told = listed["turn_a"]
    assert (told["version"], told["taken"], told["kind"]) == (1, ["suggestion_a"], "reply")
    assert ("60 days" in told["sentences"][0]["said"], "90 days" in told["sentences"][0]["says"]) == (True, True)
    world.cases.now += timedelta(days=8)
    assert (await world.get("/returns/resting/turns", OURS_ONLY)).json()["items"] == []


async def test_another_brands_documents_rest_on_nothing_that_is_told(world: PolicyWorld):
    assert (await world.get("/lamps/resting", OURS_ONLY)).status_code == 404
    assert (await world.get("/lamps/resting/turns", OURS_ONLY)).status_code == 404
