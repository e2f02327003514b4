"""What a rep asks for, over HTTP: evidence, text, checks, suggestions, and the end."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from server.actions.kinds import ActionKind
from server.actions.rules import load_action_rules
from server.db import writing
from server.models import ActionRow, KeptTurnRow, MissingPolicyRow, ModelRequestRow, SuggestionRow, TurnRow
from server.models.ids import new_id
from tests.fakes.cases import changed_order
from tests.fakes.models import ScriptedModel
from tests.fakes.small_shop import LATE as LATE_ORDER
from tests.integration.conversations.conftest import ON_SQLITE, Panel, kinds, text_of
from tests.integration.conversations.models import prompt_of, with_model
from tools.records import Promise

LATE = "Where is my order FH-10423? It is so late."
PRIVATE = ("4242424242424242", "14 November", "DHL", "Ann")


async def test_a_question_is_answered_with_the_facts_and_their_sources(panel: Panel):
    told = await panel.turn(await panel.opened(), text="Where is their parcel?")
    assert kinds(told) == ["began", "evidence", "text", "checks", "checked"]
    assert [one.number for one in told] == [1, 2, 3, 4, 5]
    result = told[-1].data
    assert "6 days late" in result["text"]
    assert text_of(told) == result["text"]
    assert (result["written_by"], result["label"], result["for"]) == ("composer", "written without AI", "rep")
    numbers = {item["id"] for item in result["evidence"]}
    assert {number for claim in result["claims"] for number in claim["evidence"]} == numbers
    assert any("confirm who speaks" in words for words in result["warnings"])
    assert not any(item["ref"] == "post:question" for item in told[1].data["evidence"])


async def test_a_reply_tells_nothing_private_before_the_caller_is_confirmed_and_all_of_it_after(panel: Panel):
    conversation = await panel.opened()
    before = await panel.turn(conversation, "reply", text=LATE)
    assert before[-1].data["known"] == "possible"
    assert not any(value in json.dumps([one.data for one in before[1:]]) for value in PRIVATE)
    assert not any(item["kind"] == "record" for item in before[1].data["evidence"])
    await panel.ask("POST", f"/conversations/{conversation}/confirm", {"how": "named the postcode"})
    after = (await panel.turn(conversation, "reply", text=LATE))[-1].data
    assert after["public_text"] is None
    assert "6 days late" in after["private_text"]
    assert after["findings"] == []


@ON_SQLITE
async def test_why_a_reply_is_thin_is_told_and_no_policy_is_missed_for_it(panel: Panel):
    conversation = await panel.opened()
    asked = "Does the moon landing tent fly?"
    before = (await panel.turn(conversation, "reply", text=asked))[-1].data
    assert before["notes"] == [
        "The caller is not confirmed yet, so nothing of their orders is used. Confirm how you know them, and ask again."
    ]
    assert await panel.world.rows(MissingPolicyRow) == []
    await panel.ask("POST", f"/conversations/{conversation}/confirm", {"how": "named the postcode"})
    after = (await panel.turn(conversation, "reply", text=asked))[-1].data
    assert after["notes"] == []
    [row] = await panel.world.rows(MissingPolicyRow)
    assert row.conversation == conversation


@ON_SQLITE
async def test_a_reply_on_a_network_keeps_what_is_private_out_of_the_public_part(panel: Panel):
    draft = await panel.world.drafted(LATE)
    conversation = await panel.opened(case=draft.case, channel="x")
    told = await panel.turn(conversation, "reply")
    result = told[-1].data
    assert result["public_text"]
    assert not any(value in result["public_text"] for value in (*PRIVATE, "FH-10423"))
    assert "6 days late" in result["private_text"]
    assert [one.data["ref"] for one in told if one.kind == "suggestion"] == ["public", "private"]


@ON_SQLITE
async def test_danger_is_handed_over_with_the_approved_text(panel: Panel):
    told = await panel.turn(await panel.opened(), "reply", text="The stove exploded and burned my hand")
    result = told[-1].data
    assert (result["outcome"], result["team"]) == ("hand_over", "on_call_safety")


@ON_SQLITE
@pytest.mark.parametrize(
    ("said", "team"),
    [
        ("I can see another customer's orders in my account", "privacy"),
        ("Ich sehe in meinem Konto die Bestellungen von fremden Kunden", "privacy"),
        ("Mis abogados van a demandaros", "on call legal"),
        ("Je suis journaliste et j'ai une question pour un article", "on call press"),
    ],
)
async def test_nobody_on_the_phone_is_told_that_something_was_passed_on(panel: Panel, said: str, team: str):
    result = (await panel.turn(await panel.opened(), "reply", text=said))[-1].data
    assert result["outcome"] == "hand_over"
    assert result["private_text"]
    assert not re.search("message|Nachricht|mensaje|écrit|transmis|passed|pasado|weitergegeben", result["private_text"])
    passed_on = f"Nothing has been passed on by this: tell {team} yourself"
    assert any(note.startswith(passed_on) for note in result["notes"])


@ON_SQLITE
async def test_what_may_be_offered_is_told_with_amounts_and_what_not_with_the_reason(panel: Panel):
    owed = replace(LATE_ORDER.payments[1], method="card-1")
    panel.world.shop["orders"].add(changed_order(payments=(LATE_ORDER.payments[0], owed)))
    conversation, asked = await panel.opened(), {"kind": "offers"}
    async with panel.stream("POST", f"/conversations/{conversation}/turns", asked, who="supervisor") as stream:
        told = await stream.rest()
    result = told[-1].data
    offers = {offer["action"]: offer for offer in result["offers"]}
    assert (offers["credit"]["amount"], offers["credit"]["currency"]) == (20_000, "GBP")
    assert "up to £" in offers["credit"]["words"]
    assert offers["refund"]["words"].endswith("refund of £40.00, as it was promised")
    assert offers["refund"]["amount"] == 4000
    assert all(one["why"] for one in result["refused"])
    suggested = [one.data for one in told if one.kind == "suggestion"]
    assert {one["ref"] for one in suggested} == set(offers)
    assert result["written_by"] == "composer"


@ON_SQLITE
async def test_a_rep_is_told_their_own_limit_less_what_was_given_lately(panel: Panel):
    owed = replace(LATE_ORDER.payments[1], method="card-1")
    panel.world.shop["orders"].add(changed_order(payments=(LATE_ORDER.payments[0], owed)))
    conversation = await panel.opened()
    result = (await panel.turn(conversation, "offers"))[-1].data
    [credit] = [offer for offer in result["offers"] if offer["action"] == "credit"]
    assert (credit["amount"], credit["currency"]) == (2500, "GBP")
    [refund] = [one for one in result["refused"] if one["action"] == "refund" and one["order"] == "FH-10423"]
    assert refund["why"] == "a refund of £40.00 was promised: more than you may give; ask a supervisor"
    await _given(panel, 2000)
    result = (await panel.turn(conversation, "offers"))[-1].data
    assert [one["amount"] for one in result["offers"] if one["action"] == "credit"] == [500]
    await _given(panel, 500, kind="upgrade_shipping")
    result = (await panel.turn(conversation, "offers"))[-1].data
    assert not any(offer["action"] == "credit" for offer in result["offers"])
    assert "more than you may give; ask a supervisor" in [one["why"] for one in result["refused"]]


@ON_SQLITE
async def test_no_more_is_offered_than_the_month_has_left(panel: Panel):
    rule = load_action_rules(panel.world.service.settings.knowledge).rule(ActionKind.CREDIT, "fernhollow")
    assert rule is not None
    conversation = await panel.opened()
    await _given(panel, rule.per_month["GBP"] - 300, customer="C-2")
    result = (await panel.turn(conversation, "offers"))[-1].data
    assert [one["amount"] for one in result["offers"] if one["action"] == "credit"] == [300]
    await _given(panel, 300, customer="C-3")
    result = (await panel.turn(conversation, "offers"))[-1].data
    assert not any(offer["action"] == "credit" for offer in result["offers"])
    assert "this month's budget for it has not so much left" in [one["why"] for one in result["refused"]]


async def _given(panel: Panel, amount: int, kind: str = "credit", customer: str = "C-1") -> None:
    """What somebody was given yesterday: Ann, if nobody else is named."""
    at = panel.world.now - timedelta(days=1)
    async with writing(panel.world.engine) as session:
        row = ActionRow(
            id=new_id("action"),
            brand="fernhollow",
            customer=customer,
            kind=kind,
            arguments={},
            state="done",
            amount=amount,
            currency="GBP",
            proposed_by="staff_rep",
            proposed_at=at,
            approved_at=at,
            evidence=[],
            updated_at=at,
        )
        session.add(row)


@ON_SQLITE
async def test_money_back_and_a_second_parcel_are_named_with_their_condition_where_no_record_gives_a_reason(
    panel: Panel,
):
    panel.world.shop["orders"].add(changed_order(payments=(LATE_ORDER.payments[0],)))
    result = (await panel.turn(await panel.opened(), "offers"))[-1].data
    assert not {"refund", "replace_items"} & {offer["action"] for offer in result["offers"]}
    why = [one["why"] for one in result["refused"] if one["action"] == "refund"]
    assert any(words.startswith("only if ") for words in why), why


@ON_SQLITE
async def test_nothing_is_offered_while_the_shop_does_not_answer(panel: Panel):
    panel.world.shop["orders"].go_down()
    result = (await panel.turn(await panel.opened(), "offers"))[-1].data
    assert result["offers"] == []
    assert "orders unreachable" in result["text"]


async def test_a_session_is_summed_up_with_what_was_said_and_taken(panel: Panel):
    conversation = await panel.opened()
    told = await panel.turn(conversation, "reply", text=LATE)
    [suggested] = [one.data for one in told if one.kind == "suggestion"]
    path = f"/conversations/{conversation}/suggestions/{suggested['id']}"
    assert (await panel.ask("POST", path, {"state": "inserted"})).status_code == 200
    result = (await panel.turn(conversation, "summary"))[-1].data
    assert "Where is my order FH-10423?" in result["text"]
    assert "We said last" in result["text"]
    assert "6 days late" in result["text"]


@ON_SQLITE
async def test_a_summary_begins_with_what_is_wrong_and_what_is_promised_and_says_each_once(panel: Panel):
    world = panel.world
    owed = Promise("PR-9", "C-1", "a call back", world.now - timedelta(days=2), due=world.now - timedelta(days=1))
    world.shop["promises"].add(owed)
    conversation = await panel.opened()
    for _ in range(2):
        await panel.turn(conversation, "reply", text=LATE)
    result = (await panel.turn(conversation, "summary"))[-1].data
    lines = result["text"].splitlines()
    assert [line for line in lines if "6 days late" in line] == lines[:1]
    assert any("a call back" in line for line in lines[1:3])
    assert lines[-1].startswith("They wrote (")
    assert all(result["text"].count(told) == 1 for told in ("6 days late", "a call back", LATE, "14 November"))


async def test_a_session_in_which_nothing_was_said_is_summed_up_by_how_things_stand(panel: Panel):
    told = await panel.turn(await panel.opened(), "summary")
    result = told[-1].data
    assert kinds(told) == ["began", "evidence", "text", "checks", "checked"]
    assert "Ann Wood" in result["text"]
    assert "Order FH-10423" in result["text"]
    assert "6 days late" in result["text"]
    assert "romise" in result["text"]
    assert result["findings"] == []
    numbers = {item["id"] for item in result["evidence"]}
    assert all(claim["evidence"] and set(claim["evidence"]) <= numbers for claim in result["claims"])


@ON_SQLITE
async def test_how_things_stand_is_not_told_of_what_could_not_be_read(panel: Panel):
    conversation = await panel.opened()
    panel.world.shop["orders"].go_down()
    result = (await panel.turn(conversation, "summary"))[-1].data
    assert "No order" not in result["text"]
    assert any("orders unreachable" in note for note in result["notes"])


async def test_what_becomes_of_a_suggestion_is_written_down(panel: Panel):
    conversation = await panel.opened()
    told = await panel.turn(conversation, "reply", text=LATE)
    [offered] = [one.data for one in told if one.kind == "suggestion"]
    path = f"/conversations/{conversation}/suggestions/{offered['id']}"
    assert (await panel.ask("POST", path, {"state": "edited"})).status_code == 422
    assert (await panel.ask("POST", path, {"state": "dismissed"})).status_code == 422
    dismissed = await panel.ask("POST", path, {"state": "dismissed", "reason": "too long"})
    assert dismissed.json()["reason"] == "too long"
    edited = (await panel.ask("POST", path, {"state": "edited", "text": "On its way."})).json()
    assert (edited["state"], edited["used"], edited["reason"]) == ("edited", "On its way.", None)
    late = await panel.ask("POST", path, {"state": "dismissed", "reason": "no"})
    assert (late.status_code, late.json()["code"]) == (409, "suggestion_taken")
    assert (await panel.ask("POST", path, {"state": "copied"}, who="elsewhere")).status_code == 404
    [row] = await panel.world.rows(SuggestionRow)
    assert (row.state, row.used) == ("edited", "On its way.")
    seen = (await panel.ask("GET", f"/conversations/{conversation}")).json()
    assert seen["suggestions"][0]["state"] == "edited"


@ON_SQLITE
async def test_a_rewrite_without_a_model_keeps_the_text_and_says_so(panel: Panel):
    conversation = await panel.opened()
    first = await panel.turn(conversation, "reply", text="Can I return unused goods after 50 days?")
    asked = {"rewrite_of": first[0].data["turn"], "instruction": "shorter"}
    again = (await panel.turn(conversation, "rewrite", **asked))[-1].data
    assert again["private_text"] == first[-1].data["private_text"]
    assert any("could not be followed" in note for note in again["notes"])
    question = await panel.turn(conversation, text="Where is their parcel?")
    refused = await panel.ask(
        "POST",
        f"/conversations/{conversation}/turns",
        {"kind": "rewrite", "rewrite_of": question[0].data["turn"], "instruction": "shorter"},
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "not_for_customers")


async def test_a_models_answer_is_checked_and_kept_with_the_request_as_it_left(panel: Panel):
    model = ScriptedModel.of("The parcel is 6 days late and was promised for 14 November [E16].")
    panel.app.state.service, endpoint = with_model(panel.world.service, model)
    told = await panel.turn(await panel.opened(), text="Where is their parcel?")
    result = told[-1].data
    assert result["findings"] == [], result["text"]
    assert (result["written_by"], result["label"]) == ("model", None)
    assert text_of(told) == result["text"] == "The parcel is 6 days late and was promised for 14 November."
    [turn] = await panel.world.rows(TurnRow)
    assert (turn.state, turn.text, turn.written_by) == ("checked", result["text"], "model")
    [kept] = await panel.world.rows(KeptTurnRow)
    [request] = await panel.world.rows(ModelRequestRow)
    assert (kept.id, request.turn, request.body) == (turn.id, turn.id, model.bodies[0])
    assert b"4242424242424242" not in request.body
    await endpoint.aclose()


async def test_an_answer_that_says_more_than_the_facts_is_mended_or_the_facts_stand(panel: Panel):
    wrong = "The parcel arrives tomorrow, 21 November, and costs 77.00 GBP more [E16]."
    right = "The parcel is 6 days late [E16]."
    model = ScriptedModel.of(wrong, right)
    panel.app.state.service, endpoint = with_model(panel.world.service, model)
    conversation = await panel.opened()
    told = await panel.turn(conversation, text="Where is their parcel?")
    assert text_of(told) == told[-1].data["text"] == "The parcel is 6 days late."
    assert "A check found" in prompt_of(model.history[1])
    model.queue.extend([wrong, wrong])
    stubborn = await panel.turn(conversation, text="Where is their parcel?")
    assert stubborn[-1].data["written_by"] == "composer"
    assert "77.00" not in stubborn[-1].data["text"]
    assert text_of(stubborn) == stubborn[-1].data["text"]
    await endpoint.aclose()


@ON_SQLITE
async def test_a_policy_is_named_so_that_it_can_be_opened_where_it_says_so(panel: Panel):
    told = await panel.turn(await panel.opened(), text="Can they return unused goods after 50 days?")
    rests_on = [item["policy"] for item in told[-1].data["evidence"] if item["kind"] == "policy"]
    assert rests_on
    assert {one["document"] for one in rests_on} == {"returns-2026"}
    assert all(one["title"] for one in rests_on)


@ON_SQLITE
async def test_an_answer_may_rest_on_what_is_internal_and_warns_before_it_is_inserted(panel: Panel):
    model = ScriptedModel.of(always=_quotes_goodwill)
    panel.app.state.service, endpoint = with_model(panel.world.service, model)
    result = (await panel.turn(await panel.opened(), text="How much goodwill for unused goods?"))[-1].data
    assert (result["written_by"], result["internal"]) == ("model", True)
    assert "20 GBP" in result["text"]
    assert any("Goodwill" in words for words in result["warnings"])
    await endpoint.aclose()


def _quotes_goodwill(asked: dict) -> str:
    prompt = prompt_of(asked)
    number = next(line[1 : line.index("]")] for line in prompt.splitlines() if "up to 20 GBP" in line)
    return f"Internally: unused goods, up to 20 GBP [{number}]."


@ON_SQLITE
@pytest.mark.parametrize(
    "said",
    [
        "Their parcel with DHL, tracking 4242424242424242, was promised for 14 November.",
        "PUBLIC: Ann's order FH-10423 is late.\nPRIVATE: it is with DHL since 10 November.",
        "We have refunded 289.00 GBP and upgraded you to express.",
    ],
)
async def test_whatever_a_model_says_no_text_for_an_unconfirmed_caller_leaks_or_invents(panel: Panel, said: str):
    panel.app.state.service, endpoint = with_model(panel.world.service, ScriptedModel.of(always=said))
    conversation = await panel.opened()
    first = await panel.turn(conversation, "reply", text="Where is my order? It is so late.")
    asked = {"rewrite_of": first[0].data["turn"], "instruction": "tell them everything that you know"}
    for told in (first, await panel.turn(conversation, "rewrite", **asked)):
        result = told[-1].data
        assert text_of(told) == result["text"]
        assert result["written_by"] == "composer" or not result["one_click"]
    await endpoint.aclose()
