"""From the question worth asking to the fact that is known, and where it ends."""

from datetime import timedelta

import pytest

from server.db import writing
from server.models import CustomerFactRow, EventRow, QuestionRow
from server.questions import asking, keeping
from server.questions.states import (
    AlreadyDecided,
    NotConfirmed,
    NotToBeAsked,
    NotToBeAskedNow,
    NotToBeKept,
    RecordsDoNotAnswer,
    SkipReason,
)
from tests.fakes.cases import person
from tests.integration.questions.world import BOOTS, NOW, OTHER, REP, USE, customer, late, order, question


async def test_the_question_is_worded_for_the_customer_and_says_why_it_was_chosen(world, ann):
    await world.ask_of(question("foot-width", ask_when={"moment": "delivered", "family": "boots"}))
    conversation, chosen = await world.offered(ann)
    assert chosen.text == "What is the Ridge 2 for?"
    assert chosen.because == ("Ridge 2 (FH-C-1-ridge) arrived on 10 November 2026",)
    assert chosen.others == {"foot-width": "no boots of theirs with delivered lately"}
    [suggestion] = await world.suggestions()
    assert (suggestion.kind, suggestion.ref, suggestion.text) == ("question", "main-use", chosen.text)
    assert suggestion.conversation == conversation.id


async def test_a_german_customer_is_asked_in_german_and_a_polish_one_not_at_all(world):
    await world.ask_of(USE)
    for language, text in (("de", "Ridge 2: wofür?"), ("pl", None)):
        who = customer(language, language=language)
        _, chosen = await world.offered(world.sell(who, order(who)))
        assert (chosen.text if chosen else None) == text


async def test_looking_again_gives_the_same_question_and_offers_nothing_new(world, ann):
    conversation, first = await world.offered(ann)
    assert await world.chosen(conversation) == first
    assert len(await world.offers()) == 1


async def test_a_question_is_asked_as_suggested_or_in_the_reps_words(world, ann):
    conversation, _ = await world.offered(ann)
    offer = await world.asked(conversation, "And what is the tent for?")
    assert (offer.state, offer.asked_text) == ("asked", "And what is the tent for?")
    [suggestion] = await world.suggestions()
    assert (suggestion.state, suggestion.used) == ("edited", "And what is the tent for?")


async def test_a_rep_does_not_ask_for_what_is_never_kept(world, ann):
    conversation, _ = await world.offered(ann)
    with pytest.raises(NotToBeAsked, match="“kids” asks about children"):
        await world.asked(conversation, "Do you take the kids along?")
    assert [offer.state for offer in await world.offers()] == ["offered"]


async def test_an_answer_that_is_confirmed_is_known_from_then_on_and_not_asked_again(world, ann):
    conversation, _ = await world.offered(ann)
    await world.asked(conversation)
    fact = await world.answered(conversation, "  long tours ")
    assert (fact.fact, fact.value, fact.purpose, fact.learned_by) == ("main_use", "long tours", "advice", REP.id)
    assert (await world.customers.get("C-1")).facts == {"main_use": "long tours"}
    world.pass_days(31)
    assert (await world.offered(ann))[1] is None


async def test_an_answer_that_is_not_confirmed_leaves_no_words_behind(world, ann):
    conversation, _ = await world.offered(ann)
    await world.asked(conversation)
    assert await world.answered(conversation, "weekends", confirmed=False) is None
    assert await world.rows(CustomerFactRow) == []
    assert "weekends" not in str([event.data for event in await world.rows(EventRow)])


async def test_what_was_asked_and_not_answered_is_not_asked_again_either(world, ann):
    conversation, _ = await world.offered(ann)
    await world.asked(conversation)
    await world.answered(conversation, confirmed=False)
    for _ in range(2):
        world.pass_days(31)
        world.sell(ann, order(ann, BOOTS, days_ago=10 - (world.now - NOW) / timedelta(days=1)))
        assert (await world.offered(ann))[1] is None


async def test_what_was_not_asked_cannot_be_answered(world, ann):
    conversation, _ = await world.offered(ann)
    with pytest.raises(AlreadyDecided, match="has not been asked"):
        await world.answered(conversation)


@pytest.mark.parametrize("words", ["two adults and a child", "Arthrose im Knie", "estoy en paro", "à l'église"])
async def test_what_is_never_kept_is_refused_with_words_that_say_why(world, ann, words):
    conversation, _ = await world.offered(ann)
    await world.asked(conversation)
    with pytest.raises(NotToBeKept, match="never kept; leave it out"):
        await world.answered(conversation, words)
    assert await world.rows(CustomerFactRow) == []
    assert (await world.answered(conversation, "two of us")).value == "two of us"


