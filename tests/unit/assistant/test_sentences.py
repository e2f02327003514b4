import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sentences import split_sentences

_PIECES = st.sampled_from(
    [
        "Hi",
        "z. B.",
        "14.",
        "November",
        "x=1.",
        "3.50",
        "…",
        "?!",
        "\n",
        "Mr.",
        "J.",
        "Smith",
        "e.g.",
        "no.",
        "😀",
        "«Ya»",
        ")",
        "U.S.",
    ]
)


@given(st.one_of(st.text(), st.lists(_PIECES).map(" ".join)))
def test_every_character_lands_in_one_sentence_in_order(text):
    sentences = split_sentences(text)
    assert "".join("".join(sentence.split()) for sentence in sentences) == "".join(text.split())
    assert all(sentence == sentence.strip() and sentence for sentence in sentences)


@pytest.mark.parametrize(
    "sentence",
    [
        "Am 14. November kam es an.",
        "Es sind z. B. Zelte, d. h. alles.",
        "El Sr. Pérez, p. ej. hoy, paga aprox. 3 €.",
        "Ça coûte env. 3 € chez Mme Dupont.",
        "Mr. J. Smith called e.g. about U.S. orders.",
        "See https://a.example/x.y?z=1 for it.",
        "It costs 3.50 today.",
        "Well… yes, it does.",
        "We are open 10 a.m. to 5 p.m. daily.",
        "1. Open the app",
    ],
)
def test_a_dot_inside_a_sentence_does_not_end_it(sentence):
    assert split_sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Thanks! We ship on 3 May.", ["Thanks!", "We ship on 3 May."]),
        ("x=1. Costs 3.", ["x=1.", "Costs 3."]),
        ("Wait… What?", ["Wait…", "What?"]),
        ("Great 🎉 Bye!", ["Great 🎉 Bye!"]),
        ("Bye! 😀 Now go.", ["Bye! 😀", "Now go."]),
        ('(Really?) "Yes." He said.', ["(Really?)", '"Yes."', "He said."]),
        ("You have until the 14. Then it ends.", ["You have until the 14.", "Then it ends."]),
        ("One\nTwo", ["One", "Two"]),
        ("", []),
    ],
)
def test_sentences_end_where_they_end(text, sentences):
    assert split_sentences(text) == sentences
