"""A voice that would never sound, or would spoil the answer that it is put around, is found before it does."""

import pytest

from assistant.guidance import Brand, Voice
from server.voices.faults import faults_of

BRAND = Brand(id="fernhollow", name="Fernhollow", languages=("en", "de"))
CHANNELS = ("x", "instagram")
GOOD = (
    Voice(brand="fernhollow", language="en", greeting="Hi there.", sign_off="Your Fernhollow team", avoid=("kindly",)),
    Voice(brand="fernhollow", language="en", channel="x"),
    Voice(brand="fernhollow", language="de", greeting="Hallo!", avoid=("leider",)),
    Voice(brand="fernhollow", language="de", channel="email", greeting="Guten Tag!", formal=True),
)


def test_what_greets_before_the_answer_and_leaves_it_room_has_no_fault():
    assert list(faults_of(GOOD, BRAND, CHANNELS)) == []


@pytest.mark.parametrize(
    ("position", "fields", "field", "words"),
    [
        (1, {"channel": "*"}, "voices.1.channel", "a voice above already"),
        (1, {"channel": "myspace"}, "voices.1.channel", "no account on “myspace”; use one of chat, email"),
        (1, {"language": "fr"}, "voices.1.language", "does not speak `fr`"),
        (2, {"channel": "x"}, "voices", "no voice in `de` for any channel"),
        (0, {"greeting": "Hi there"}, "voices.0.greeting", "runs into the answer"),
        (0, {"greeting": "Hi.\nYou."}, "voices.0.greeting", "line breaks"),
        (0, {"sign_off": "More on www.fernhollow.example"}, "voices.0.sign_off", "names an address"),
        (2, {"greeting": "Leider, hallo!"}, "voices.2.greeting", "says “leider”"),
        (0, {"greeting": f"Hi {'and hello ' * 8}there."}, "voices.0.greeting", "on instagram; 80 leave room"),
        (0, {"avoid": (" ",)}, "voices.0.avoid", "holds no word"),
        (0, {"avoid": ("rest assured", "Rest  assured")}, "voices.0.avoid", "is there twice"),
    ],
)
def test_what_would_never_sound_or_spoil_an_answer_is_told_in_words(position, fields, field, words):
    voices = list(GOOD)
    voices[position] = voices[position].model_copy(update=fields)
    [fault] = faults_of(voices, BRAND, CHANNELS)
    assert fault.field == field
    assert words in fault.words