@pytest.mark.parametrize("number", [4242424242424242, 4242424242424242.0, 447700900123])
async def test_a_card_or_telephone_number_is_refused_though_it_comes_as_a_number(world, ann, number):
    conversation, _ = await world.offered(ann)
    await world.asked(conversation)
    with pytest.raises(NotToBeKept, match="contact or payment data"):
        await world.answered(conversation, number)
    assert (await world.answered(conversation, 42.5)).value == 42.5


async def test_a_reason_keeps_no_more_than_an_answer(world, ann):
    conversation, _ = await world.offered(ann)
    why = {"reason": SkipReason.OTHER, "words": "she has cancer", "now": world.now}
    with pytest.raises(NotToBeKept, match="health"):
        await asking.skip(world.service, REP, conversation.id, **why)
    assert [offer.state for offer in await world.offers()] == ["offered"]
    await world.asked(conversation)
    await world.answered(conversation)
    said = keeping.Correction(conversation.id, "garden", "she had a stroke")
    with pytest.raises(NotToBeKept, match="health"):
        await keeping.correct_fact(world.service, REP, ann.id, "main_use", said, world.now)


async def test_nothing_is_kept_of_somebody_of_whom_nobody_is_sure(world, ann):
    conversation, _ = await world.offered(ann, known="possible", confirmed_at=None)
    await world.asked(conversation)
    with pytest.raises(NotConfirmed):
        await world.answered(conversation)


async def test_a_refusal_ends_it_for_good_and_every_question_after_the_same_fact(world, ann):
    conversation, _ = await world.offered(ann)
    await world.asked(conversation)
    await world.declined(conversation)
    await world.ask_of(question("use-again", fact="main_use"))
    world.sell(ann, order(ann, BOOTS, days_ago=-40))
    for _ in range(3):
        world.pass_days(45)
        assert (await world.offered(ann))[1] is None


async def test_who_says_no_before_the_question_is_out_is_left_alone_too(world, ann):
    await world.ask_of(question("other"))
    conversation, chosen = await world.offered(ann)
    await world.declined(conversation)
    assert (await world.offered(ann))[1] is None
    world.pass_days(31)
    _, next_one = await world.offered(ann)
    assert next_one is not None
    assert next_one.question != chosen.question


@pytest.mark.parametrize("answered", [True, False])
async def test_a_no_in_a_session_left_open_is_noted_though_they_were_asked_elsewhere_since(world, ann, answered):
    left_open, _ = await world.offered(ann)
    world.pass_days(1.1)
    elsewhere, _ = await world.offered(ann, by=OTHER)
    await world.asked(elsewhere, by=OTHER)
    if answered:
        await world.answered(elsewhere, confirmed=False, by=OTHER)
    refusal = await world.declined(left_open)
    assert (refusal.state, refusal.asked_at) == ("refused", None)
    await world.ask_of(question("use-again", fact="main_use"))
    world.pass_days(31)
    world.sell(ann, order(ann, BOOTS, days_ago=-30))
    assert (await world.offered(ann))[1] is None


async def test_a_question_left_aside_rests_and_the_customer_may_be_asked_another(world, ann):
    await world.ask_of(question("other"))
    conversation, first = await world.offered(ann)
    await world.skipped(conversation)
    assert await world.chosen(conversation) is None
    _, second = await world.offered(ann, by=OTHER)
    assert second.question != first.question
    assert second.others[first.question] == "a rep left it aside lately"


async def test_an_offer_that_nobody_decides_on_keeps_others_away_for_a_day(world, ann):
    await world.ask_of(question("other"))
    await world.offered(ann)
    assert (await world.offered(ann, by=OTHER))[1] is None
    world.pass_days(1.1)
    assert (await world.offered(ann, by=OTHER))[1] is not None


async def test_one_case_has_one_question_whoever_works_on_it(world, ann):
    await world.ask_of(question("other"))
    await world.post("How do I dry the tent?", "ann1")
    case = (await world.case("ann1")).id
    world.wait()
    await world.work()
    first, chosen = await world.offered(ann, case=case)
    assert chosen is not None
    await world.skipped(first)
    world.pass_days(2)
    assert (await world.offered(ann, case=case))[1] is None


async def test_a_customer_of_two_brands_is_one_person(world, ann):
    sister = customer("O-1", brand="oak", emails=("ANN1@example.com ",), handles=())
    world.sell(sister, order(sister))
    conversation, _ = await world.offered(ann)
    await world.asked(conversation)
    assert (await world.offered(sister))[1] is None
    world.pass_days(31)
    assert (await world.offered(sister))[1] is not None


