"""Limits are changed over the API, hold for the next decision, and cannot be taken away by leaving them out."""

import pytest
from sqlmodel import select

from server.actions.approving import approve_in, judge_again
from server.actions.broken import ActionBreaksRules
from server.actions.kinds import ActionKind
from server.db import reading, writing
from server.limits.managing import changed_file, follow_file
from server.limits.said import limits_in_files
from server.models import EventRow
from server.settings import SHIPPED_KNOWLEDGE
from tests.fakes.cases import BRAND, person
from tests.integration.limits.world import LimitsWorld

CREDIT = ActionKind.CREDIT


async def test_until_somebody_changes_them_the_files_decide(world: LimitsWorld):
    told = (await world.get()).json()
    assert (told["version"], told["from_files"], told["file_differs"], told["versions"]) == (0, True, False, [])
    rep = next(limit for limit in told["alone"] if limit["role"] == "rep")
    assert rep["most"] == {"GBP": 2500, "EUR": 3000, "USD": 3000}
    assert told["actions"]["credit"]["most"]["GBP"] == 100000


async def test_a_change_holds_for_what_waits_already(world: LimitsWorld):
    action = await world.actions.propose(CREDIT, None, amount=2000)
    changed = await world.may_give("rep", 1500)
    assert (changed.status_code, changed.json()["version"], changed.json()["file_differs"]) == (200, 1, True)
    assert (await world.actions.approve(action, world.actions.rep)).state == "awaiting_second_approval"


async def test_a_change_between_the_look_at_the_records_and_the_yes_holds_for_that_yes(world: LimitsWorld):
    actions = world.actions
    action = await actions.propose(ActionKind.CANCEL_ORDER, order="FH-1", reason="ordered twice")
    judgement = await judge_again(actions.service, actions.rep, action)
    body = await world.body()
    body["actions"]["cancel_order"] = {"checked_above": {"GBP": 5000}}
    assert (await world.put(body)).status_code == 200
    async with writing(actions.engine) as session:
        row = await approve_in(session, actions.service, actions.rep, action.id, judgement)
    assert row.state == "awaiting_second_approval", "the order is worth £90.00"


async def test_whoever_may_give_more_now_needs_no_second_person(world: LimitsWorld):
    assert (await world.may_give("rep", 5000)).status_code == 200
    action = await world.actions.propose(CREDIT, None, amount=4000)
    assert (await world.actions.approve(action, world.actions.rep)).state == "approved"


async def test_what_one_action_may_come_to_is_refused_when_it_is_approved_and_when_it_is_carried_out(
    world: LimitsWorld,
):
    proposed = await world.actions.propose(CREDIT, None, amount=2000)
    approved = await world.actions.propose(CREDIT, None, customer="C-2", currency="GBP", amount=2000)
    await world.actions.approve(approved, world.actions.admin)
    body = await world.body()
    body["actions"]["credit"]["most"]["GBP"] = 1000
    assert (await world.put(body)).status_code == 200
    with pytest.raises(ActionBreaksRules, match="more than the 10"):
        await world.actions.approve(proposed, world.actions.admin)
    with pytest.raises(ActionBreaksRules, match="more than the 10"):
        await world.actions.propose(CREDIT, None, customer="C-2", currency="GBP", amount=1500)
    await world.actions.work()
    assert (await world.actions.get(approved.id)).state == "failed"


async def test_what_all_customers_are_given_in_a_month_is_counted_against_the_new_budget(world: LimitsWorld):
    body = await world.body()
    body["actions"]["credit"]["per_month"]["GBP"] = 2500
    await world.put(body)
    first = await world.actions.propose(CREDIT, None, amount=2000)
    second = await world.actions.propose(CREDIT, None, customer="C-2", currency="GBP", amount=2000)
    await world.actions.approve(first, world.actions.admin)
    with pytest.raises(ActionBreaksRules, match="this month's budget"):
        await world.actions.approve(second, world.actions.admin)


