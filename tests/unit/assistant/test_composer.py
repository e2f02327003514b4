from dataclasses import replace

import pytest

from assistant.case import Attachment, Post
from assistant.composer import compose
from assistant.composing.wording import Text, finish
from assistant.counting import count, limit
from assistant.outcome import ClaimKind, Clarify, Draft, HandOver, NoReply, Outcome, Part
from assistant.sentences import split_sentences
from tests.fakes.desk import BRAND, GUIDANCE, SITE, desk, policy, posts
from tools.records import Answer

RETURNS = policy("returns", "return_policy", "Unused items can be returned within 60 days.", category="returns")
RECOVERY = policy("account-recovery", "account_locked_out", "The link is valid for 30 minutes.", category="account")


def draft(*args: object, **kwargs: object) -> Outcome:
    return compose(desk(*args, **kwargs), GUIDANCE)  # type: ignore[arg-type]


def public(outcome: Outcome) -> str:
    assert outcome.reply.public_text is not None
    return outcome.reply.public_text


def test_a_policy_question_gets_the_prepared_answer_and_its_page() -> None:
    outcome = draft("how long can I return a pack?", "return_policy", passages=[RETURNS])
    assert isinstance(outcome, Draft)
    assert "Unused items can be returned within 60 days." in public(outcome)
    assert f"{SITE}/help/returns" in public(outcome)


def test_the_answer_is_given_in_the_language_of_the_post() -> None:
    german = policy(
        "returns", "return_policy", "Unbenutztes geht 60 Tage lang zurück.", category="returns", language="de"
    )
    outcome = draft("wie lange kann ich zurückgeben?", "return_policy", passages=[german], language="de")
    assert "Unbenutztes geht 60 Tage lang zurück." in public(outcome)


def test_an_internal_document_is_never_told() -> None:
    internal = policy("limits", "return_policy", "Reps may give 10 pounds.", category="returns", audience="internal")
    outcome = draft("how long can I return a pack?", "return_policy", passages=[internal])
    assert "10 pounds" not in public(outcome)


def test_without_a_fitting_policy_one_question_is_asked_and_nothing_is_claimed() -> None:
    outcome = draft("can I bring back a pack I never used?", "return_policy")
    assert isinstance(outcome, Clarify)
    assert {claim.kind for claim in outcome.reply.claims} == {ClaimKind.COURTESY, ClaimKind.QUESTION}


def test_who_is_locked_out_gets_the_answer_and_the_one_right_link() -> None:
    outcome = draft(
        "can't get into my account", "account_locked_out", passages=[RECOVERY],
        places=("account_recovery", "direct_message", "help_centre"),
    )  # fmt: skip
    assert public(outcome).count("https://") == 1
    assert f"{SITE}/account_recovery" in public(outcome)


@pytest.mark.parametrize("number", range(6))
def test_who_is_asked_between_two_is_not_warned_of_readers(number: int) -> None:
    said = "I don't receive any email to reset my password" + "!" * number  # each variant of the question comes up
    assert "(" in public(draft(said, "account_locked_out"))
    on_the_phone = public(draft(said, "account_locked_out", channel="phone"))
    assert "spam" in on_the_phone
    assert "(" not in on_the_phone


def test_an_email_posted_in_public_is_not_repeated_and_its_author_is_asked_to_delete_it() -> None:
    outcome = draft(
        "cant get in, my mail is dan.keller@example.com", "account_locked_out", places=("account_recovery",)
    )
    assert "example.com/" not in public(outcome).replace(SITE, "")
    assert "dan.keller" not in public(outcome)
    assert "delete" in public(outcome) or "take down" in public(outcome)


def test_a_place_the_brand_named_before_is_not_named_again() -> None:
    named = f"You can appeal here: {SITE}/appeal"
    thread = posts("my account is suspended", f">{named}", "I DID appeal. no answer for weeks")
    outcome = draft(thread, "account_suspended", places=("appeal", "direct_message"), tried=[named])
    assert f"{SITE}/appeal" not in public(outcome)
    assert f"{SITE}/direct_message" in public(outcome)