@pytest.mark.parametrize("kept", [True, False])
async def test_an_answer_ends_every_question_after_the_same_fact_though_it_is_not_kept(world, ann, kept):
    conversation, _ = await world.offered(ann)
    await world.asked(conversation)
    fact = await world.answered(conversation, confirmed=kept)
    if fact is not None:
        async with writing(world.engine) as session:
            await session.delete(fact)
    await world.ask_of(question("use-again", fact="main_use"))
    world.pass_days(31)
    world.sell(ann, order(ann, BOOTS, days_ago=-20))
    assert (await world.offered(ann))[1] is None


async def test_what_does_not_hold_any_more_when_it_is_asked_stops_the_question(world):
    await world.ask_of(question("main-use", valid_to=NOW.date()))
    ann = customer()
    conversation, _ = await world.offered(world.sell(ann, order(ann)))
    world.customers.add(customer(consent={"questions": False}))
    with pytest.raises(NotToBeAskedNow, match="they want no questions"):
        await world.asked(conversation)
    world.customers.add(customer(consent={"advice": False}))
    with pytest.raises(NotToBeAskedNow, match="they do not want us to keep anything for advice"):
        await world.asked(conversation)
    world.customers.add(ann)
    world.pass_days(1)
    with pytest.raises(NotToBeAskedNow, match="it is not asked since 20 November 2026"):
        await world.asked(conversation)
    [row] = await world.rows(QuestionRow)
    async with writing(world.engine) as session:
        await session.merge(row.model_copy(update={"retired_at": world.now, "valid_to": None}))
    with pytest.raises(NotToBeAskedNow, match="it is not asked any more"):
        await world.asked(conversation)


async def test_nothing_is_asked_while_records_do_not_answer(world, ann):
    conversation, _ = await world.offered(ann)
    world.orders.go_down()
    assert (await world.offered(customer(2)))[1] is None
    with pytest.raises(RecordsDoNotAnswer, match="orders unreachable"):
        await world.asked(conversation)


async def test_who_wants_no_questions_gets_none(world):
    await world.ask_of(USE)
    for number, consent in enumerate(({"questions": False}, {"advice": False}, {"marketing": False})):
        who = customer(number, consent=consent)
        _, chosen = await world.offered(world.sell(who, order(who)))
        assert (chosen is not None) == (number == 2)


@pytest.mark.parametrize("state", ["copied", "inserted", "edited", "dismissed"])
async def test_a_suggested_question_is_decided_on_where_its_record_is_kept(world, desk, ann, state):
    conversation, chosen = await world.offered(ann)
    session = f"/conversations/{conversation.id}"
    told = {"state": state, "text": "And the tent?" if state == "edited" else None}
    told |= {"reason": "no time"} if state == "dismissed" else {}
    refused = await desk.post(REP, f"{session}/suggestions/{chosen.suggestion}", told)
    assert (refused.status_code, refused.json()["code"]) == (409, "question_has_its_own_record")
    assert f"{session}/question/asked" in refused.json()["detail"]
    assert [row.state for row in await world.suggestions()] == ["offered"]
    asked = await desk.post(REP, refused.json()["details"]["asked"], {"text": None})
    assert (asked.status_code, asked.json()["state"]) == (200, "asked")


async def test_why_no_question_is_offered_is_told(world, desk, ann):
    world.orders.add(late(ann))
    conversation, _ = await world.offered(ann)
    path = f"/conversations/{conversation.id}/question"
    for answer in (await desk.get(REP, path), await desk.post(REP, path, {})):
        assert (answer.status_code, answer.json()["code"]) == (404, "no_question_offered")
        assert answer.json()["detail"].startswith("no question is offered in this session: ")
        assert "complain" in answer.json()["detail"] or "late" in answer.json()["detail"], answer.json()["detail"]
    world.orders.go_down()
    assert "whether they complain cannot be seen" in (await desk.get(REP, path)).json()["detail"]


async def test_that_none_is_offered_is_told_before_anything_of_the_answer(world, desk, ann):
    world.orders.add(late(ann))
    conversation, _ = await world.offered(ann)
    path = f"/conversations/{conversation.id}/question"
    for step, said in (
        ("answered", {"value": "she has cancer", "confirmed": True}),
        ("asked", {"text": "Are you ill?"}),
        ("skipped", {"reason": "other", "words": "she has cancer"}),
    ):
        answer = await desk.post(REP, f"{path}/{step}", said)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_question_offered"), step


async def test_others_brands_sessions_do_not_exist(world, desk, ann):
    conversation, _ = await world.offered(ann)
    stranger = person("rep", brands=["oak"])
    for path in ("", "/asked", "/refused"):
        answer = await desk.post(
            stranger, f"/conversations/{conversation.id}/question{path}", {} if path != "/refused" else None
        )
        assert (answer.status_code, answer.json()["detail"]) == (404, "there is no such session")
