"""Questions are managed over the API; what customers answered is read, corrected and forgotten."""

import pytest

from server.db import reading, writing
from server.models import CustomerFactRow, CustomerRow, EventRow, ImportRow, QuestionRow
from server.questions.seeding import changed_file, load_questions, seed_questions
from server.settings import SHIPPED_KNOWLEDGE
from server.staff.roles import Role
from server.web.dependencies import caller_of
from tests.fakes.cases import person
from tests.integration.questions.world import REP, customer, late, order, question

HEAD = person("supervisor", brands=["fernhollow"])
EVERYBODYS = person("admin", Role.ADMIN, brands=["fernhollow", "tarnlight", "oak"])
NEW = {
    "id": "gear-use",
    "brand": "fernhollow",
    "text": {"en": "What is the {product} for?"},
    "why": "Advice depends on it.",
    "fact": "main_use",
    "purpose": "advice",
    "worth": 7,
    "ask_when": {"moment": "delivered", "family": ["tents"]},
}


async def put(desk, who, path, body):
    desk.app.dependency_overrides[caller_of] = lambda: who
    return await desk.http.put(f"/api/v1{path}", json=body)


async def test_the_folder_is_taken_over_once_and_then_the_database_counts(world, desk):
    await world.ask_of(question("use"), question("trip"))
    use = (await desk.get(EVERYBODYS, "/questions/use")).json()
    retired = await desk.post(EVERYBODYS, "/questions/use/retire", {"version": use["version"], "reason": "learned"})
    assert (retired.status_code, retired.json()["retire_reason"]) == (200, "learned")
    async with writing(world.engine) as session:
        assert await seed_questions(session, [question("use"), question("new")], world.now) == ["new"]
    listed = (await desk.get(REP, "/questions")).json()["items"]
    assert [row["id"] for row in listed] == ["new", "trip"]
    everything = (await desk.get(REP, "/questions", retired=True)).json()["items"]
    assert [row["id"] for row in everything] == ["new", "trip", "use"]


async def test_a_question_is_added_and_asked_and_changed_for_the_next_one(world, desk):
    assert (await desk.post(HEAD, "/questions", NEW)).status_code == 201
    ann, ben = customer(1), customer(2)
    _, first = await world.offered(world.sell(ann, order(ann)))
    changed = {name: value for name, value in NEW.items() if name != "id"} | {"text": {"en": "Why the {product}?"}}
    answer = await put(desk, HEAD, "/questions/gear-use", {**changed, "version": 1})
    assert (answer.status_code, answer.json()["version"], answer.json()["taken_today"]) == (200, 2, 1)
    _, second = await world.offered(world.sell(ben, order(ben)))
    assert (first.text, second.text) == ("What is the Ridge 2 for?", "Why the Ridge 2?")
    late = await put(desk, HEAD, "/questions/gear-use", {**changed, "version": 1})
    assert (late.status_code, late.json()["code"], late.json()["details"]["version"]) == (409, "question_changed", 2)


async def test_a_day_that_no_calendar_has_is_refused(world, desk):
    answer = await desk.post(HEAD, "/questions", {**NEW, "valid_from": "2026-02-30"})
    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        [{"where": "body.valid_from", "words": "must be a day, such as 2026-11-20"}],
    )