def test_advice_the_brand_gave_before_is_not_given_again() -> None:
    advice = "Please sign out, update the app and sign in again."
    help_page = policy("app-help", "app_or_site_fault", "Sign out, update the app and sign in again.", category="howto")
    thread = posts("app crashes", f">{advice}", "reinstalled and restarted, still crashing")
    outcome = draft(thread, "app_or_site_fault", passages=[help_page], tried=[advice])
    assert "update the app" not in public(outcome)


def test_a_question_the_brand_asked_before_is_not_asked_again() -> None:
    thread = posts("the game freezes", ">Which platform are you playing on?", "ps4")
    outcome = draft(thread, "app_or_site_fault", brand=None)
    assert "latform" not in public(outcome)


def test_a_question_that_the_post_answers_is_not_asked() -> None:
    outcome = draft("the app crashes on my iPhone since yesterday", "app_or_site_fault", brand=None)
    assert "Since when" not in public(outcome)
    assert "Which device or browser" not in public(outcome)


def test_a_brand_that_is_not_ours_gets_a_draft_without_any_link() -> None:
    outcome = draft(
        "@TeamOther locked out of my account, lost my phone with the authenticator", "account_locked_out", brand=None
    )
    assert isinstance(outcome, Clarify)
    assert "http" not in public(outcome)
    assert "backup code" in public(outcome)


def test_a_vague_complaint_gets_one_open_question() -> None:
    outcome = draft("absolute shambles of a company", "vague_complaint", places=("direct_message",))
    assert isinstance(outcome, Clarify)
    assert outcome.reason.code == "vague"
    assert public(outcome).count("?") == 1


def test_criticism_of_another_company_is_for_a_person() -> None:
    outcome = draft("you should treat your staff better", "company_conduct", brand=None)
    assert isinstance(outcome, HandOver)
    assert (outcome.team, outcome.reason.code) == ("community", "abstained")


@pytest.mark.parametrize(
    ("text", "intent", "code"),
    [
        ("it's sorted now, had to reset it", "app_or_site_fault", "resolved"),
        ("it's alright, no worries", "its_fine", "resolved"),
        ("you lot made my day", "thanks", "thanks"),
    ],
)
def test_who_wants_nothing_gets_no_reply_but_a_courtesy_is_on_offer(text: str, intent: str, code: str) -> None:
    outcome = draft(text, intent)
    assert isinstance(outcome, NoReply)
    assert outcome.reason.code == code
    assert outcome.reply.public_text


def test_thanks_in_advance_is_a_request_all_the_same() -> None:
    outcome = draft("please help me get in, thanks", [("thanks", 0.8), ("account_locked_out", 0.1)], brand=None)
    assert isinstance(outcome, Clarify)


def test_sarcasm_is_not_taken_for_praise() -> None:
    thread = "great job, another fantastic day without my mail"
    outcome = draft(thread, [("thanks", 0.8), ("app_or_site_fault", 0.1)], brand=None)
    assert isinstance(outcome, Clarify)


def test_only_the_author_of_the_target_is_answered() -> None:
    thread = [*posts("my tent leaks", author="someone"), *posts("and the app crashes on my iPhone", author="annwood")]
    outcome = draft(thread, "app_or_site_fault", brand=None)
    assert "tent" not in public(outcome)


@pytest.mark.parametrize("angry", ["THIS IS RIDICULOUS. FIX YOUR APP!!!", "your damn app crashes, I'm furious"])
def test_angry_people_get_no_exclamation_marks(angry: str) -> None:
    assert "!" not in public(draft(angry, "app_or_site_fault", brand=None))


def test_a_picture_that_nobody_looked_at_is_asked_about() -> None:
    (post,) = posts("what is this?")
    thread = [Post(post.id, post.author, post.role, post.created_at, post.text, (Attachment("image"),))]
    outcome = draft(thread, "vague_complaint")
    assert isinstance(outcome, Clarify)
    assert "picture" in public(outcome)


