from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.case import Post, Role
from assistant.composer import compose
from assistant.outcome import ClaimKind, Clarify, Draft, Outcome, Part
from tests.fakes.desk import (
    GUIDANCE,
    LINKED,
    NOW,
    SITE,
    UNKNOWN,
    VERIFIED,
    day,
    desk,
    late_order,
    policy,
    returned_order,
    twice_paid_order,
)
from tools.ports import Identity
from tools.records import Known, Money, OrderLine, OrderStatus, Promise, Return

PLACES = ("direct_message", "secure_form", "repairs")
DELAYS = policy("delays", "order_late", "Late parcels count as lost after 5 working days.", category="delays")


def draft(*args: object, **kwargs: object) -> Outcome:
    return compose(desk(*args, places=PLACES, **kwargs), GUIDANCE)  # type: ignore[arg-type]


def texts(outcome: Outcome) -> tuple[str, str]:
    return outcome.reply.public_text or "", outcome.reply.private_text or ""


def test_a_late_order_is_told_in_private_with_where_it_is_and_how_late() -> None:
    outcome = draft("where is my tent??", "order_late", identity=VERIFIED, order=late_order(), passages=[DELAYS])
    _, private = texts(outcome)
    for fact in ("FH-10423", "Ridgeline 2", "13 November", "17 November", "3 days late", "Leeds", "5 working days"):
        assert fact in private
    assert isinstance(outcome, Draft)
    assert [action.type for action in outcome.actions] == ["trace_parcel"]


def test_nothing_of_the_record_stands_in_public() -> None:
    public, _ = texts(draft("where is my order?", "order_late", identity=VERIFIED, order=late_order()))
    for fact in ("FH-10423", "Ridgeline", "Northway", "Leeds", "November", "289", "NW4471"):
        assert fact not in public
    assert "direct message" in public
    assert f"{SITE}/direct_message" in public


@pytest.mark.parametrize("identity", [LINKED, Identity(Known.POSSIBLE), UNKNOWN])
def test_only_verified_customers_are_told_anything(identity: Identity) -> None:
    orders = {"order": late_order()} if identity.customer else {}
    outcome = draft("where is my order FH-10423?", "order_late", identity=identity, **orders)
    public, private = texts(outcome)
    assert private == ""
    assert "FH-10423" not in public
    assert f"{SITE}/direct_message" in public


def test_an_order_that_is_not_theirs_gets_the_same_answer_as_one_that_does_not_exist() -> None:
    asked = "where is order FH-99999?"
    refused = draft(asked, "order_late", identity=VERIFIED, orders=[late_order()], refused=["FH-99999"])
    stranger = draft(asked, "order_late")
    assert texts(refused) == texts(stranger)


def test_two_open_orders_are_asked_about_in_private() -> None:
    boots = late_order(
        id="FH-10449", lines=(OrderLine("L1", "Scarp Mid GTX", 1, Money(18500, "GBP")),), status=OrderStatus.PROCESSING
    )
    outcome = draft("where is my order?", "order_late", identity=VERIFIED, orders=[late_order(), boots])
    public, private = texts(outcome)
    assert isinstance(outcome, Clarify)
    assert outcome.reason.code == "missing_order"
    assert "FH-10423 (Ridgeline 2) or FH-10449 (Scarp Mid GTX)" in private
    assert "FH-" not in public
    assert "two" not in public


def test_who_is_known_and_wants_money_back_is_asked_for_which_order_and_not_sent_to_a_form() -> None:
    done = [late_order(id=number, status=OrderStatus.DELIVERED) for number in ("FH-1001", "FH-1002")]
    outcome = draft("I want my money back!", "refund_status", identity=VERIFIED, orders=done)
    public, private = texts(outcome)
    assert isinstance(outcome, Clarify)
    assert outcome.reason.code == "missing_order"
    assert "FH-1001 (Ridgeline 2) or FH-1002 (Ridgeline 2)" in private
    assert "secure_form" not in public + private


@pytest.mark.parametrize(("intent", "confidence"), [("double_charge", 0.9), ("company_conduct", 0.9)])
def test_who_is_known_and_writes_in_private_is_sent_to_no_place_for_showing_who_they_are(
    intent: str, confidence: float
) -> None:
    said = [Post("1", "ann", Role.CUSTOMER, NOW, "I want my money back!", private=True)]
    known = compose(desk(said, [(intent, confidence)], identity=VERIFIED, places=PLACES), GUIDANCE)
    assert SITE not in (texts(known)[1] + texts(known)[0])
    stranger = compose(desk(said, [(intent, confidence)], places=PLACES), GUIDANCE)
    assert SITE in texts(stranger)[1] + texts(stranger)[0]


def test_a_lost_parcel_is_said_to_be_lost_and_the_choice_is_theirs() -> None:
    lost = policy("lost-parcels", "order_lost", "You choose: sent again, or your money back.", category="lost")
    outcome = draft(
        "any news of my parcel?", "order_late", identity=VERIFIED, order=late_order(status=OrderStatus.LOST),
        passages=[DELAYS, lost],
    )  # fmt: skip
    _, private = texts(outcome)
    assert "lost" in private
    assert "You choose: sent again, or your money back." in private
    assert isinstance(outcome, Draft)
    assert [action.type for action in outcome.actions] == ["replace_items", "refund"]


