"""What the screen catches, on made-up posts (tests/evals/screen.jsonl), and what it says of a hit.

`expect` is the reason's code, or null for a harmless post that sounds like danger. The posts marked "second" were
written after the words had been tuned on the "first", and then the words were tuned on them, too: on neither half is
the words' hit rate a measure of what they catch in new posts. tests/unit/assistant/test_screen_by_meaning.py has posts
that nothing was tuned on.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import regex

from assistant.case import Attachment, Post, Role, Thread
from assistant.guidance import Brand, Guidance, Holding
from assistant.language import detect_language
from assistant.outcome import ClaimKind, HandOver, NoReply
from assistant.screen import screen
from assistant.screening.patterns import CATEGORIES, category
from server.policies.files import load_guidance
from server.settings import SHIPPED_KNOWLEDGE

_FILE = Path(__file__).parents[2] / "evals" / "screen.jsonl"
_CASES = [json.loads(line) for line in _FILE.read_text(encoding="utf-8").splitlines()]
_DANGER = {category(name).code for name in CATEGORIES}
_UNTRUE_OF_A_CALL = regex.compile(
    r"""(?i)\b(?:post(?:ing|ed|s)?|threads?|message|read(?:s|ing)?|passed|forwarded|has\ your|taking\ this|in\ public
    |nachricht|liest|geschrieben|schreib|lesen|weitergegeben|öffentlich|übernimmt
    |mensaje|leyendo|escrit|publi|pasado|hilo|se\ ocupa\.|fil\b|lit\b|écrit|transmise?\b|prend\ le\ relais)""",
    regex.VERBOSE,
)
_GREY = 0.03
"""The share of harmless look-alikes that may be flagged; a person dismisses them with a click."""

FERNHOLLOW = Brand(id="fernhollow", name="Fernhollow", accounts={"x": "FernhollowHelp"}, default=True)
GUIDANCE = Guidance(
    brands=(FERNHOLLOW,),
    holdings=(
        Holding(category="injury", team="on_call_safety", text={"en": "We are sorry. Help comes first."}),
        Holding(category="injury", team="safety_north", text={"en": "Call us."}, brand="fernhollow"),
        Holding(category="legal", team="on_call_legal", text={"en": "Passed on."}),
    ),
)


def thread(*texts: str, author: str = "someone", brand: str | None = "fernhollow", picture: bool = False) -> Thread:
    attachments = (Attachment("image"),) if picture else ()
    posts = [
        Post(str(number), author, Role.CUSTOMER, datetime(2026, 11, 20, tzinfo=UTC), text, attachments)
        for number, text in enumerate(texts)
    ]
    return Thread("t", "x", tuple(posts), brand)


def look(
    text: str, *, brand: Brand | None = FERNHOLLOW, guidance: Guidance = GUIDANCE, **kwargs: Any
) -> HandOver | NoReply | None:
    found = detect_language(text, "en")
    return screen(thread(text, **kwargs), language=found, brand=brand, guidance=guidance)


@pytest.mark.parametrize("half", ["first", "second"])
def test_no_danger_is_missed(half: str) -> None:
    """A regression test: the words were tuned on both halves until none was missed."""
    cases = [case for case in _CASES if case["half"] == half and case["expect"] in _DANGER]
    assert len(cases) > 150
    missed = [case["text"] for case in cases if not isinstance(look(case["text"]), HandOver)]
    assert missed == []


def test_danger_goes_to_the_right_people() -> None:
    wrong = []
    for case in _CASES:
        outcome = look(case["text"])
        if case["expect"] in _DANGER and outcome is not None and outcome.reason.code != case["expect"]:
            wrong.append((case["expect"], outcome.reason))
    assert len(wrong) <= 0.04 * len(_CASES), wrong


@pytest.mark.parametrize("half", ["first", "second"])
def test_few_harmless_look_alikes_are_flagged(half: str) -> None:
    cases = [case for case in _CASES if case["half"] == half and case["expect"] is None]
    flagged = [case["text"] for case in cases if look(case["text"]) is not None]
    assert len(cases) > 100
    assert len(flagged) <= _GREY * len(cases), flagged


def test_noise_gets_no_reply_with_its_reason() -> None:
    for case in _CASES:
        if case["expect"] not in _DANGER | {None}:
            outcome = look(case["text"])
            assert isinstance(outcome, NoReply), case
            assert outcome.reason.code == case["expect"]


def test_a_hit_says_which_words_and_carries_the_approved_text_alone() -> None:
    outcome = look("I burned my hand on your stove")
    assert isinstance(outcome, HandOver)
    assert outcome.reason.words == "mentions an injury or illness: “burned my hand”"
    assert outcome.team == "safety_north"
    assert outcome.reply.public_text == "Call us."
    assert outcome.reply.private_text is None


@pytest.mark.parametrize("channel", ["phone", "chat", "email"])
def test_who_is_spoken_to_is_told_in_private_what_is_true_before_anything_was_passed_on(channel: str) -> None:
    said = {"en": "This is for our safety team."}
    holding = Holding(category="injury", team="on_call", text={"en": "They have your message."}, between_two=said)
    calls = replace(thread("Your stove burned my hand"), channel=channel)
    guidance = Guidance(brands=(FERNHOLLOW,), holdings=(holding,))
    outcome = screen(calls, language="en", brand=FERNHOLLOW, guidance=guidance)
    assert isinstance(outcome, HandOver)
    assert (outcome.reply.public_text, outcome.reply.private_text) == (None, said["en"])
    without = screen(calls, language="en", brand=FERNHOLLOW, guidance=GUIDANCE)
    assert isinstance(without, HandOver)
    assert without.reply.private_text is None


def test_no_shipped_text_for_a_caller_says_that_anything_was_passed_on_or_speaks_of_posts() -> None:
    texts = [text for one in load_guidance(SHIPPED_KNOWLEDGE).holdings for text in one.between_two.values()]
    assert len(texts) == 4 * len(CATEGORIES)
    assert [text for text in texts if _UNTRUE_OF_A_CALL.search(text)] == []


def test_the_words_of_a_hit_are_the_customers_own() -> None:
    outcome = look("je me suis brûlé la main avec le réchaud")
    assert isinstance(outcome, HandOver)
    assert "brûlé la main" in outcome.reason.words


def test_each_sentence_of_the_approved_text_is_a_claim() -> None:
    tarnlight = Brand(id="tarnlight", name="Tarnlight")
    outcome = look("Your stove burned my hand", brand=tarnlight)
    assert isinstance(outcome, HandOver)
    assert [claim.sentence for claim in outcome.reply.claims] == ["We are sorry.", "Help comes first."]
    assert {claim.kind for claim in outcome.reply.claims} == {ClaimKind.COURTESY}


def test_a_brand_that_is_not_ours_gets_the_team_and_no_text() -> None:
    outcome = look("Your stove burned my hand", brand=None)
    assert isinstance(outcome, HandOver)
    assert outcome.team == "on_call_safety"
    assert outcome.reply.public_text is None
    assert outcome.reply.claims == ()


@pytest.mark.parametrize("text", ["Der Kocher hat mir die Hand verbrannt", "mi sono bruciato la mano col fornello"])
def test_no_approved_text_in_the_language_means_no_text(text: str) -> None:
    outcome = look(text)
    assert isinstance(outcome, HandOver)
    assert outcome.reply.public_text is None


def test_danger_is_found_without_any_guidance() -> None:
    outcome = look("I am going to kill myself", brand=None, guidance=Guidance(brands=()))
    assert isinstance(outcome, HandOver)
    assert (outcome.reason.code, outcome.team) == ("danger_self_harm", "on_call_safety")


def test_only_what_the_author_says_now_counts() -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    posts = (
        Post("1", "ann", Role.CUSTOMER, at, "your stove burned my hand"),
        Post("2", "troll", Role.CUSTOMER, at, "I will kill you all"),
        Post("3", "FernhollowHelp", Role.BRAND, at, "We are sorry you were hurt."),
        Post("4", "ann", Role.CUSTOMER, at, "ok. by the way, do you sell pegs?"),
    )
    assert screen(Thread("t", "x", posts), language="en", brand=FERNHOLLOW, guidance=GUIDANCE) is None


def test_the_gravest_matter_decides() -> None:
    outcome = look("My lawyer will call you: your stove burned my hand")
    assert isinstance(outcome, HandOver)
    assert outcome.reason.code == "danger_injury"


def test_words_of_a_handle_or_a_link_are_nobodys_danger() -> None:
    assert look("@KillBillFan @lawyer_joe do you sell pegs? https://example.com/how-to-sue-for-injury") is None


@pytest.mark.parametrize(
    ("author", "text", "caught"),
    [
        ("FernhollowHelpdesk", "We are sorry! Kindly DM us your phone number.", True),
        ("fernhollow_support1", "Please click the link below to get your refund", True),
        ("hiker22", "Dear valued customer, we apologize. Kindly send us your card details for quick assistance", True),
        ("FernhollowHelp", "We are sorry, please send us a message", False),
        ("fernhollow_fan", "love this! where is my order", False),
        ("hiker22", "@FernhollowHelpdesk asks people to send them their card details, is that you?", False),
    ],
)
def test_who_poses_as_support_is_told_from_who_reports_it(author: str, text: str, caught: bool) -> None:
    outcome = look(text, author=author)
    assert (isinstance(outcome, NoReply) and outcome.reason.code == "impersonation") == caught


def test_an_insult_with_a_picture_may_have_a_matter() -> None:
    assert isinstance(look("you suck"), NoReply)
    assert look("you suck", picture=True) is None


def test_a_post_of_no_words_passes() -> None:
    assert look("") is None
    assert look("😡😡😡") is None
