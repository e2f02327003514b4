"""By when something may come back: the rule's span, counted from the delivery on record."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assistant.checks import check
from assistant.choosing import Choice
from assistant.composer import compose
from assistant.outcome import Claim, ClaimKind, Outcome, Part, Reply
from assistant.return_rules import find_rule
from assistant.returning import return_times
from assistant.turn import facts_of
from tests.fakes.desk import GUIDANCE, NOW, UNKNOWN, VERIFIED, day, desk, late_order, policy
from tools.records import Money, Order, OrderLine, OrderStatus, Passage, Product, Return

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


@pytest.mark.parametrize(
    "sentence",
    [
        "Damaged items can be returned within 90 days of delivery.",
        "Club members can return items within 100 days of delivery.",
        "Orders placed between 1 November and 24 December can be returned within 90 days of delivery.",
        "Items bought in December can be returned within 90 days of delivery.",
        "Gifts can be returned within 120 days of delivery.",
        "Boots can be returned within 120 days of delivery.",
        "Stiefel kannst du innerhalb von 120 Tagen nach der Lieferung zurückgeben.",
        "Los zapatos se pueden devolver en los 120 días siguientes a la entrega.",
        "Les chaussures peuvent être retournées dans les 120 jours suivant la livraison.",
        "Returns for store credit are possible within 180 days of delivery.",
        "Refunds are made within 90 days of receiving your return.",
        "You cannot return items later than 90 days after delivery.",
    ],
)
def test_what_holds_for_some_alone_is_nobodys_day(sentence: str) -> None:
    for_some = policy("for-some", "return_policy", sentence, category="returns")
    assert find_rule([for_some]) is None
    assert "until 9 January 2027" in (says(delivered(), RETURNS, for_some) or ""), "the rule for all holds"


@pytest.mark.parametrize(
    "sentence",
    [
        "Most new, unopened items can be returned within 60 days of delivery for a full refund.",
        "Items that have not been used can be returned within 60 days of receipt.",
        "You can return or exchange your purchase within 60 days of delivery.",
        "Returns are accepted within 60 days of delivery.",
        "Nicht benutzte Ware nehmen wir innerhalb von 60 Tagen nach Lieferung zurück.",
        "Puedes devolver los artículos en los 60 días siguientes a la entrega.",
        "Vous pouvez retourner les articles dans les 60 jours suivant la livraison.",
    ],
)
def test_a_rule_for_whatever_was_bought_is_read_however_it_is_put(sentence: str) -> None:
    told = says(delivered(), policy("r", "return_policy", sentence, category="returns"))
    assert "until 9 January 2027" in (told or "")


def test_where_a_region_has_another_rule_no_day_is_told() -> None:
    here = policy(
        "us", "return_policy", "In the US you can return items within 30 days of delivery.", category="returns"
    )
    here = replace(here, regions=("US",))
    assert says(delivered(), RETURNS, here) is None
    assert "10 December 2026" in (says(delivered(), here) or "")


@pytest.mark.parametrize(
    "line",
    [
        OrderLine("L1", "Ridgeline 2 tent", 1, Money(28900, "GBP")),
        OrderLine("L1", "Ridgeline 2", 1, Money(28900, "GBP"), options={"mark": "Last Pitch"}),
        OrderLine("L1", "Fellwalker Mid", 1, Money(18900, "GBP"), product="fellwalker"),
        OrderLine("L1", "Gift card", 1, Money(5000, "GBP")),
    ],
)
def test_what_a_document_of_its_own_speaks_of_has_no_day_by_the_rule_for_all(line: OrderLine) -> None:
    tents = replace(RETURNS, document="tents", product="tents", answers=())
    boots = replace(RETURNS, document="boots", product="boots", answers=())
    marked = replace(RETURNS, document="marked", text="Things marked “Last Pitch” have 14 days.", answers=())
    fellwalker = Product("fellwalker", "Fellwalker Mid", (), family="boots")
    mat = OrderLine("L2", "Nook Mat", 1, Money(4900, "GBP"))
    [parcel] = delivered().shipments
    told = (RETURNS, tents, boots, marked)
    alone = delivered(lines=(line,))
    assert return_times([alone], told, [fellwalker]) == {}
    both = delivered(lines=(line, mat), shipments=(replace(parcel, lines=("L1", "L2")),))
    [time] = return_times([both], told, [fellwalker]).values()
    assert time.lines == (mat,)


def test_what_has_left_us_in_no_parcel_has_not_come() -> None:
    lines = (*late_order().lines, OrderLine("L2", "Nook Mat", 1, Money(4900, "GBP")))
    told = says(delivered(lines=lines, status=OrderStatus.PARTLY_SHIPPED))
    assert "still to come" in (told or "")


def test_what_is_sent_in_exchange_gives_the_rest_no_more_time() -> None:
    [parcel] = late_order().shipments
    lines = (*late_order().lines, OrderLine("L2", "Nook Mat", 1, Money(4900, "GBP")))
    first = replace(parcel, lines=("L1", "L2"), delivered_at=day(2))
    again = replace(parcel, id="S2", lines=("L1",), delivered_at=day(18))
    swapped = Return("R1", "exchange", ("L1",), requested_at=day(5), received_at=day(9))
    exchanged = delivered(lines=lines, shipments=(first, again), returns=(swapped,), status=OrderStatus.EXCHANGED)
    for order in (exchanged, delivered(lines=lines, shipments=(first, again))):
        told = says(order) or ""
        assert "(1 × Nook Mat): can be returned until 1 January 2027" in told


@pytest.mark.parametrize("words", ["My tent arrived broken, I want my money back", "Der Reißverschluss ist kaputt"])
def test_who_tells_of_a_fault_is_told_no_day_for_a_change_of_mind(words: str) -> None:
    [parcel] = late_order().shipments
    old = delivered(shipments=(replace(parcel, delivered_at=day(10) - timedelta(days=100)),))
    known = {"identity": VERIFIED, "orders": [old], "passages": [RETURNS], "places": ["direct_message"]}
    told = compose(desk(words, "return_policy", **known), GUIDANCE).reply  # type: ignore[arg-type]
    assert "ended" not in (told.private_text or "")


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