def test_a_promised_refund_is_told_as_open_and_proposed_not_done() -> None:
    promise = Promise("PR-1", "C-1", "Refund within 5 working days", day(3), "FH-10342", day(10))
    outcome = draft(
        "where is my refund?", "refund_status", identity=VERIFIED, order=returned_order(), promises=[promise]
    )
    _, private = texts(outcome)
    assert "A refund of £229.00 was promised and has not been carried out yet." in private
    assert "10 November" in private
    assert isinstance(outcome, Draft)
    (refund,) = outcome.actions
    assert dict(refund.arguments) == {"order": "FH-10342", "amount": 22900, "currency": "GBP"}


def test_a_promise_about_an_order_finds_the_order_where_the_words_do_not() -> None:
    promise = Promise("PR-1", "C-1", "Send a replacement", day(12), "FH-10423", NOW - timedelta(days=1))
    delivered = late_order(status=OrderStatus.DELIVERED)
    other = late_order(id="FH-1", status=OrderStatus.DELIVERED)
    outcome = draft(
        "has it left? it was meant to leave by the 19th", "order_late", identity=VERIFIED,
        orders=[other, delivered], promises=[promise],
    )  # fmt: skip
    _, private = texts(outcome)
    assert "FH-10423" in private
    assert "FH-1 " not in private
    assert isinstance(outcome, Draft)
    assert "replace_items" in [action.type for action in outcome.actions]


def test_two_payments_of_one_amount_are_told_with_their_amount_in_the_customers_language() -> None:
    outcome = draft(
        "vous m'avez débité deux fois", "double_charge", identity=VERIFIED, order=twice_paid_order(), language="fr"
    )
    _, private = texts(outcome)
    assert "deux paiements de 175,00\xa0€ du 17 novembre" in private


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "3 days late"), ("de", "3 Tage zu spät"), ("es", "3 días de retraso"), ("fr", "3 jours")],
)
def test_lateness_is_said_in_the_customers_language(language: str, said: str) -> None:
    outcome = draft("?", "order_late", identity=VERIFIED, order=late_order(), language=language)
    assert said in texts(outcome)[1]


def test_every_sentence_of_the_private_part_names_its_evidence() -> None:
    outcome = draft("where is my tent", "order_late", identity=VERIFIED, order=late_order(), passages=[DELAYS])
    stated = [
        c for c in outcome.reply.claims if c.part is Part.PRIVATE and c.kind in (ClaimKind.FACT, ClaimKind.POLICY)
    ]
    assert len(stated) >= 4
    assert all(claim.evidence for claim in stated)


def test_a_fault_is_answered_in_public_and_the_order_stays_private() -> None:
    warranty = policy("warranty-tents", "product_fault", "Our tents have a 5-year warranty.", category="warranty")
    outcome = draft(
        "the seam of my tent has opened", "product_fault", identity=VERIFIED, order=late_order(), passages=[warranty]
    )
    public, private = texts(outcome)
    assert "Our tents have a 5-year warranty." in public
    assert f"{SITE}/repairs" in public
    assert "FH-10423" in private
    assert "FH-10423" not in public


def test_who_asks_about_an_exchange_under_way_is_told_of_it() -> None:
    back = late_order(
        status=OrderStatus.EXCHANGE_REQUESTED,
        shipments=(),
        returns=(Return("R1", "exchange", ("L1",), received_at=day(18)),),
    )
    _, private = texts(draft("any news on my exchange?", "exchange_policy", identity=VERIFIED, order=back))
    assert "reached us on 18 November" in private


def test_who_waits_for_the_swapped_item_is_told_of_the_exchange_and_not_of_late_parcels() -> None:
    back = late_order(
        status=OrderStatus.EXCHANGE_REQUESTED,
        shipments=(),
        returns=(Return("R1", "exchange", ("L1",), received_at=day(18)),),
    )
    exchange = policy("exchanges", "exchange_policy", "The new item leaves after the scan.", category="exchanges")
    _, private = texts(
        draft(
            "when does the bigger one ship?", "order_late", identity=VERIFIED, order=back, passages=[DELAYS, exchange]
        )
    )
    assert "reached us on 18 November" in private
    assert "The new item leaves after the scan." in private


CHANGES = policy(
    "order-changes",
    "order_change",
    "You can change the colour yourself for 60 minutes after ordering.",
    category="orders",
)


def test_a_rule_that_a_known_customer_asks_for_is_told_in_public_too_and_the_order_is_not() -> None:
    outcome = draft(
        "can I still change the colour?", "order_change", identity=VERIFIED, order=late_order(), passages=[CHANGES]
    )
    public, private = texts(outcome)
    assert "60 minutes" in public
    assert "60 minutes" in private
    assert "FH-10423" in private
    assert "FH-10423" not in public


def test_what_follows_from_the_state_of_an_order_is_told_in_private_alone() -> None:
    lost = policy("lost-parcels", "order_lost", "When a parcel is lost you choose.", category="lost")
    outcome = draft(
        "where is my tent?", "order_late", identity=VERIFIED, order=late_order(status=OrderStatus.LOST), passages=[lost]
    )
    public, private = texts(outcome)
    assert "lost" not in public
    assert "When a parcel is lost you choose." in private


def test_a_standard_parcel_is_not_answered_with_the_rule_for_express() -> None:
    text = "If an express parcel misses its day, it is free."
    express = replace(policy("express", "order_late", text, category="delays"), product="express")
    late = draft("my express is late", "order_late", identity=VERIFIED, order=late_order(), passages=[express, DELAYS])
    assert "express" not in texts(late)[1]
