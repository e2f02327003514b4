"""What tells of an outage, and what tells that there is none."""

import pytest

from assistant.outages import outage_in, says_it_works


@pytest.mark.parametrize(
    "text",
    [
        "cannot check out, page just spins",
        "page just spins",
        "website broken, basket wont go to payment",
        "eure Seite geht nicht, Kasse hängt",
        "la web no funciona, no puedo pagar",
        "le site est en panne, impossible de payer",
        "site down?? error at checkout since 10 am",
        "your app won’t load",
    ],
)
def test_an_outage_is_told_in_many_words(text: str):
    assert outage_in(text) is not None
    assert not says_it_works(text)


@pytest.mark.parametrize(
    "text",
    [
        "the zip on my jacket is broken",
        "my stove does not light",
        "what is your return policy?",
        "can I pay with a gift card",
        "la lámpara no funciona",
        "love your shop",
    ],
)
def test_other_troubles_are_none(text: str):
    assert outage_in(text) is None


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("love the new jackets, checkout works great btw", True),
        ("Checkout läuft wieder, danke!", True),
        ("el pago funciona de nuevo", True),
        ("la boutique remarche bien", True),
        ("does the checkout work again?", False),
        ("works great on my phone but the checkout is down", False),
        ("checkout is not working again", False),
    ],
)
def test_praise_is_no_outage(text: str, works: bool):
    assert says_it_works(text) is works
