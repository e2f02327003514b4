import pytest

from assistant.case import Thread
from assistant.guidance import Asked, Intent
from assistant.intents import IntentRecogniser
from tests.fakes.desk import posts
from tests.fakes.vectors import HashVectors

INTENTS = (
    Intent(
        id="account_locked_out",
        title="Locked out",
        group="account",
        examples={
            "en": (
                "can't log in to my account",
                "forgot my password",
                "locked out since last night",
                "reset my password",
            ),
            "de": ("komme nicht in mein Konto", "Passwort vergessen"),
        },
        words={"en": ("log in", "password"), "de": ("passwort",)},
    ),
    Intent(
        id="account_hacked",
        title="Hacked",
        group="account",
        examples={"en": ("my account got hacked", "someone logged into my account", "they changed the email on it")},
        words={"en": ("hacked",)},
    ),
    Intent(
        id="order_late",
        title="Late",
        group="order",
        examples={"en": ("my parcel is three days late", "still waiting for my delivery", "where is my package")},
        words={"en": ("late", "delivery"), "de": ("lieferung",)},
    ),
    Intent(
        id="still_not_solved",
        title="Still",
        group="other",
        examples={"en": ("still the same", "tried all of that, no luck")},
        words={"en": ("still the same",)},
    ),
)


@pytest.fixture
def recogniser() -> IntentRecogniser:
    return IntentRecogniser(INTENTS, HashVectors())


async def best(recogniser: IntentRecogniser, text: str, language: str = "en") -> str:
    guesses = await recogniser.guess(text, language)
    return guesses[0].intent.id


@pytest.mark.parametrize(
    "text",
    [
        "can't log in to my account",
        "@SomeHelp #help CAN'T LOG IN TO MY ACCOUNT AGAIN 😡😡 https://t.co/abc",
        "heeelp I forgot my password, dan@example.com",
        "can’t log in &amp; nobody helps",
    ],
)
async def test_noise_around_the_words_does_not_matter(recogniser: IntentRecogniser, text: str) -> None:
    assert await best(recogniser, text) == "account_locked_out"


async def test_cue_words_are_those_of_the_language(recogniser: IntentRecogniser) -> None:
    assert await best(recogniser, "wo bleibt die Lieferung", "de") == "order_late"


async def test_who_was_broken_into_is_not_merely_locked_out(recogniser: IntentRecogniser) -> None:
    text = "someone hacked my account, I can't log in and the password reset fails, locked out since last night"
    assert await best(recogniser, text) == "account_hacked"


async def test_confidences_are_shares_and_sorted(recogniser: IntentRecogniser) -> None:
    guesses = await recogniser.guess("where is my package", "en")
    confidences = [guess.confidence for guess in guesses]
    assert confidences == sorted(confidences, reverse=True)
    assert 0 < sum(confidences) <= 1.001


async def test_a_post_without_words_has_no_intent(recogniser: IntentRecogniser) -> None:
    assert await recogniser.guess("😡😡 https://t.co/abc", "en") == ()


async def test_a_short_answer_is_read_with_what_was_written_before(recogniser: IntentRecogniser) -> None:
    thread = Thread("t", "x", tuple(posts("where is my package, it's late", ">Which country is it?", "UK")))
    guesses = await recogniser.guess_thread(thread, "en")
    assert guesses[0].intent.id == "order_late"


async def test_examples_are_embedded_once() -> None:
    vectors = HashVectors()
    recogniser = IntentRecogniser(INTENTS, vectors)
    await recogniser.guess("where is my package", "en")
    embedded = len(vectors.texts)
    await recogniser.guess("forgot my password", "en")
    assert len(vectors.texts) == embedded + 1


async def test_small_talk_around_it_does_not_hide_what_is_asked() -> None:
    chat = Intent(
        id="smalltalk",
        title="Chat",
        group="other",
        examples={"en": ("lovely weather on the hill today friends", "see you at the pub friends", "happy birthday")},
    )
    recogniser = IntentRecogniser((*INTENTS, chat), HashVectors())
    thread = Thread("t", "x", tuple(posts("Lovely weather on the hill today friends. Can't log in to my account.")))
    guesses = await recogniser.guess_thread(thread, "en")
    assert guesses[0].intent.id == "account_locked_out"


async def test_what_is_asked_of_documents_is_told_apart() -> None:
    asked = (
        Asked(intent="order_late", document="delays", posts={"en": ("my parcel is stuck in a depot",)}),
        Asked(intent="order_late", posts={"en": ("do you ship to the moon",)}),
    )
    recogniser = IntentRecogniser(INTENTS, HashVectors(), asked)
    like = await recogniser.likeness("parcel stuck in the depot since monday")
    assert like["delays", "order_late"] > like[None, "order_late"]


async def test_an_answer_that_shares_the_posts_words_is_closer() -> None:
    near, far = await IntentRecogniser(INTENTS, HashVectors()).closeness(
        "how do I wash a down jacket", ["Wash a down jacket at thirty degrees.", "Stores open at ten."]
    )
    assert near > far


async def test_answers_are_told_apart_from_those_prepared_beside_them_each_time() -> None:
    recogniser, post = IntentRecogniser(INTENTS, HashVectors()), "the parcel is late"
    late, link, parcel = "A late parcel is traced.", "Reset your password with the link.", "The parcel is replaced."

    before = await recogniser.closeness(post, [late, link])
    between = await recogniser.closeness(post, [late, parcel])

    assert between != before
    assert await recogniser.closeness(post, [link, late]) == pytest.approx(before[::-1])
    assert await recogniser.closeness(post, [late, link]) == before