def test_greeting_and_sign_off_are_the_voices_of_the_channel() -> None:
    outcome = draft("can I return it?", "return_policy", passages=[RETURNS], channel="instagram")
    assert public(outcome).startswith("Hi there.")
    assert public(outcome).endswith("Your Fernhollow team")


def test_the_same_post_always_gets_the_same_draft() -> None:
    assert draft("app broken", "app_or_site_fault") == draft("app broken", "app_or_site_fault")


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
@pytest.mark.parametrize("intent", [intent.id for intent in GUIDANCE.intents])
def test_every_intent_has_words_in_every_language(intent: str, language: str) -> None:
    outcome = draft("hallo hola bonjour, this is about my account", intent, brand=None, language=language)
    assert outcome.reply.public_text or isinstance(outcome, HandOver)


@pytest.mark.parametrize("channel", ["x", "bluesky", "mastodon", "instagram"])
@pytest.mark.parametrize("intent", [intent.id for intent in GUIDANCE.intents])
def test_claims_hold_every_sentence_once_in_order_and_texts_fit_the_channel(intent: str, channel: str) -> None:
    outcome = draft(
        "my account! dan@example.com, still no help", intent, channel=channel, passages=[RETURNS, RECOVERY],
        places=("account_recovery", "direct_message", "secure_form", "appeal", "repairs"),
    )  # fmt: skip
    for part in Part:
        text = outcome.reply.text(part) or ""
        assert " ".join(claim.sentence for claim in outcome.reply.claims if claim.part is part) == text
        assert count(text, channel, part) <= limit(channel, part)
    for claim in outcome.reply.claims:
        assert claim.evidence or claim.kind in (ClaimKind.QUESTION, ClaimKind.COURTESY)
        assert split_sentences(claim.sentence) == [claim.sentence]


def test_what_can_be_spared_goes_first_when_space_is_short() -> None:
    text = Text().add("An opening sentence. " * 8, spare=3).add("What matters. " * 12)
    reply = finish(text, None, voice=None, channel="x")
    assert reply.public_text is not None
    assert "opening" not in reply.public_text
    assert "What matters." in reply.public_text


def test_a_further_question_is_no_sign_that_the_first_answer_failed() -> None:
    thread = posts("can I return a pack?", f">See {SITE}/help_centre", "and who pays the postage?")
    steps = (f"See {SITE}/help_centre",)
    complaints = policy("complaints", "still_not_solved", "You can ask for a review.", category="contact")
    outcome = draft(
        thread, "return_policy", passages=[complaints, RETURNS], places=("help_centre", "direct_message"), tried=steps
    )
    assert "60 days" in public(outcome)
    assert "review" not in public(outcome)


def test_whom_the_answer_thanks_is_thanked_once() -> None:
    thanking = policy("returns", "return_policy", "Thanks for asking first.", category="returns")
    assert public(draft("can I return it?", "return_policy", passages=[thanking])).count("Thanks") == 1


@pytest.mark.parametrize("words", ["refund landed, you're the best", "Paket ist heute da!", "ya llegó el paquete"])
def test_what_has_arrived_is_settled(words: str) -> None:
    assert isinstance(draft(words, "refund_status"), NoReply)


def test_what_arrived_broken_is_not_settled() -> None:
    assert not isinstance(draft("parcel turned up but it's broken", "order_late"), NoReply)


def test_a_step_that_was_tried_is_not_advised_again_among_others() -> None:
    lamps = policy(
        "lamps", "product_fault", "Red means charging. If it stays dark: hold the button for 12 seconds.",
        category="warranty",
    )  # fmt: skip
    warranty = policy("warranty", "product_fault", "Lamps have a 3-year warranty.", category="warranty")
    outcome = draft(
        "tried the reset, my lamp still flickers", "product_fault", passages=[lamps, warranty], places=("repairs",),
        tried=("Please hold the button for 12 seconds to reset the lamp.",),
    )  # fmt: skip
    assert "3-year warranty" in public(outcome)
    assert "12 seconds" not in public(outcome)


