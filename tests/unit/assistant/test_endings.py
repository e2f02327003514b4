import pytest

from assistant.endings import is_refusal, is_unfinished


@pytest.mark.parametrize(
    "text",
    [
        "PUBLIC: Thanks!",
        "PUBLIC: See https://a.example/help [E1]",
        "PUBLIC: See https://a.example/help",
        "PUBLIC: Thanks 🙏",
        "PUBLIC: Thanks! ^AB",
        "PUBLIC: Thanks for asking\nPRIVATE: none",
        "PUBLIC: Thanks for asking\nPRIVATE: N/A",
        "PUBLIC: Write to help@a.example",
    ],
)
def test_a_text_that_came_to_its_end(text):
    assert not is_unfinished(text)


@pytest.mark.parametrize(
    "text", ["PUBLIC: Your refund of 40", "PUBLIC: Thanks. Your par", "PUBLIC: Thanks!\nPRIVATE: Your order is on its"]
)
def test_a_text_that_stops_in_a_sentence(text):
    assert is_unfinished(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't assist with that.",
        "As an AI language model, I cannot create such a text.",
        "I am unable to help with that.",
        "Dabei kann ich leider nicht helfen.",
        "Lo siento, no puedo ayudar con eso.",
        "Je ne peux pas vous aider.",
    ],
)
def test_a_refusal_in_words(text):
    assert is_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "PUBLIC: I'm sorry, we can't help with that here.",
        "Sorry, worn boots can't be returned.",
        "We can't change an order once it is packed.",
    ],
)
def test_a_reply_that_says_what_cannot_be_done_is_no_refusal(text):
    assert not is_refusal(text)
