from collections.abc import Iterator

import pytest

from assistant.guidance import LANGUAGES
from prompts.phrases import Phrase, PhraseMissing, choose, load_phrases, read_cue

SAFE = {"topic"}
RECORD = {
    "order", "items", "placed", "orders", "expected", "noted", "cancelled", "delivered", "shipped", "promised",
    "carrier", "days", "scanned", "place", "tracking", "number", "amount", "paid", "received", "requested", "due",
    "made", "until",
}  # fmt: skip
WORK = (
    "looking into", "passed on", "pass this on", "forwarded", "get back to you", "will contact", "colleague will",
    "our fault",
    "unfortunately", "wir kümmern", "weitergeleitet", "leider", "lamentablemente", "malheureusement", "transmis",
)  # fmt: skip


def every_phrase(language: str) -> Iterator[tuple[str, Phrase]]:
    phrases = load_phrases(language)
    for key, variants in phrases.texts.items():
        yield from ((key, phrase) for phrase in variants)
    for key, asks in phrases.questions.items():
        yield from ((f"{key}/{ask.id}", phrase) for ask in asks for phrase in ask.phrases)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_names_only_what_the_composer_gives(language: str) -> None:
    for key, phrase in every_phrase(language):
        assert phrase.needs <= SAFE | RECORD | {"url"}, key
        if key.startswith(("opening.", "courtesy.", "privacy.", "public.")):
            assert phrase.needs <= SAFE, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_promises_work_admits_a_fault_or_regrets(language: str) -> None:
    for key, phrase in every_phrase(language):
        assert not any(words in phrase.text.casefold() for words in WORK), (key, phrase.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_to_upset_people_has_no_exclamation_mark(language: str) -> None:
    for key, phrase in every_phrase(language):
        if key.endswith(".upset") or "/" in key:
            assert "!" not in phrase.text, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_end_as_questions(language: str) -> None:
    for key, phrase in every_phrase(language):
        if "/" in key:
            assert "?" in phrase.text, (key, phrase.text)


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_language_has_the_texts_that_the_english_have(language: str) -> None:
    narrow = {key for key in load_phrases("en").texts if not key.startswith("opening.")}
    assert narrow - {"scam"} <= load_phrases(language).texts.keys() | {"scam"}
    assert {"opening.any.calm", "opening.any.upset"} <= load_phrases(language).texts.keys()


def test_a_name_that_is_not_given_is_an_error() -> None:
    with pytest.raises(KeyError):
        Phrase("Hello {{ name }}.", frozenset({"name"})).fill()


def test_the_variant_that_uses_more_of_what_is_known_is_preferred() -> None:
    text = load_phrases("en").pick("order.head", seed="1", order="FH-1", items="a tent", placed="3 May")
    assert "3 May" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_rings_up_is_not_thanked_for_a_message(language: str) -> None:
    phrases = load_phrases(language)
    heard = {phrases.pick("answering.message", "spoken", seed=str(seed), spoken=True) for seed in range(30)}
    assert heard == {phrase.text for phrase in phrases.texts["spoken"]}
    # where there is nothing else, something is said all the same
    assert phrases.pick("answering.message", seed="1", spoken=True)


def test_a_text_that_cannot_be_filled_is_an_error() -> None:
    with pytest.raises(PhraseMissing):
        load_phrases("en").pick("order.head", seed="1")


def test_the_choice_depends_on_the_seed_alone() -> None:
    variants = [Phrase(str(number), frozenset()) for number in range(7)]
    assert choose(variants, "a") == choose(variants, "a")
    assert len({choose(variants, str(seed)).text for seed in range(60)}) == 7


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("show", "the show stopped", True),
        ("show", "two shows", True),
        ("show", "it is not showing", False),
        ("monetis*", "my monetisation", True),
        ("lost * authenticator", "I lost my old authenticator", True),
        ("lost * authenticator", "lost the way to my parents' house and then the authenticator", False),
        ("can't log in", "I CAN'T LOG IN", True),
    ],
)
def test_cues_are_whole_words_with_gaps_where_a_star_stands(phrase: str, text: str, found: bool) -> None:
    assert read_cue([phrase]).found_in(text) is found
