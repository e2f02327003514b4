"""What a post holds besides the thing that many write about is found in four languages."""

from datetime import UTC, datetime

import pytest

from assistant.case import Post, Role, Thread
from assistant.other_matters import other_matter
from tests.fakes.cases import recogniser

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ABOUT = ("is_it_down", "app_or_site_fault")


async def other(text: str, language: str = "en") -> str | None:
    thread = Thread("t", "x", (Post("1", "anna", Role.CUSTOMER, NOW, text),), "fernhollow")
    return await other_matter(thread, language, (), recogniser(), ABOUT)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "your site is down and I was charged twice"),
        ("en", "app is down, I want my money back"),
        ("en", "down again. you took £40 from my account"),
        ("en", "checkout down, they billed me anyway"),
        ("de", "Seite down und ihr habt doppelt abgebucht"),
        ("de", "Website down, ich will mein Geld zurück"),
        ("es", "la web no va y me habéis cobrado dos veces"),
        ("es", "web caída, quiero un reembolso"),
        ("fr", "site en panne et j'ai été débité deux fois"),
        ("fr", "en panne, je veux être remboursé"),
    ],
)
async def test_money(language: str, text: str):
    assert "money" in (await other(text, language) or "")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "site down. third time I am writing to you"),
        ("en", "the app is down and nobody answers my messages"),
        ("en", "down? I already emailed you yesterday"),
        ("de", "Seite down, ich habe euch schon geschrieben"),
        ("de", "Shop down und niemand antwortet"),
        ("es", "web caída y nadie me contesta"),
        ("fr", "en panne et personne ne répond"),
    ],
)
async def test_who_has_contacted_us_before(language: str, text: str):
    assert "before" in (await other(text, language) or "")


@pytest.mark.parametrize("text", ["site down, my order #10423 is in there", "down! where is FH-10423?"])
async def test_an_order_of_their_own(text: str):
    assert "order" in (await other(text) or "")


@pytest.mark.parametrize("text", ["down? mail me at ann@example.com", "site down, ring +44 7700 900123"])
async def test_what_is_private(text: str):
    assert "theirs" in (await other(text) or "")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "is your site down?"),
        ("en", "checkout still not loading!! what is going on"),
        ("en", "error 503 on the app, tried 3 times. Is it down for everyone?"),
        ("de", "Ist eure Website down? Ich komme nicht in den Shop."),
        ("es", "¿Está caída la web? No carga nada."),
        ("fr", "Votre site est en panne ? Rien ne se charge."),
    ],
)
async def test_nothing_else(language: str, text: str):
    assert await other(text, language) is None
