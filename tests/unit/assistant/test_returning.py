"""By when something may come back: the rule's span, counted from the delivery on record."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assistant.checks import check
from assistant.choosing import Choice
from assistant.composer import compose
from assistant.outcome import Claim, ClaimKind, Outcome, Part, Reply
from assistant.returning import find_rule, return_times
from assistant.turn import facts_of
from tests.fakes.desk import GUIDANCE, NOW, UNKNOWN, VERIFIED, day, desk, late_order, policy
from tools.records import Money, Order, OrderLine, OrderStatus, Passage, Return

SIXTY = "You can return unused items within 60 days of delivery, with their labels on."
RETURNS = policy("returns", "return_policy", SIXTY, category="returns")


def delivered(on: int = 10, **changes: object) -> Order:
    [parcel] = late_order().shipments
    arrived = replace(parcel, delivered_at=day(on))
    return late_order(**({"status": OrderStatus.DELIVERED, "shipments": (arrived,)} | changes))


def says(order: Order, *passages: Passage) -> str | None:
    time = return_times([order], passages or (RETURNS,)).get(order.id)
    return time.say(NOW) if time is not None else None


@pytest.mark.parametrize(
    ("sentence", "until"),
    [
        (SIXTY, date(2027, 1, 9)),
        ("Items can come back up to 2 weeks after delivery.", date(2026, 11, 24)),
        ("Send it back within 3 months of receipt.", date(2027, 2, 10)),
        ("Du kannst innerhalb von 30 Tagen nach der Lieferung zurückgeben.", date(2026, 12, 10)),
        ("Puedes devolverlo en los 30 días siguientes a la entrega; puedes devolver todo.", date(2026, 12, 10)),
        ("Vous pouvez le rendre dans les 14 jours suivant la livraison.", date(2026, 11, 24)),
    ],
)
def test_the_last_day_is_counted_from_the_delivery(sentence: str, until: date) -> None:
    [time] = return_times([delivered()], [policy("r", "return_policy", sentence, category="returns")]).values()
    assert time.until == until


@pytest.mark.parametrize(
    "passage",
    [
        policy("worn", "return_policy", "You can swap worn boots within 30 days of delivery.", category="returns"),
        policy("late", "order_late", "Late parcels come back within 9 days of delivery.", category="delays"),
        policy("inside", "return_policy", SIXTY, category="returns", audience="internal"),
        replace(RETURNS, product="sale"),
        policy("when", "return_policy", "You can return it within 30 days of buying it.", category="returns"),
    ],
)
def test_what_is_no_rule_for_every_return_from_delivery_is_none(passage: Passage) -> None:
    assert find_rule([passage]) is None


def test_of_several_rules_the_longest_counts() -> None:
    short = policy("short", "return_policy", "You can return it within 14 days of delivery.", category="returns")
    rule = find_rule([short, RETURNS])
    assert rule is not None
    assert rule.passage is RETURNS


def test_yes_and_no_are_said_with_the_day() -> None:
    assert says(delivered()) == (
        "Order FH-10423 (1 × Ridgeline 2): can be returned until 9 January 2027 if unused: yes; "
        "60 days from its delivery on 10 November 2026"
    )
    [parcel] = late_order().shipments
    last_year = replace(parcel, delivered_at=day(10) - timedelta(days=365))
    told = says(delivered(shipments=(last_year,)))
    assert told is not None
    assert "until 9 January 2026: no, that is past" in told


def test_the_last_day_itself_is_in_time() -> None:
    [parcel] = late_order().shipments
    on = replace(parcel, delivered_at=NOW - timedelta(days=60))
    assert ": yes;" in (says(delivered(shipments=(on,))) or "")
    over = replace(parcel, delivered_at=NOW - timedelta(days=61))
    assert ": no," in (says(delivered(shipments=(over,))) or "")


def test_it_runs_from_the_last_parcel_and_not_before_all_have_come() -> None:
    [parcel] = late_order().shipments
    lines = (*late_order().lines, OrderLine("L2", "Nook Mat", 1, Money(4900, "GBP")))
    first, second = replace(parcel, delivered_at=day(10)), replace(parcel, id="S2", lines=("L2",), delivered_at=day(14))
    assert "13 January 2027" in (says(delivered(lines=lines, shipments=(first, second))) or "")
    sent = replace(second, delivered_at=None)
    told = says(delivered(lines=lines, shipments=(first, sent), status=OrderStatus.PARTLY_SHIPPED))
    assert told is not None
    assert "still to come" in told


def test_what_came_back_or_was_cancelled_has_no_last_day() -> None:
    back = Return("R1", "return", ("L1",), requested_at=day(14))
    assert says(delivered(returns=(back,), status=OrderStatus.RETURN_REQUESTED)) is None
    assert says(delivered(status=OrderStatus.CANCELLED)) is None
    assert says(delivered(status=OrderStatus.RETURNED)) is None


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("You can return Ridgeline 2 unused until 9 January 2027.", True),
        ("You can return Ridgeline 2 unused until 19 January 2027.", False),
    ],
)
def test_the_checks_take_the_day_that_was_worked_out_and_no_other(sentence: str, holds: bool) -> None:
    material = desk("Can I return it?", "return_policy", identity=VERIFIED, order=delivered(), passages=[RETURNS])
    fact = material.record_evidence["order:FH-10423/return_until"]
    claim = Claim(Part.PRIVATE, sentence, ClaimKind.FACT, (fact.id,))
    findings = check(Reply(private_text=sentence, claims=(claim,)), facts_of(material, GUIDANCE, frozenset()))
    assert (findings == ()) is holds


def asked(language: str = "en", **changes: object) -> Outcome:
    known = {"identity": VERIFIED, "orders": [delivered()], "passages": [RETURNS], "places": ["direct_message"]}
    told = {"language": language, **known, **changes}
    return compose(desk("Can I still return the tent?", "return_policy", **told), GUIDANCE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "until 9 January 2027"),
        ("de", "bis zum 9. Januar 2027"),
        ("es", "hasta el 9 de enero de 2027"),
        ("fr", "jusqu'au 9 janvier 2027"),
    ],
)
def test_a_verified_customer_is_told_the_day_in_private_alone(language: str, words: str) -> None:
    reply = asked(language).reply
    assert words in (reply.private_text or "")
    assert "2027" not in (reply.public_text or "")
    assert "Ridgeline" not in (reply.public_text or "")


def test_what_has_not_come_is_told_with_where_it_is() -> None:
    told = asked(orders=[late_order()]).reply.private_text or ""
    assert "3 days late" in told
    assert "The time for a return begins with the delivery of Ridgeline 2." in told
    lost = asked(orders=[late_order(status=OrderStatus.LOST)]).reply.private_text or ""
    assert "lost" in lost
    assert "The time for a return" not in lost


def test_a_rule_about_something_else_that_answers_goes_before_the_day() -> None:
    recall = policy("recall", "recall_question", "Stop using this tent and do not pitch it again.", category="recall")
    told = {"identity": VERIFIED, "orders": [delivered()], "passages": [recall, RETURNS]}
    material = desk("Must I really send it back?", "return_policy", **told)  # type: ignore[arg-type]
    (_, evidence), *_ = material.passages
    likeliest = replace(material, choices=((Choice(recall, recall.answers[0], 0.8), evidence),))
    reply = compose(likeliest, GUIDANCE).reply
    assert "Stop using this tent" in (reply.public_text or "")
    assert "2027" not in (reply.private_text or "")


def test_nobody_else_is_told_a_day() -> None:
    reply = asked(identity=UNKNOWN, orders=[]).reply
    assert reply.private_text is None
    assert "60 days" in (reply.public_text or "")


def test_with_several_orders_no_day_is_told_of_one_of_them() -> None:
    other = delivered(id="FH-1")
    assert "2027" not in (asked(orders=[delivered(), other]).reply.private_text or "")
