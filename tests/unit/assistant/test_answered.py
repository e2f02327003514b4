import pytest

from assistant.composing.answered import chosen_remedy, is_answered


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        ("order_late", "my tent was due tuesday, we leave tomorrow morning"),
        ("order_late", "I need it by Friday"),
        ("order_late", "ich brauche es bis Samstag"),
        ("order_late", "salimos el viernes"),
        ("product_fault", "the zip is broken and our trip starts on saturday"),
        ("wrong_size", "how do I swap them for a 43?"),
        ("wrong_size", "M ist zu klein, bitte gegen L tauschen"),
        ("wrong_size", "necesito la talla 42"),
        ("damaged_item", "arrived broken, I want a refund"),
    ],
)
def test_what_the_post_says_already_is_not_asked(intent: str, words: str) -> None:
    assert is_answered(intent, words)


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        ("order_late", "it was due on tuesday"),
        ("wrong_size", "boots too small, how do I swap them?"),
        ("wrong_size", "ordered 12 days ago, wrong size"),
        ("damaged_item", "arrived broken"),
    ],
)
def test_what_the_post_leaves_open_is_asked(intent: str, words: str) -> None:
    assert not is_answered(intent, words)


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ("I want my money back, not another one", "refund"),
        ("please send it again", "replace_items"),
        ("no refund, just a replacement", "replace_items"),
        ("Geld zurück bitte, kein Ersatz", "refund"),
        ("refund or replacement, I don't care", None),
        ("where is my parcel", None),
    ],
)
def test_the_remedy_somebody_asks_for(words: str, remedy: str | None) -> None:
    assert chosen_remedy(words) == remedy
