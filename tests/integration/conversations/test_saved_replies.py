"""A saved reply in a rep's session: what fits the channel, what is filled in, what is checked, and what is counted."""

from dataclasses import replace
from typing import Any

import pytest

from server.db import writing
from server.models import SavedReplyRow, SuggestionRow
from server.staff.roles import Permission
from tests.integration.conversations.conftest import ON_SQLITE, Panel, kinds

SAID = "Where is my order FH-10423? It is so late."
STATE = "Hi {{customer_first_name}}, your order {{order_number}} {{order_status}}. – {{agent_name}}"
HELLO = "Hi, thank you for telling us."
MADE: dict[str, Any] = {
    "hello": {"texts": {"en": {"public": HELLO, "private": "Hi, thank you for calling us."}}},
    "state": {"texts": {"en": {"public": None, "private": STATE}}},
    "for-everyone": {"texts": {"en": {"public": HELLO, "private": None}}},
    "for-x": {"texts": {"en": {"public": None, "private": HELLO}}, "channels": ["x"]},
    "german": {"texts": {"de": {"public": None, "private": "Danke für Ihre Nachricht."}}},
    "promises": {"texts": {"en": {"public": None, "private": "We will refund you £500 tomorrow."}}},
    "named": {"texts": {"en": {"public": "Hi {{customer_first_name}}, {{customer_handle}}.", "private": None}}},
    "theirs": {"texts": {"en": {"public": None, "private": HELLO}}, "brand": "tarnlight"},
}


@pytest.fixture
async def kept(panel: Panel) -> Panel:
    """What the team keeps ready."""
    now = panel.world.now
    async with writing(panel.world.engine) as session:
        for name, fields in MADE.items():
            usual = {"id": name, "brand": "fernhollow", "team": "orders", "title": name, "channels": [], "tags": []}
            row = SavedReplyRow.model_validate({**usual, "created_at": now, "changed_at": now, **fields})
            session.add(row)
    return panel


async def _offered(panel: Panel, conversation: str, **query: str) -> dict[str, tuple[bool, list[str]]]:
    answer = await panel.ask("GET", f"/conversations/{conversation}/saved-replies", **query)
    assert answer.status_code == 200, answer.text
    return {one["id"]: (one["usable"], one["misfits"]) for one in answer.json()}


async def _fill(panel: Panel, conversation: str, name: str, **more: str) -> Any:
    answer = await panel.ask("POST", f"/saved-replies/{name}/fill", {"conversation": conversation, **more})
    return answer.json()


async def test_by_phone_only_what_this_customer_alone_hears_fits_and_it_is_filled_in_once_it_is_them(kept: Panel):
    conversation = await kept.opened()
    offered = await _offered(kept, conversation)
    assert list(offered)[:2] == ["hello", "promises"], "what fits comes first"
    assert offered["for-everyone"] == (False, ["part"])
    assert offered["for-x"] == (False, ["channel"])
    assert offered["state"] == (True, ["not_verified"])
    assert offered["german"] == (True, ["language"])
    assert "theirs" not in offered
    before = await _fill(kept, conversation, "state")
    assert (before["part"], [one["variable"] for one in before["unfilled"]]) == (
        "private",
        ["customer_first_name", "order_number", "order_status"],
    )
    for name, more in (("for-everyone", {}), ("for-x", {}), ("hello", {"part": "public"})):
        assert (await _fill(kept, conversation, name, **more))["code"] == "not_here"
    assert (await _fill(kept, conversation, "theirs"))["code"] == "no_such_saved_reply"
    await kept.ask("POST", f"/conversations/{conversation}/confirm", {"how": "named the postcode"})
    result = (await kept.turn(conversation, "saved_reply", saved_reply="state", text=SAID))[-1].data
    assert result["private_text"] == "Hi Ann, your order FH-10423 is partly on its way. – Rep"
    assert (result["public_text"], result["findings"], result["label"]) == (None, [], None)
    assert result["saved_reply"]["unfilled"] == []
    assert any(item["ref"].startswith("order:FH-10423") for item in result["evidence"])


