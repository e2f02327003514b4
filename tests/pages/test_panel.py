"""The panel as it is sent to the browser."""

import re
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from server.conversations.showing import ShownTurn
from server.conversations.views import SuggestionView, TurnView
from server.db import writing
from server.models import TurnPartRow, TurnRow
from server.pages.panel.answers import AnswerPart, answer_of
from server.pages.panel.sources import around
from server.staff.roles import Role
from tests.fakes.cases import CaseWorld, person
from tests.fakes.small_shop import NOW
from tests.pages.conftest import ON_SQLITE, Visitor
from tests.pages.test_inbox import HOSTILE

ROBIN = person("rep", Role.REP)
PRICE = "You get £40 back."
RULE = "Returns are free for 60 days."


def _one(page: LexborHTMLParser, selector: str) -> LexborNode:
    found = page.css_first(selector)
    assert found is not None, selector
    return found


async def _call(visitor: Visitor, path: str, **body: Any) -> Any:
    answer = await visitor.http.post(f"/api/v1{path}", json=body)
    assert answer.is_success, answer.text
    return answer


async def _opened(visitor: Visitor, **whom: Any) -> str:
    return (await _call(visitor, "/conversations", channel="phone", **(whom or {"customer": "C-1"}))).json()[
        "conversation"
    ]["id"]


async def _asked(visitor: Visitor, session: str, **turn: Any) -> str:
    answer = await _call(visitor, f"/conversations/{session}/turns", **turn)
    return re.search(r"/turns/([^/]+)/stream", answer.headers["location"])[1]  # type: ignore[index]


# ---- where a session begins


@ON_SQLITE
@pytest.mark.parametrize("role", Role)
async def test_it_opens_for_whoever_may_use_it(visitor: Visitor, role: Role):
    visitor.who = person(role.value, role)
    answer = await visitor.get("/panel")
    assert answer.status_code == (403 if role is Role.DRAFTS_ONLY else 200)


@ON_SQLITE
async def test_a_customer_can_speak_on_the_phone_and_on_the_brands_networks(visitor: Visitor):
    visitor.who = ROBIN
    page = await visitor.open("/panel")
    assert [option.attributes["value"] for option in page.css("[name=channel] option")] == [
        "phone",
        "chat",
        "email",
        "x",
    ]
    assert page.css_first("[name=brand]") is None, "there is one brand"
    visitor.who = person("rep", Role.REP, brands=("fernhollow", "tarnlight"))
    page = await visitor.open("/panel")
    assert [option.text() for option in page.css("[name=brand] option")][1:] == ["Fernhollow", "Tarnlight"]


@ON_SQLITE
async def test_sessions_that_are_open_are_taken_up_again(visitor: Visitor):
    visitor.who = ROBIN
    still, over = await _opened(visitor), await _opened(visitor)
    await _call(visitor, f"/conversations/{over}/close")
    page = await visitor.open("/panel/opening")
    assert [row.attributes["data-session"] for row in page.css("a[data-session]")] == [still]


@ON_SQLITE
async def test_a_session_that_is_opened_on_the_page_is_shown_at_once(visitor: Visitor):
    visitor.who = ROBIN
    answer = await visitor.http.post("/panel/sessions", json={"customer": "C-1", "channel": "phone"})
    assert answer.status_code == 201
    at = _one(LexborHTMLParser(answer.text), ".session").attributes["data-session"]
    assert answer.headers["location"] == f"/panel/sessions/{at}"
    nobody = await visitor.http.post("/panel/sessions", json={"customer": "C-99", "channel": "phone"})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "customer_not_found")


# ---- who it is


@ON_SQLITE
async def test_a_session_says_who_it_is_how_sure_and_what_is_wrong(visitor: Visitor):
    visitor.who = ROBIN
    session = await _opened(visitor, customer="C-1")
    page = await visitor.open(f"/panel/sessions/{session}")
    assert _one(page, "h1").text() == "Ann Wood"
    assert _one(page, ".known-possible").text() == "maybe a customer"
    assert "late" in _one(page, ".headlines").text()
    assert _one(page, f'[data-api="POST /conversations/{session}/confirm"]')
    bought = [item.text(separator=" ", strip=True) for item in page.css(".time-line li")]
    assert any("Ridgeline Jacket" in words and "£" in words for words in bought)


@ON_SQLITE
async def test_who_is_confirmed_is_not_asked_for_again(visitor: Visitor):
    visitor.who = ROBIN
    session = await _opened(visitor)
    await _call(visitor, f"/conversations/{session}/confirm", how="named the postcode")
    page = await visitor.open(f"/panel/sessions/{session}/customer")
    assert page.css_first("#confirming") is None
    assert "named the postcode" in _one(page, ".who-head").text()


