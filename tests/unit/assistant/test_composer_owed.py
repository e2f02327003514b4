"""Nobody who waits for something that we promised and did not do is asked what the matter is."""

from datetime import timedelta

import pytest

from assistant.checks import check
from assistant.composer import compose
from assistant.outcome import Clarify, Draft, Outcome, Part
from assistant.turn import facts_of
from tests.fakes.desk import GUIDANCE, LINKED, NOW, UNKNOWN, VERIFIED, day, desk, late_order, returned_order
from tools.ports import Identity
from tools.records import OrderStatus, Promise

PLACES = ("direct_message", "secure_form")
DELIVERED = late_order(status=OrderStatus.DELIVERED)
REPLACEMENT = Promise("PR-1", "C-1", "Send a replacement", day(12), "FH-10423", day(19))
CALL = Promise("PR-2", "C-1", "Call them back", day(12), due=day(17))


def draft(text: str, *args: object, **kwargs: object) -> Outcome:
    known = {"identity": VERIFIED, "orders": [DELIVERED], "promises": [REPLACEMENT], "places": PLACES}
    return compose(desk(text, *args, **(known | kwargs)), GUIDANCE)  # type: ignore[arg-type]


def private(outcome: Outcome) -> str:
    return outcome.reply.private_text or ""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("You promised a call on Tuesday, where is it?", "en"),
        ("Nobody has called me back", "en"),
        ("Ihr habt mir einen Rückruf versprochen, wo bleibt er?", "de"),
        ("Me prometisteis una llamada el martes, ¿dónde está?", "es"),
        ("Vous m'aviez promis un appel mardi, où est-il ?", "fr"),
    ],
)
@pytest.mark.parametrize("intent", ["vague_complaint", "still_not_solved", "double_charge", "company_conduct"])
def test_who_asks_after_a_promise_is_told_how_it_stands(text: str, language: str, intent: str) -> None:
    outcome = draft(text, intent, language=language)
    assert isinstance(outcome, Draft)
    assert "FH-10423" in private(outcome)
    assert "?" not in private(outcome)
    assert [action.type for action in outcome.actions] == ["replace_items"]


@pytest.mark.parametrize("text", ["hello?", "what is this", "I tried everything and it is no better"])
@pytest.mark.parametrize("intent", ["vague_complaint", "still_not_solved"])
def test_nothing_is_asked_first_where_the_words_do_not_say_what_it_is_about(text: str, intent: str) -> None:
    outcome = draft(text, intent)
    assert isinstance(outcome, Draft)
    assert "was due on 19 November and is not kept yet" in private(outcome)


def test_a_question_about_something_else_stands_behind_the_promise() -> None:
    outcome = draft("the app keeps crashing", "app_or_site_fault")
    assert isinstance(outcome, Draft)
    assert private(outcome).index("is not kept yet") < private(outcome).index("?")


def test_a_promise_about_no_order_is_told_as_well() -> None:
    outcome = draft("You promised a call on Tuesday, where is it?", "vague_complaint", promises=[CALL])
    assert "We're sorry: our promise of 12 November was due on 17 November and is not kept yet." in private(outcome)


def test_a_refund_that_was_promised_is_told_with_its_amount() -> None:
    promise = Promise("PR-1", "C-1", "Refund within 5 working days", day(3), "FH-10342", day(10))
    outcome = draft("You promised it by the 10th!", "vague_complaint", orders=[returned_order()], promises=[promise])
    assert "£229.00" in private(outcome)
    assert isinstance(outcome, Draft)
    assert [action.type for action in outcome.actions] == ["refund"]


def test_nothing_of_a_promise_stands_in_public() -> None:
    public = draft("You promised a call on Tuesday, where is it?", "vague_complaint").reply.public_text or ""
    assert "direct message" in public
    assert not any(word in public for word in ("FH-10423", "November", "promise"))


@pytest.mark.parametrize("identity", [LINKED, Identity(UNKNOWN.known)])
def test_only_verified_customers_are_told_of_a_promise(identity: Identity) -> None:
    known = {"orders": [DELIVERED], "promises": [REPLACEMENT]} if identity.customer else {"orders": [], "promises": []}
    outcome = draft("You promised a call on Tuesday, where is it?", "vague_complaint", identity=identity, **known)
    assert private(outcome) == ""


@pytest.mark.parametrize(
    "promise",
    [
        Promise("PR-1", "C-1", "Call them back", day(12), due=NOW + timedelta(days=1)),
        Promise("PR-1", "C-1", "Call them back", day(12), due=day(17), state="kept"),
    ],
)
def test_what_is_not_overdue_keeps_no_question_back(promise: Promise) -> None:
    assert isinstance(draft("hello?", "vague_complaint", orders=[], promises=[promise]), Clarify)


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_the_days_of_a_promise_are_found_to_be_its_own(language: str) -> None:
    known = {"identity": VERIFIED, "orders": [DELIVERED], "promises": [REPLACEMENT], "places": PLACES}
    material = desk("hello?", "vague_complaint", language=language, **known)  # type: ignore[arg-type]
    reply = compose(material, GUIDANCE).reply
    assert reply.private_text is not None
    assert "12" in reply.private_text
    findings = check(reply, facts_of(material, GUIDANCE, frozenset()))
    assert [finding for finding in findings if finding.part is Part.PRIVATE] == []


def test_steps_that_were_tried_are_a_reason_to_ask_for_faults_alone() -> None:
    tried = {"tried": ["Please reinstall it."], "orders": [], "promises": []}
    fault = draft("the app keeps crashing", "app_or_site_fault", **tried)
    assert isinstance(fault, Clarify)
    assert fault.reason.code == "already_tried"
    other = draft("help me", "account_locked_out", **tried)
    assert not isinstance(other, Clarify) or other.reason.code == "missing_detail"
