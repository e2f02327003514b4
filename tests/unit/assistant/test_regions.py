"""The country somebody is in, or wants something sent to, decides whose rules hold."""

import pytest

from assistant.guidance import Brand
from assistant.regions import named_country, region_of
from tools.records import Address, Customer

BRAND = Brand(id="fernhollow", name="Fernhollow", regions=("UK", "US", "EU"), home_region="UK")
BERLINER = Customer("C-1", "Eva", brand="fernhollow", address=Address("Weg 1", "Berlin", "DE"))


@pytest.mark.parametrize(
    ("language", "text", "region"),
    [
        ("en", "hi, I'm in the US, how long does it take", "US"),
        ("en", "can I send it back from Germany?", "EU"),
        ("en", "do you ship to switzerland", "CH"),
        ("de", "liefert ihr in die schweiz und wer zahlt den zoll", "CH"),
        ("de", "könnt ihr nach Österreich liefern?", "EU"),
        ("de", "schickt ihr auch in die USA", "US"),
        ("es", "vivo en Estados Unidos, ¿cuánto tarda?", "US"),
        ("fr", "livrez-vous en Norvège ?", "NO"),
        ("fr", "livrez-vous en Belgique ?", "EU"),
    ],
)
def test_a_country_in_the_words_decides(language, text, region):
    assert region_of(None, BRAND, language, text) == region


@pytest.mark.parametrize(
    "text",
    [
        "please send it to us again",
        "tell us when it ships",
        "we fly to Norway on friday, will you deliver before that",
        "is the tent fine for a trip to Iceland, I order today",
        "send the jersey back in a bag",
        "you come across as if the US did not exist",
    ],
)
def test_what_is_no_place_to_live_or_send_to_decides_nothing(text):
    assert named_country(text, "en") is None


def test_without_a_country_in_the_words_the_customers_own_counts():
    assert region_of(BERLINER, BRAND, "en", "where is my parcel") == "EU"
    assert region_of(BERLINER, BRAND, "en", "I moved, please send it to the UK") == "UK"


def test_a_strangers_language_decides_last():
    assert region_of(None, BRAND, "fr", "où est mon colis") == "EU"
    assert region_of(None, BRAND, "en", "where is my parcel") == "UK"