@ON_SQLITE
async def test_what_cannot_be_read_is_said_and_nothing_claimed(visitor: Visitor, world: CaseWorld):
    visitor.who = ROBIN
    session = await _opened(visitor)
    world.shop["orders"].go_down()
    page = await visitor.open(f"/panel/sessions/{session}")
    assert "could not be read" in _one(page, "#facts-orders").text()
    assert _one(page, "#facts-orders .badge").text() == "?"
    assert page.css_first(".notice.good") is None, "that all is well is not claimed"


@ON_SQLITE
@pytest.mark.parametrize(("language", "words"), [("en", "Draft a reply"), ("de", "Antwort entwerfen")])
async def test_it_speaks_the_viewers_language(visitor: Visitor, language: str, words: str):
    visitor.who = ROBIN
    page = await visitor.open(f"/panel/sessions/{await _opened(visitor)}", **{"Accept-Language": language})
    assert _one(page, "#asking [data-kind=reply]").text() == words


@ON_SQLITE
async def test_another_brands_session_is_not_there(visitor: Visitor):
    visitor.who = ROBIN
    session = await _opened(visitor)
    turn = await _asked(visitor, session, kind="summary")
    visitor.who = person("other", Role.REP, brands=("tarnlight",))
    for address in ("", "/session", "/customer", f"/turns/{turn}", f"/turns/{turn}/sources/E1"):
        assert (await visitor.get(f"/panel/sessions/{session}{address}")).status_code == 404, address


# ---- answers


@ON_SQLITE
async def test_a_reply_is_a_card_to_be_taken_with_its_sources(visitor: Visitor):
    visitor.who = ROBIN
    session = await _opened(visitor)
    await _call(visitor, f"/conversations/{session}/confirm", how="named the postcode")
    turn = await _asked(visitor, session, kind="reply", text="Where is my order FH-10423?")
    page = await visitor.open(f"/panel/sessions/{session}/turns/{turn}")
    card = _one(page, "[data-card=private]")
    assert card.attributes["data-original"] == _one(page, "[data-card=private] textarea").text()
    assert {button.attributes["data-do"] for button in card.css("[data-do]")} == {"insert", "copy", "edit", "dismiss"}
    assert "draft without AI" in page.text()
    source = _one(page, "[data-source]").attributes["data-source"]
    opened = await visitor.open(f"/panel/sessions/{session}/turns/{turn}/sources/{source}")
    assert "FH-10423" in opened.text()
    assert (await visitor.get(f"/panel/sessions/{session}/turns/{turn}/sources/E999")).status_code == 404


@ON_SQLITE
async def test_what_became_of_a_card_stands_on_it(visitor: Visitor):
    visitor.who = ROBIN
    session = await _opened(visitor)
    turn = await _asked(visitor, session, kind="reply", text="Where is my order?")
    card = _one(await visitor.open(f"/panel/sessions/{session}/turns/{turn}"), "[data-suggestion]")
    at = f"/conversations/{session}/suggestions/{card.attributes['data-suggestion']}"
    await _call(visitor, at, state="inserted", text="Hello Ann, as I said.")
    page = await visitor.open(f"/panel/sessions/{session}/turns/{turn}")
    assert _one(page, "[data-card] .badge").text() == "inserted"
    assert _one(page, "[data-card] .text").text() == "Hello Ann, as I said."
    assert page.css_first("[data-do=dismiss]") is None, "what was put before the customer is not dismissed"


ENDS = {
    "running": ("Being written", {}),
    "cancelled": ("Nothing of it counts", {"turn": "turn_1", "by": "staff_rep"}),
    "failed": ("The orders are away.", {"turn": "turn_1", "detail": "the orders are away"}),
    "interrupted": ("written without AI", {"text": "Hello.", "claims": [], "findings": [], "evidence": []}),
}


@ON_SQLITE
@pytest.mark.parametrize(("state", "words", "result"), [(state, *told) for state, told in ENDS.items()])
async def test_a_turn_says_how_it_ended(
    visitor: Visitor, world: CaseWorld, state: str, words: str, result: dict[str, Any]
):
    visitor.who = ROBIN
    session = await _opened(visitor)
    async with writing(world.engine) as database:
        row = {"id": "turn_1", "brand": "fernhollow", "conversation": session, "staff": ROBIN.id, "asked": "What now?"}
        database.add(TurnRow(**row, kind="question", state=state, text=result.get("text"), started_at=NOW))
        await database.flush()
        database.add(TurnPartRow(turn="turn_1", number=1, kind=state, data=result))
    answer = _one(await visitor.open(f"/panel/sessions/{session}/turns/turn_1"), ".answer")
    assert words in answer.text()
    assert len(answer.css("[data-card]")) == (1 if state == "interrupted" else 0)