async def test_it_is_taken_as_a_card_and_counted_apart(kept: Panel):
    conversation = await kept.opened()
    told = await kept.turn(conversation, "saved_reply", saved_reply="hello")
    assert kinds(told) == ["began", "evidence", "text", "checks", "suggestion", "checked"]
    [card] = [one.data for one in told if one.kind == "suggestion"]
    assert (card["kind"], card["ref"], card["text"]) == ("saved_reply", "private", "Hi, thank you for calling us.")
    assert not any(item["ref"] == "post:text" for item in told[1].data["evidence"])
    at = f"/conversations/{conversation}/suggestions"
    assert (await kept.ask("POST", f"{at}/{card['id']}", {"state": "copied"})).status_code == 200
    [row] = await kept.world.rows(SuggestionRow)
    assert (row.kind, row.saved_reply, row.state) == ("saved_reply", "hello", "copied")
    seen = (await kept.ask("GET", "/saved-replies/hello")).json()
    assert (seen["taken"], seen["taken_changed"], seen["sent"]) == (1, 0, 0)
    open_ = (await kept.turn(conversation, "saved_reply", saved_reply="state"))[-2].data
    refused = await kept.ask("POST", f"{at}/{open_['id']}", {"state": "inserted"})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_filled_in")
    mine = {"state": "inserted", "text": "Hi, your order is on its way."}
    assert (await kept.ask("POST", f"{at}/{open_['id']}", mine)).status_code == 200


@ON_SQLITE
async def test_it_is_checked_as_everything_else_that_a_customer_is_told(kept: Panel):
    result = (await kept.turn(await kept.opened(), "saved_reply", saved_reply="promises"))[-1].data
    assert {"promise"} <= {finding["rule"] for finding in result["findings"] if finding["severity"] == "block"}


@ON_SQLITE
async def test_on_a_network_each_part_is_a_card_of_its_own(kept: Panel):
    draft = await kept.world.drafted(SAID)
    conversation = await kept.opened(case=draft.case, channel="x")
    told = await kept.turn(conversation, "saved_reply", saved_reply="hello")
    assert [one.data["ref"] for one in told if one.kind == "suggestion"] == ["public", "private"]
    offered = await _offered(kept, conversation)
    assert offered["for-everyone"] == offered["for-x"] == (True, [])
    assert (await _offered(kept, conversation, part="public"))["for-x"] == (False, ["part"])


@ON_SQLITE
async def test_nothing_that_they_said_in_private_or_that_is_on_record_stands_in_what_everyone_sees(kept: Panel):
    conversation = await kept.opened(customer="C-1", channel="x")
    await kept.turn(conversation, "reply", text="My lamp does not work. Thanks, Annabel", private=True)
    filled = await _fill(kept, conversation, "named", part="public")
    assert filled["text"] == "Hi {{customer_first_name}}, {{customer_handle}}."
    await kept.turn(conversation, "reply", text="My lamp does not work. Thanks, Belle")
    filled = await _fill(kept, conversation, "named", part="public")
    assert filled["text"] == "Hi Belle, {{customer_handle}}."


@ON_SQLITE
async def test_it_is_for_who_may_use_the_panel_and_read_them(kept: Panel):
    conversation = await kept.opened()
    path, body = f"/conversations/{conversation}/turns", {"kind": "saved_reply", "saved_reply": "hello"}
    assert (await kept.ask("POST", path, body, who="elsewhere")).status_code == 404
    assert (await kept.ask("GET", f"/conversations/{conversation}/saved-replies", who="elsewhere")).status_code == 404
    for missing in (Permission.READ_SAVED_REPLIES, Permission.USE_PANEL):
        rep = kept.people["rep"]
        kept.people["less"] = replace(rep, permissions=rep.permissions - {missing})
        for path_, asked in ((path, body), ("/saved-replies/hello/fill", {"conversation": conversation})):
            refused = await kept.ask("POST", path_, asked, who="less")
            assert (refused.status_code, refused.json()["details"]["permission"]) == (403, str(missing))
    both = {"draft": "draft_1", "conversation": conversation}
    assert (await kept.ask("POST", "/saved-replies/hello/fill", both)).status_code == 422
    assert (await kept.ask("POST", path, {"kind": "reply", "saved_reply": "hello"})).status_code == 422