async def test_what_could_never_be_asked_is_refused_field_by_field(world, desk):
    wrong = {**NEW, "purpose": "fun", "ask_when": {"moment": "birthday"}}
    answer = await desk.post(HEAD, "/questions", wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_question")
    assert [fault["field"] for fault in answer.json()["details"]["faults"]] == ["purpose", "ask_when"]
    assert await world.rows(QuestionRow) == []


async def test_an_id_is_never_used_again(world, desk):
    await desk.post(HEAD, "/questions", NEW)
    await desk.post(HEAD, "/questions/gear-use/retire", {"version": 1, "reason": "learned"})
    answer = await desk.post(HEAD, "/questions", NEW)
    assert (answer.status_code, answer.json()["code"]) == (409, "question_exists")
    again = await desk.post(HEAD, "/questions/gear-use/retire", {"version": 2, "reason": "twice"})
    assert (again.status_code, again.json()["code"]) == (409, "question_retired")


async def test_what_was_changed_is_written_back_as_a_file_that_says_the_same(world, desk, tmp_path):
    shipped = load_questions(SHIPPED_KNOWLEDGE)
    await world.ask_of(*shipped)
    async with reading(world.engine) as session:
        assert await changed_file(session, SHIPPED_KNOWLEDGE) is None
    await desk.post(EVERYBODYS, "/questions/gear-use/retire", {"version": 1, "reason": "learned"})
    async with reading(world.engine) as session:
        text = await changed_file(session, SHIPPED_KNOWLEDGE)
    (tmp_path / "questions.yaml").write_text(text, encoding="utf-8")
    left = sorted((entry for entry in shipped if entry.id != "gear-use"), key=lambda entry: entry.id)
    assert list(load_questions(tmp_path)) == left


async def test_a_question_of_every_brand_is_changed_by_who_serves_them_all(world, desk):
    await world.ask_of(question("use"))
    body = {"version": 1, "reason": "learned"}
    refused = await desk.post(HEAD, "/questions/use/retire", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "asked_by_every_brand")
    assert (await desk.post(EVERYBODYS, "/questions/use/retire", body)).status_code == 200
    told = [event.brand for event in await world.rows(EventRow, kind="question.retired")]
    assert sorted(told) == ["fernhollow", "oak", "tarnlight"]


@pytest.fixture
async def answered(world):
    """Ann, who is in the shop's records too, has told what she uses her tent for."""
    ann = customer()
    kept = {"emails": [], "phones": [], "payment_methods": [], "consent": {}, "facts": {}}
    await world.put(ImportRow(id=1, source="tests", started_at=world.now, switched_at=world.now))
    await world.put(CustomerRow(import_id=1, id=ann.id, brand="fernhollow", name=ann.name, **kept))
    await world.ask_of(question("use", purpose="service"))
    session, _ = await world.offered(world.sell(ann, order(ann)))
    await world.asked(session)
    return await world.answered(session, "weekends")


async def test_what_was_answered_is_corrected_and_forgotten(world, desk, answered):
    listed = (await desk.get(REP, "/customers/C-1/facts")).json()
    assert [(row["fact"], row["value"], row["purpose"]) for row in listed["facts"]] == [("use", "weekends", "service")]
    said = {"conversation": (await world.call(customer())).id, "reason": "she said so"}
    private = await put(desk, REP, "/customers/C-1/facts/use", {"value": "with the kids", **said})
    assert (private.status_code, private.json()["details"]) == (422, {"kind": "children", "word": "kids"})
    told = await put(desk, REP, "/customers/C-1/facts/use", {"value": "long tours", **said})
    assert (told.json()["value"], told.json()["change_reason"]) == ("long tours", "she said so")
    assert (await world.customers.get("C-1")).facts == {"use": "long tours"}
    assert (await desk.http.delete("/api/v1/customers/C-1/facts/use")).status_code == 204
    assert (await desk.http.delete("/api/v1/customers/C-1/facts/use")).json()["code"] == "no_such_fact"
    assert (await world.customers.get("C-1")).facts == {}
    world.pass_days(40)
    assert (await world.offered(customer()))[1] is None, "what was asked once is not asked again"


@pytest.mark.parametrize("about", ["complaint", "speaker", "closed", "somebody else", "records"])
async def test_a_correction_has_to_be_what_a_first_answer_has_to_be(world, desk, answered, about):
    ann, ben = customer(), customer(2)
    world.sell(ben)
    nobody_sure = {"known": "possible", "confirmed_at": None} if about == "speaker" else {}
    over = {"closed_at": world.now} if about == "closed" else {}
    session = await world.call(ben if about == "somebody else" else ann, **nobody_sure, **over)
    if about == "complaint":
        world.orders.add(late(ann))
    if about == "records":
        world.orders.go_down()
    body = {"conversation": session.id, "value": "long tours", "reason": "she said so"}
    refused = await put(desk, REP, "/customers/C-1/facts/use", body)
    code, words = {
        "complaint": ("said_in_a_complaint", "FH-C-1-late is late"),
        "speaker": ("not_confirmed", "say first how you made sure who is speaking"),
        "closed": ("conversation_closed", "this session is closed"),
        "somebody else": ("another_customers_session", "this session is another customer's"),
        "records": ("records_do_not_answer", "cannot be seen"),
    }[about]
    assert (refused.json()["code"], words in refused.json()["detail"]) == (code, True)
    [kept] = await world.rows(CustomerFactRow)
    assert (kept.value, kept.changed_at) == ("weekends", None)


async def test_the_next_draft_knows_what_was_answered(world, answered):
    draft = await world.drafted("How do I dry my tent?", "ann1")
    told = [item["text"] for item in draft.record["evidence"] if "has told us" in item["text"]]
    assert told == ["Customer Ann Wood has told us: use: weekends"]


async def test_what_was_answered_for_products_is_in_no_draft_and_still_not_asked_again(world):
    await world.ask_of(question("fit", purpose="product"))
    ann = customer()
    session, _ = await world.offered(world.sell(ann, order(ann)))
    await world.asked(session)
    await world.answered(session, "comes up small")
    draft = await world.drafted("How do I dry my tent?", "ann1")
    assert "comes up small" not in str(draft.record["evidence"])
    assert (await world.customers.get("C-1")).facts == {}


async def test_no_event_tells_what_was_said(world, answered):
    del answered
    told = str([event.data for event in await world.rows(EventRow)])
    assert "weekends" not in told
    assert {event.kind for event in await world.rows(EventRow)} >= {
        "question.asked",
        "question.answered",
        "fact.learned",
    }
