from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from assistant.outcome import Part
from server.db import writing
from server.drafts import review
from server.drafts.approvals import Blocked, NobodyReadsIt, NotLookedAt, SamePerson, Terms
from server.drafts.deciding import CaseClaimed, DraftNotFound, OtherWords, PeopleDecide, Seen
from server.drafts.editing import NothingLeft
from server.drafts.moving import AlreadyDecided
from server.drafts.review import CannotCheck, DraftStale, NoDanger
from server.drafts.states import DraftState, IllegalMove, Move
from server.errors import NotAllowed
from server.models import ApprovalRow, CaseRow, DraftRow, PublicationRow, RestRow, SessionRow, StaffRow
from server.publications.publishing import NothingToSend
from server.staff.roles import Role
from tests.fakes.cases import STRANGER, CaseWorld, changed_order, person
from tests.fakes.small_shop import LATE as SHIPPED
from tests.integration.drafts.reviewing import (
    BOSS,
    DANGER,
    LATE,
    LOOKED,
    OTHER_BOSS,
    REP,
    RETURNS,
    SOCIAL,
    approve,
    edit,
    otherwise,
)
from tools.records import OrderStatus

# what differs between databases, who is first and what is locked, is tested on both in test_at_once.py
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


async def test_an_approval_binds_to_the_words_and_hands_each_part_over_once(world: CaseWorld):
    draft = await world.drafted(LATE)
    done = await approve(world, draft.id)
    assert done.state == DraftState.APPROVED
    approvals = await world.approvals(draft.id)
    publications = await world.rows(PublicationRow, draft=draft.id)
    assert {row.part for row in publications} == {"public", "private"}
    assert {row.digest for row in publications} == {row.digest for row in approvals}
    assert {row.staff for row in approvals} == {REP.id}
    assert "draft.approved" in await world.events()