@ON_SQLITE
@pytest.mark.parametrize("text", HOSTILE)
async def test_what_customers_and_reps_write_is_shown_as_text(visitor: Visitor, text: str):
    visitor.who = ROBIN
    session = await _opened(visitor)
    await _asked(visitor, session, kind="reply", text=text[:10_000])
    answer = await visitor.get(f"/panel/sessions/{session}")
    page = LexborHTMLParser(answer.text)
    assert _one(page, ".asked").text() == text[:10_000]
    assert page.css_first(".answer script, .answer img") is None


def _turn(kind: str, state: str = "checked") -> TurnView:
    return TurnView(
        id="turn_1",
        kind=kind,
        asked="",
        asked_by=None,
        state=state,
        text=None,
        written_by="model",
        started_at=NOW,
        ended_at=NOW,
    )


def _evidence(number: str, source: str, *, internal: bool = False, policy: str | None = None) -> dict[str, Any]:
    told = {"id": number, "kind": "policy" if policy else "record", "source": source, "ref": "x", "text": RULE}
    told |= {"visibility": "internal" if internal else "customer", "as_of": NOW.isoformat()}
    return told | ({"policy": {"document": policy, "public_url": None}} if policy else {})


def _reply(text: str, *claims: tuple[str, list[str]], findings: Any = (), evidence: Any = ()) -> AnswerPart:
    suggested = SuggestionView(
        id="suggestion_1",
        turn="turn_1",
        kind="reply",
        ref="private",
        text=text,
        state="offered",
        used=None,
        reason=None,
        offered_at=NOW,
        decided_at=None,
    )
    result = {
        "text": text,
        "claims": [{"sentence": sentence, "evidence": numbers} for sentence, numbers in claims],
        "findings": [
            {"rule": "value", "severity": how, "sentence": sentence, "reason": why} for how, sentence, why in findings
        ],
        "evidence": evidence,
    }
    return answer_of(ShownTurn(_turn("reply"), result, (), [suggested]))


def test_a_sentence_that_nothing_bears_out_is_marked_where_it_stands():
    text = f"Hello. {PRICE} Bye."
    [card] = _reply(
        text,
        ("Hello.", []),
        (PRICE, []),
        findings=[("warn", PRICE, "no source says £40"), ("block", PRICE, "more than you may")],
    ).cards
    assert [(piece.text, piece.problems, piece.severity) for piece in card.pieces] == [
        ("Hello. ", (), None),
        (PRICE, [1, 2], "block"),
        (" Bye.", (), None),
    ]
    assert "".join(piece.text for piece in card.pieces) == text


def test_facts_of_one_record_are_one_source_and_places_in_policies_are_each_their_own():
    answer = _reply(
        PRICE,
        (PRICE, ["E2", "E3"]),
        evidence=[
            _evidence("E1", "Returns", policy="returns-2026"),
            _evidence("E2", "Order FH-10423"),
            _evidence("E3", "Order FH-10423"),
            _evidence("E4", "Returns", policy="returns-2026"),
        ],
    )
    assert [(source.number, source.name, source.ids) for source in answer.sources] == [
        (1, "Returns", ["E1"]),
        (2, "Order FH-10423", ["E2", "E3"]),
        (3, "Returns", ["E4"]),
    ]
    assert [statement.sources for statement in answer.statements] == [[2]]


def test_who_takes_a_text_that_rests_on_an_internal_policy_is_warned():
    [card] = _reply(PRICE, evidence=[_evidence("E1", "Goodwill", internal=True, policy="goodwill-limits")]).cards
    assert card.warnings == ["Goodwill"]
    [plain] = _reply(PRICE, evidence=[_evidence("E1", "Returns", policy="returns-2026")]).cards
    assert plain.warnings == []


BODY = f"# Returns\n\n## How long\n\n{RULE}\n\nWorn gear is another matter.\n"


@pytest.mark.parametrize(
    "passage",
    [
        f"Returns › How long (in effect since 1 March 2026): {RULE}\n\nWorn gear is another matter.\nPublic page: https://x",
        f"Returns › How long: {RULE}\nApproved answer: Yes.",
        RULE,
    ],
)
def test_a_policy_is_opened_at_the_place(passage: str):
    before, here, after = around(BODY, passage)
    assert before + here + after == BODY
    assert here.startswith(RULE)


def test_a_place_that_is_not_there_any_more_is_not_made_up():
    assert around(BODY, "Returns: Returns are free for 14 days.") == (BODY, "", "")