async def test_another_brands_limits_stay_as_they_are(world: LimitsWorld):
    await world.may_give("rep", 1500)
    both = person("admin", brands=(BRAND, "tarnlight"))
    told = (await world.get("tarnlight", both)).json()
    assert next(limit for limit in told["alone"] if limit["role"] == "rep")["most"]["GBP"] == 2500
    assert (await world.get("tarnlight")).json()["code"] == "no_such_brand"
    assert (await world.put(await world.body(), "tarnlight")).status_code == 404


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (
            lambda body: body["alone"][1]["most"].update(GBP=30000),
            "alone",
            "rep may give £300.00 alone, supervisor only £200.00",
        ),
        (lambda body: body["alone"].append(body["alone"][0]), "alone", "social is named twice"),
        (
            lambda body: body["alone"].append({"role": "drafts-only", "most": {"GBP": 1}}),
            "alone",
            "approves no actions",
        ),
        (lambda body: body["actions"].pop("credit"), "actions.credit", "which would be no limit"),
        (lambda body: body["actions"]["credit"].pop("most"), "actions.credit.most", "which would be no limit"),
        (lambda body: body["actions"]["credit"]["per_month"].pop("EUR"), "actions.credit.per_month", "leaves out EUR"),
        (
            lambda body: body["actions"]["credit"].pop("per_customer"),
            "actions.credit.per_customer",
            "leaves out what one",
        ),
        (
            lambda body: body["actions"].update(cancel_order={"most": {"GBP": 1}}),
            "actions.cancel_order.most",
            "it is for",
        ),
        (
            lambda body: body["actions"].update(change_payment={}),
            "actions.change_payment",
            "is not allowed at fernhollow",
        ),
        (lambda body: body.pop("reach_above"), "reach_above", "which would be no limit"),
    ],
)
async def test_what_would_never_count_or_be_no_limit_is_refused_in_words(world: LimitsWorld, change, field, words):
    body = await world.body()
    change(body)
    refused = await world.put(body)
    assert (refused.status_code, refused.json()["code"]) == (422, "not_limits"), refused.text
    [fault] = refused.json()["details"]["faults"]
    assert fault["field"] == field
    assert words in fault["words"]
    assert (await world.get()).json()["version"] == 0


async def test_a_currency_that_something_waits_in_is_not_taken_away(world: LimitsWorld):
    action = await world.actions.propose(CREDIT, None, amount=2000)
    body = await world.body()
    del body["actions"]["credit"]["most"]["GBP"]
    refused = await world.put(body)
    assert (refused.status_code, refused.json()["code"]) == (409, "limits_needed")
    assert refused.json()["details"]["actions"] == [action.id]
    await world.actions.approve(action, world.actions.admin)
    assert (await world.put(body)).status_code == 200


async def test_who_read_an_older_version_is_told_and_who_changed_what_is_kept(world: LimitsWorld):
    old = await world.body()
    await world.may_give("rep", 1500)
    late = await world.put(old)
    assert (late.status_code, late.json()["code"], late.json()["details"]) == (409, "setting_changed", {"version": 1})
    await world.may_give("rep", 1000)
    told = (await world.get()).json()["versions"]
    assert [(row["version"], row["by"]["id"], row["why"]) for row in told] == [
        (2, world.actions.admin.id, "the autumn's budget"),
        (1, world.actions.admin.id, "the autumn's budget"),
    ]
    async with reading(world.actions.engine) as session:
        events = (await session.exec(select(EventRow).where(EventRow.kind == "limits.changed"))).all()
    told = [(row.brand, row.data) for row in sorted(events, key=lambda row: row.data["version"])]
    assert told == [(BRAND, {"by": world.actions.admin.id, "version": number}) for number in (1, 2)]


async def test_nobody_raises_their_own_limit(world: LimitsWorld):
    body = await world.body()
    for who in (world.actions.rep, world.actions.supervisor):
        assert (await world.put(body, who=who)).status_code == 403
        assert (await world.get(who=who)).status_code == 200


async def test_what_was_decided_is_written_back_and_then_the_files_decide_again(world: LimitsWorld, tmp_path):
    await world.may_give("rep", 1500)
    async with reading(world.actions.engine) as session:
        text = await changed_file(session)
    for file in ("review.yaml", "actions.yaml"):
        (tmp_path / file).write_bytes((SHIPPED_KNOWLEDGE / file).read_bytes())
    async with writing(world.actions.engine) as session:
        assert await follow_file(session, tmp_path, world.actions.now) == []
    (tmp_path / "limits.yaml").write_text(text, encoding="utf-8")
    assert limits_in_files(tmp_path, "tarnlight") == limits_in_files(SHIPPED_KNOWLEDGE, "tarnlight")
    async with writing(world.actions.engine) as session:
        assert await follow_file(session, tmp_path, world.actions.now) == [BRAND]
        assert await changed_file(session) is None