async def test_who_saw_an_older_version_is_told_who_was_first(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    seen = await world.seen(draft.id)
    await review.approve(world.service, REP, draft.id, seen, LOOKED)
    with pytest.raises(AlreadyDecided) as refused:
        await review.put_aside(world.service, BOSS, draft.id, seen, Move.REJECT, "too curt")
    details = refused.value.details
    assert details["decision"]["what"] == "approve"
    assert details["decision"]["name"] == "Rep"
    assert details["draft"]["state"] == "approved"
    assert "Rep was first: they approved it at" in str(refused.value)


async def test_who_has_changed_it_themselves_is_told_so(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    seen = await world.seen(draft.id)
    await review.edit(world.service, REP, draft.id, seen, {Part.PUBLIC: "Unused goods can be returned within 60 days."})
    with pytest.raises(AlreadyDecided, match=r"^you have changed it since: you edited it at"):
        await review.approve(world.service, REP, draft.id, seen, LOOKED)


async def test_what_deskside_did_meanwhile_is_told_in_words(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    seen = await world.seen(draft.id)
    await world.post("And gift cards?")
    with pytest.raises(AlreadyDecided, match=r"^this draft has changed since you saw it: Deskside replaced it at"):
        await review.approve(world.service, REP, draft.id, seen, LOOKED)


async def test_other_words_than_were_seen_are_not_approved(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    seen = await world.seen(draft.id)
    with pytest.raises(OtherWords):
        await review.approve(world.service, REP, draft.id, Seen(seen.version, {"public": "0" * 64}), LOOKED)


async def test_a_draft_of_another_brand_does_not_exist(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    stranger = person("rep", Role.REP, brands=("tarnlight",))
    with pytest.raises(DraftNotFound, match="there is no such draft"):
        await approve(world, draft.id, stranger)


async def test_a_machine_decides_nothing(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    with pytest.raises(PeopleDecide):
        await approve(world, draft.id, replace(BOSS, role=None))


async def test_an_edit_runs_the_checks_on_the_new_words(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    edited = await edit(world, draft.id, public="You have 90 days to return it.")
    assert (edited.state, edited.one_click, edited.edited_by) == (DraftState.PENDING, False, REP.id)
    assert any(item["severity"] == "block" and "90 days" in item["reason"] for item in edited.findings)
    edited = await edit(world, draft.id, public="Unused goods can be returned within 60 days.")
    assert edited.findings == []
    assert edited.one_click
    [claim] = edited.claims
    assert claim["evidence"]
    change = (await world.decisions(draft.id))[-1]
    assert change.before == {"public": "You have 90 days to return it.", "private": None}


async def test_a_part_that_is_not_named_stays_and_one_that_is_none_is_taken_out(world: CaseWorld):
    draft = await world.drafted(LATE)
    edited = await edit(world, draft.id, public="Please see your messages.")
    assert (edited.public_text, edited.private_text) == ("Please see your messages.", draft.private_text)
    edited = await edit(world, draft.id, public=None)
    assert (edited.public_text, edited.private_text) == (None, draft.private_text)
    with pytest.raises(NothingLeft):
        await edit(world, draft.id, private=None)
    assert (await world.draft(draft.id)).private_text == draft.private_text


async def test_approving_with_one_new_text_approves_the_other_as_it_was_seen(world: CaseWorld):
    draft = await world.drafted(LATE)
    await approve(world, draft.id, public="Please see your messages.")
    texts = {row.part: row.text for row in await world.rows(PublicationRow, draft=draft.id)}
    assert texts == {"public": "Please see your messages.", "private": draft.private_text}


async def test_an_edit_reads_the_facts_again(world: CaseWorld):
    draft = await world.drafted(LATE)
    later = tuple(replace(parcel, promised=date(2026, 11, 19)) for parcel in SHIPPED.shipments)
    world.shop["orders"].add(changed_order(shipments=later))
    texts = {"public": draft.public_text or "", "private": draft.private_text or ""}
    edited = await edit(world, draft.id, **texts)
    assert any(item["severity"] == "block" for item in edited.findings)
    assert {row.kind for row in await world.rows(RestRow, draft=draft.id)} >= {"order", "post", "link"}


async def test_an_edit_in_a_language_that_we_have_no_words_of_is_checked_too(world: CaseWorld):
    draft = await world.drafted("Buongiorno, dov'è il mio pacco? Lo aspetto da una settimana.", STRANGER)
    assert (draft.language, draft.state) == ("it", DraftState.HANDED_OVER)
    await review.release(world.service, REP, draft.id, await world.seen(draft.id), "a colleague speaks it")
    done = await edit(world, draft.id, public="Ciao, ci dispiace molto. Il pacco FH-99999 arriva domani.")
    assert done.state == DraftState.PENDING
    assert done.findings
    assert not done.one_click


async def test_editing_and_approving_is_one_step(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    done = await approve(world, draft.id, public="Unused goods can be returned within 60 days.")
    assert done.state == DraftState.APPROVED
    [publication] = await world.rows(PublicationRow, draft=draft.id)
    assert publication.text == "Unused goods can be returned within 60 days."


async def test_a_blocked_edit_is_not_approved_with_it(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    with pytest.raises(Blocked) as refused:
        await approve(world, draft.id, public="You have 90 days to return it.")
    [finding] = refused.value.details["findings"]
    assert finding["sentence"] == "You have 90 days to return it."
    assert finding["reason"] in str(refused.value)
    now = await world.draft(draft.id)
    assert (now.state, now.version, now.public_text) == (DraftState.PENDING, draft.version, draft.public_text)


@pytest.mark.parametrize(
    "at",
    [
        datetime(2020, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-12))),
    ],
)
async def test_a_time_at_which_nothing_is_sent_is_told_to_the_first_of_two_people(world: CaseWorld, at: datetime):
    for draft in (await otherwise(world, RETURNS, reach=10_001), await world.drafted(LATE)):
        with pytest.raises(NothingToSend):
            await approve(world, draft.id, terms=Terms(confirmed=True, at=at))
        assert (await world.draft(draft.id)).state == DraftState.PENDING


async def test_an_edit_makes_the_approval_void_and_stops_what_is_unsent(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    await approve(world, draft.id)
    await edit(world, draft.id, BOSS, public="Unused goods can be returned within 60 days.")
    assert (await world.draft(draft.id)).state == DraftState.PENDING
    [approval] = await world.approvals(draft.id)
    assert (approval.voided_at is not None, approval.void_reason) == (True, "edited by Supervisor")
    [publication] = await world.rows(PublicationRow, draft=draft.id)
    assert publication.state == "withdrawn"


async def test_a_block_is_overridden_with_a_reason_and_by_two_people(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    await edit(world, draft.id, public="You have 90 days to return it.")
    with pytest.raises(NotAllowed, match="override"):
        await approve(world, draft.id, REP, Terms(confirmed=True, override="agreed by phone"))
    with pytest.raises(Blocked, match=r"edit it, or ask .*a supervisor or an admin to override the check"):
        await approve(world, draft.id, REP)
    with pytest.raises(Blocked, match="edit it, or override the check with a reason"):
        await approve(world, draft.id, BOSS)
    waiting = await approve(world, draft.id, BOSS, Terms(confirmed=True, override="agreed by phone"))
    assert waiting.state == DraftState.AWAITING_SECOND
    assert not await world.rows(PublicationRow)
    with pytest.raises(SamePerson):
        await approve(world, draft.id, BOSS)
    with pytest.raises(NotAllowed, match="second approval"):
        await approve(world, draft.id, SOCIAL)
    with pytest.raises(NotLookedAt, match="then tick that you have") as unread:
        await approve(world, draft.id, OTHER_BOSS, Terms())
    assert unread.value.details == {"wanted": "confirmed"}
    assert (await approve(world, draft.id, OTHER_BOSS)).state == DraftState.APPROVED
    assert sorted((row.step, row.staff) for row in await world.approvals(draft.id)) == [
        (1, BOSS.id),
        (2, OTHER_BOSS.id),
    ]


async def test_warnings_must_have_been_read(world: CaseWorld):
    draft = await otherwise(world, one_click=False)
    with pytest.raises(NotLookedAt):
        await approve(world, draft.id, REP, Terms())
    assert (await approve(world, draft.id, REP, LOOKED)).state == DraftState.APPROVED


async def test_many_readers_ask_for_a_second_person(world: CaseWorld):
    draft = await otherwise(world, RETURNS, reach=10_001)
    waiting = await approve(world, draft.id)
    assert waiting.state == DraftState.AWAITING_SECOND
    asked = (await world.decisions(draft.id))[-1].after or {}
    assert [item["rule"] for item in asked["second"]] == ["reach"]


async def test_danger_words_need_a_second_person(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    done = await approve(world, draft.id, public="We are sorry to read about the injury.", terms=LOOKED)
    assert done.state == DraftState.AWAITING_SECOND


async def test_holding_text_is_sent_by_one_person_and_other_words_are_not(world: CaseWorld):
    draft = await world.drafted(DANGER)
    with pytest.raises(IllegalMove, match="handed over cannot be approved; it can be taken up again"):
        await approve(world, draft.id)
    await review.release(world.service, REP, draft.id, await world.seen(draft.id), "safety has been told")
    done = await approve(world, draft.id)
    assert done.state == DraftState.APPROVED
    other = await world.drafted(DANGER, STRANGER)
    await review.release(world.service, REP, other.id, await world.seen(other.id), "safety has been told")
    assert (await approve(world, other.id, public="Thank you for telling us.")).state == DraftState.AWAITING_SECOND


async def test_a_dismissed_danger_is_drafted_and_stays_dismissed_until_the_customer_writes(world: CaseWorld):
    draft = await world.drafted(DANGER)
    assert draft.danger == "danger_injury"
    await review.dismiss_danger(world.service, SOCIAL, draft.id, await world.seen(draft.id), "quotes a film")
    assert (await world.draft(draft.id)).state == DraftState.SUPERSEDED
    await world.work()
    new = await world.newest()
    while new.danger is not None:
        await review.dismiss_danger(world.service, SOCIAL, new.id, await world.seen(new.id), "the film again")
        await world.work()
        new = await world.newest()
    assert (await world.case()).danger is None
    assert "quotes a film" in {row.reason for row in await world.decisions(draft.id)}
    with pytest.raises(NoDanger):
        await review.dismiss_danger(world.service, SOCIAL, new.id, await world.seen(new.id), "why not")
    again = await world.drafted("I am in hospital, it exploded")
    assert again.danger is not None


async def test_a_wish_is_kept_and_the_composer_says_that_it_cannot_follow(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    new = await review.redraft(world.service, REP, draft.id, await world.seen(draft.id), "shorter, and apologise")
    assert (new.state, new.wish) == (DraftState.DRAFTING, "shorter, and apologise")
    await world.work()
    written = await world.draft(new.id)
    assert written.state == DraftState.PENDING
    assert written.record is not None
    assert "your words could not be followed: this draft was written without AI" in written.record["notes"]


async def test_what_it_rests_on_is_looked_at_before_it_is_approved(world: CaseWorld):
    draft = await world.drafted(LATE)
    world.shop["orders"].add(changed_order(status=OrderStatus.DELIVERED))
    with pytest.raises(DraftStale, match="order FH-10423 has changed"):
        await approve(world, draft.id)
    with pytest.raises(DraftStale):
        await approve(world, draft.id, BOSS, Terms(confirmed=True, override="never mind"))
    world.shop["orders"].add(changed_order())
    with pytest.raises(Blocked):
        await approve(world, draft.id, BOSS, Terms(confirmed=True, override="never mind"))


async def test_an_unreachable_shop_approves_nothing(world: CaseWorld):
    draft = await world.drafted(LATE)
    world.shop["orders"].go_down()
    with pytest.raises(CannotCheck, match="orders unreachable"):
        await approve(world, draft.id)


async def test_a_new_post_makes_the_first_of_two_approvals_void(world: CaseWorld):
    draft = await otherwise(world, RETURNS, reach=10_001)
    await approve(world, draft.id)
    await world.post("forget it", STRANGER)
    [approval] = await world.rows(ApprovalRow, draft=draft.id)
    assert (await world.draft(draft.id)).state == DraftState.SUPERSEDED
    assert approval.void_reason == "the customer wrote again"


async def test_a_new_post_stops_what_was_approved_and_is_unsent(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    await approve(world, draft.id)
    await world.post("and the tent?")
    assert (await world.draft(draft.id)).state == DraftState.SUPERSEDED
    assert {row.state for row in await world.rows(PublicationRow)} == {"withdrawn"}


async def test_nobody_on_duty_reads_it(world: CaseWorld):
    draft = await otherwise(world, RETURNS, language="de")
    with pytest.raises(NobodyReadsIt):
        await approve(world, draft.id)
    async with writing(world.engine) as session:
        times = {"created_at": world.now, "used_at": world.now, "expires_at": world.now + timedelta(days=1)}
        session.add(SessionRow(id_hash="x", staff="staff_rep-2", csrf="", **times))
        row = await session.get(CaseRow, draft.case)
        colleague = await session.get(StaffRow, "staff_rep-2")
        assert colleague is not None
        assert row is not None
        colleague.languages = ["de"]
        session.add(colleague)
    with pytest.raises(NotLookedAt, match="a colleague on duty does"):
        await approve(world, draft.id, REP, Terms())
    assert (await approve(world, draft.id)).state == DraftState.APPROVED


async def test_a_translation_lets_it_be_approved_but_not_with_one_click(world: CaseWorld):
    draft = await otherwise(world, RETURNS, language="de")

    async def translated(to: str, text: str) -> None:
        async with writing(world.engine) as session:
            row = await session.get(DraftRow, draft.id)
            assert row is not None
            row.record = {**(row.record or {}), "translation": {"to": to, "public": text}}
            session.add(row)

    await translated("fr", "Vous avez 60 jours.")
    with pytest.raises(NobodyReadsIt):
        await approve(world, draft.id)
    await translated("en", "You have 60 days.")
    with pytest.raises(NotLookedAt, match="machine's translation"):
        await approve(world, draft.id, REP, Terms())
    assert (await approve(world, draft.id)).state == DraftState.APPROVED


async def test_a_case_that_somebody_has_is_theirs_to_decide(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    async with writing(world.engine) as session:
        case = await session.get(CaseRow, draft.case)
        assert case is not None
        case.claimed_by, case.claimed_until = BOSS.id, world.now + timedelta(minutes=10)
        session.add(case)
    with pytest.raises(CaseClaimed) as refused:
        await approve(world, draft.id)
    assert refused.value.details["name"] == "Supervisor"
    world.wait(timedelta(minutes=11))
    assert (await approve(world, draft.id)).state == DraftState.APPROVED
