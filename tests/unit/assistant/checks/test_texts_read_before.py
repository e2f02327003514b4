"""What was read of a text serves the next turns: only for the same words, told of the same thing, on the same day."""

from datetime import UTC, datetime

from tests.unit.assistant.checks.sentences import findings, policy, record, rules

UNUSED = "Returns\n\nSend it back within 60 days of delivery."


def test_a_passage_that_was_changed_is_read_anew():
    assert not rules("You can send it back within 60 days of delivery.", policy(UNUSED))

    changed = policy(UNUSED.replace("60", "30"))

    assert "duration" in rules("You can send it back within 60 days of delivery.", changed)
    assert not rules("You can send it back within 30 days of delivery.", changed)


def test_the_same_sentence_belongs_to_the_order_above_it_each_time():
    first = record("Order FH-10423:\n- The parcel was sent on 13 November 2026.")
    second = record("Order FH-10555:\n- The parcel was sent on 13 November 2026.")

    for order, other in (("FH-10423", "FH-10555"), ("FH-10555", "FH-10423")):
        cited = first if order == "FH-10423" else second
        assert not rules(f"The parcel of your order {order} was sent on 13 November.", cited)
        assert rules(f"The parcel of your order {other} was sent on 13 November.", cited)


def test_days_are_counted_from_the_day_of_the_turn():
    arrives = record("The parcel is due on 21 November 2026.")

    assert not findings("Your parcel is due tomorrow.", arrives)
    assert findings("Your parcel is due tomorrow.", arrives, now=datetime(2026, 11, 21, 12, tzinfo=UTC))


def test_a_public_text_may_name_what_was_made_known_since():
    sentence, page = "Read more: https://www.fernhollow.example/help/returns", "https://www.fernhollow.example/help"
    targets = frozenset({page})

    assert "link" in rules(sentence, known_targets=targets)
    assert "link" not in rules(sentence, known_targets=targets | {f"{page}/returns"})
