"""Whether what was sent is the draft, nearly the draft, or something else."""

import pytest

from server.insights.changes import Used, how_used

# twenty-one words: two of them may differ
DRAFT = "Hi there, thanks for asking. You can send the Ridgeline tent back within 60 days, as long as nobody used it."


def used(sent: str, written: str = DRAFT, language: str = "en") -> Used:
    return how_used(written, sent, language)


def test_the_same_words_are_unchanged_however_the_lines_break():
    assert used(DRAFT.replace(". ", ".\n")) is Used.UNCHANGED


@pytest.mark.parametrize(
    ("was", "is_", "changed"),
    [
        ("asking.", "asking!", Used.LIGHT),
        ("thanks for asking", "thank you for asking", Used.LIGHT),  # two words for one
        ("as long as nobody used it", "provided nobody used it", Used.HEAVY),  # one for three
        ("Hi there, thanks for asking. ", "", Used.HEAVY),
    ],
)
def test_a_tenth_of_the_words_is_a_light_change(was: str, is_: str, changed: Used):
    assert used(DRAFT.replace(was, is_)) is changed


@pytest.mark.parametrize(
    ("was", "is_"),
    [
        ("60 days", "90 days"),
        ("60 days", "60 weeks"),
        ("within 60 days", "by Friday"),
        ("Ridgeline", "Summit"),
        ("as long as nobody used it.", "as long as nobody used it: fernhollow.example"),
    ],
)
def test_a_number_a_date_a_name_or_a_link_makes_it_heavy(was: str, is_: str):
    assert used(DRAFT.replace(was, is_)) is Used.HEAVY


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("It costs 20 pounds and the bag costs 30 pounds.", "It costs 30 pounds and the bag costs 20 pounds."),
        ("Sent on 3 November and with you on 9 November.", "Sent on 9 November and with you on 3 November."),
        ("Anna, it is on its way.", "Emma, it is on its way."),
    ],
)
def test_facts_that_change_places_and_a_name_that_comes_first_make_it_heavy(written: str, sent: str):
    padding = " and so on with many words that say nothing at all" * 6
    assert used(sent + padding, written + padding) is Used.HEAVY


def test_a_promise_that_is_changed_put_in_or_taken_out_makes_it_heavy():
    padding = " ".join(["and so on with many words that say nothing at all"] * 6)
    promises = f"{padding}. We will call you."
    assert used(f"{padding}. We will write you.", promises) is Used.HEAVY
    assert used(f"{padding}.", promises) is Used.HEAVY
    assert used(promises, f"{padding}.") is Used.HEAVY
    assert used(f"{padding} thanks. We will call you.", promises) is Used.LIGHT


def test_whoever_has_nothing_before_them_writes_it_themselves():
    assert used("We are looking into it.", "") is Used.NONE


def test_other_languages():
    written = "Danke für deine Nachricht. Du kannst das Zelt innerhalb von 60 Tagen zurückgeben, wenn es unbenutzt ist."
    assert used(written.replace("Danke", "Vielen Dank"), written, "de") is not Used.UNCHANGED
    assert used(written.replace("kannst", "darfst"), written, "de") is Used.LIGHT
    assert used(written.replace("60 Tagen", "30 Tagen"), written, "de") is Used.HEAVY
