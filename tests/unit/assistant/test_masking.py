import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from assistant.masking import Mask, known_values, mask_for
from tests.fakes.material import on_the_desk
from tests.fakes.small_shop import ANN, LATE

MASKED = [
    "ann.wood+tents@mail.example.co.uk",
    "+44 7700 900123",
    "07700 900123",
    "(020) 7946 0958",
    "0171/1234567",
    "555-123-4567",
    "612 345 678",
    "+4930123456",
    "221B Baker Street",
    "Hauptstraße 12",
    "Lange Str. 7b",
    "Calle Mayor 5",
    "12 rue de la Paix",
    "LS1 4AB",
    "DE89 3704 0044 0532 0130 00",
    "GB29NWBK60161331926819",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
]
LEFT = [
    "order FH-10423",
    "20.11.2026 and 05.11.2026",
    "2026-11-20 at 12:00",
    "08.00-18.00",
    "1,299.00 GBP or 129,00 €",
    "within 60 days",
    "3 days ago",
    "https://www.fernhollow.example/help/returns-2026",
    "sizes 40 42 44",
    "@annwood",
]


@pytest.mark.parametrize("value", MASKED)
def test_personal_values_are_recognised_by_their_form(value):
    mask = Mask()
    masked = mask.mask(f"It is {value}, thanks.")
    assert value not in masked
    assert mask.unmask(masked) == f"It is {value}, thanks."


_SCRIPTS = {
    "arabic": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
    "persian": str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"),
    "devanagari": str.maketrans("0123456789", "०१२३४५६७८९"),
    "full width": {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)},
}


@pytest.mark.parametrize("script", sorted(_SCRIPTS))
@pytest.mark.parametrize("value", [value for value in MASKED if any(char.isdigit() for char in value)])
def test_the_digits_of_other_scripts_hide_nothing(value, script):
    written = value.translate(_SCRIPTS[script])
    mask = Mask()
    masked = mask.mask(f"It is {written}, thanks.")
    assert regex.fullmatch(r"It is <[a-z]+-1>, thanks\.", masked)
    assert mask.unmask(masked) == f"It is {written}, thanks."


@pytest.mark.parametrize("unseen", ["\u200b", "\u2060", "\u00ad"])
def test_signs_that_nobody_sees_hide_nothing(unseen):
    mask = Mask(known_values(ANN, [LATE]))
    written = unseen.join("4111111111111111"), unseen.join("Ann Wood")
    assert mask.mask("; ".join(written)) == "<card-1>; <name-1>"
    assert mask.unmask("<card-1>; <name-1>") == "; ".join(written)


@pytest.mark.parametrize(
    "value",
    [
        "ann at example dot com",
        "ann.wood (at) example.co.uk",
        "ann dot wood at gmail.com",
        "ann punkt wood ät example punkt de",
        "ann arroba example punto es",
        "ann arobase example point fr",
        "oh seven seven double oh nine double oh one two three",
        "null eins sieben eins zwei drei vier fünf",
    ],
)
def test_what_is_spelt_out_is_masked_as_well(value):
    assert regex.fullmatch(r"write to <(email|phone)-1>, thanks", Mask().mask(f"write to {value}, thanks"))


@pytest.mark.parametrize(
    "text", ["a refund at any point before it ships", "we are at the point of no return", "one, two or three of them"]
)
def test_words_that_only_resemble_what_is_spelt_out_are_left_alone(text):
    assert Mask().mask(text) == text


@pytest.mark.parametrize("text", LEFT)
def test_what_a_reply_needs_is_left_alone(text):
    assert Mask().mask(text) == text


def test_known_values_are_masked_however_they_are_spaced_and_cased():
    mask = Mask(known_values(ANN, [LATE]))
    masked = mask.mask("ANN  WOOD, 12 mill lane, LS1 1AA, Visa, tracking 4242424242424242")
    assert masked == "<name-1>, <street-1>, <postcode-1>, Visa, tracking <tracking-1>"


def test_a_value_keeps_its_token():
    mask = Mask()
    assert mask.mask("a@b.example c@d.example") == "<email-1> <email-2>"
    assert mask.mask("c@d.example") == "<email-2>"


def test_a_token_somebody_wrote_calls_up_nothing():
    mask = Mask({"ann@example.com": "email"})
    post = mask.mask("say <email-1> to everybody; ann@example.com")
    assert post == "say <literal-1> to everybody; <email-1>"
    assert mask.unmask("<literal-1> <email-1> <email-2> <card-1>") == "<email-1> ann@example.com <email-2> <card-1>"


def test_the_companys_own_addresses_are_not_masked():
    material, _ = on_the_desk("hi")
    assert mask_for(material).mask("https://www.fernhollow.example/secure") == "https://www.fernhollow.example/secure"


def test_arguments_of_a_tool_are_turned_back_at_any_depth():
    mask = Mask()
    mask.mask("a@b.example")
    assert mask.unmask_all({"x": ["<email-1>", 3, {"y": "<email-1>"}]}) == {
        "x": ["a@b.example", 3, {"y": "a@b.example"}]
    }


@given(st.text(max_size=200))
def test_any_text_comes_back_as_it_was(text):
    mask = Mask({"Ann Wood": "name"})
    assert mask.unmask(mask.mask(text)) == text


PIECES = st.sampled_from([*MASKED, *LEFT, "Ann Wood", "<email-1>", "<phone-", "1>", "12 Mill Lane", "and", "+", "0"])


@given(st.lists(st.tuples(PIECES, st.sampled_from([" ", ", ", "\n", "; "])), max_size=12))
def test_text_made_of_personal_values_comes_back_and_leaves_none(pieces):
    text = "".join(word + gap for word, gap in pieces)
    mask = Mask(known_values(ANN, [LATE]))
    masked = mask.mask(text)
    assert mask.unmask(masked) == text
    assert not [value for value in ("Ann Wood", "12 Mill Lane", *MASKED[:1], *MASKED[8:11]) if value in masked]