def test_a_stranger_with_an_order_number_is_led_into_private_and_not_to_a_neighbouring_page() -> None:
    outcome = draft(
        "order FH-10423, where is my tent, is it even out of the warehouse?", (("product_fault", 0.2),),
        places=("repairs", "direct_message", "help_centre"),
    )  # fmt: skip
    assert isinstance(outcome, Draft)
    assert "number" in public(outcome)
    assert f"{SITE}/direct_message" in public(outcome)
    assert f"{SITE}/repairs" not in public(outcome)
    assert "FH-10423" not in public(outcome)


def test_a_strangers_order_number_does_not_keep_the_rule_from_being_told() -> None:
    outcome = draft(
        "order FH-10423, how long can I return it?", "return_policy", passages=[RETURNS], places=("direct_message",)
    )
    assert "60 days" in public(outcome)
    assert f"{SITE}/direct_message" in public(outcome)


def test_a_second_question_is_answered_too_where_there_is_room() -> None:
    label = Answer("return_policy", "en", "The label for a return is free in the UK.")
    returns = replace(RETURNS, answers=(*RETURNS.answers, label))
    twice = "for how many days can unused items be returned? and is the label free?"
    both = draft(twice, "return_policy", passages=[returns], channel="mastodon")
    assert "60 days" in public(both)
    assert label.text in public(both)
    once = draft("for how many days can items be returned?", "return_policy", passages=[returns], channel="mastodon")
    assert label.text not in public(once)


def test_the_place_that_goes_with_an_answer_is_the_answers_own_and_not_a_wrong_guess() -> None:
    outcome = draft(
        "how long can I return a pack?", (("account_locked_out", 0.4), ("return_policy", 0.3)), passages=[RETURNS],
        places=("account_recovery", "help_centre"),
    )  # fmt: skip
    assert "60 days" in public(outcome)
    assert f"{SITE}/account_recovery" not in public(outcome)


def test_nobody_is_sent_to_look_where_they_have_looked() -> None:
    spam = policy("codes", "account_locked_out", "Look in spam and ask for a new code.", category="account")
    again = policy("texts", "account_locked_out", "The code can come as a text message, too.", category="account")
    outcome = draft("no code, not in spam either", "account_locked_out", passages=[spam, again])
    assert "Look in spam" not in public(outcome)


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("@slab_sandra told you @FernhollowHelp make better ones than your ex did. pub at 7?", True),
        ("@slab_sandra look at this. @FernhollowHelp can I return a pack?", False),
        ("@slab_sandra @FernhollowHelp can I return a pack?", False),
        ("@FernhollowHelp can @slab_sandra return a pack?", False),
    ],
)
def test_who_only_names_us_to_somebody_else_is_left_alone(text: str, aside: bool) -> None:
    brand = BRAND.model_copy(update={"accounts": {"x": "FernhollowHelp"}})
    outcome = draft(text, "return_policy", passages=[RETURNS], brand=brand)
    assert isinstance(outcome, NoReply) == aside


def test_a_parcel_or_money_is_led_into_private_even_if_it_is_unclear_which_of_their_matters_it_is() -> None:
    outcome = draft(
        "should have been here on the 12th, do I keep refreshing this page forever",
        (("order_late", 0.28), ("order_lost", 0.24)), places=("direct_message",),
    )  # fmt: skip
    assert isinstance(outcome, Draft)
    assert f"{SITE}/direct_message" in public(outcome)


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("got my refund for the jacket last week, zero hassle, you guys are the best", True),
        ("absolute killer storm, the shell held. you legends", True),
        ("you guys are the best, but where is my refund", False),
        ("you legends, how long can I return a pack?", False),
        ("you are the best at losing parcels!!!", False),
    ],
)
def test_praise_without_a_wish_needs_no_answer_whatever_it_is_about(text: str, quiet: bool) -> None:
    outcome = draft(text, "refund_status", passages=[RETURNS], places=("direct_message",))
    assert isinstance(outcome, NoReply) == quiet
