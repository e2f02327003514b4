"""Whose rules hold for a person: those of the region they say they are in, live in, or most likely live in."""

from collections.abc import Iterable
from functools import cache

import regex
from babel import Locale

from assistant.guidance import LANGUAGES, Brand
from tools.records import Customer

# ISO 3166-1 alpha-2; members of the European Union in 2026.
_EU = frozenset(
    {
        *("AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE"),
        *("IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"),
    }
)
_SPOKEN = {
    "GB": (
        *("UK", "U.K.", "Britain", "Great Britain", "England", "Scotland", "Wales", "Northern Ireland", "Schottland"),
        *("Großbritannien", "Inglaterra", "Escocia", "Angleterre", "Écosse", "Grande-Bretagne"),
    ),
    "US": ("US", "U.S.", "USA", "States", "America", "Alaska", "Hawaii", "EE. UU.", "EEUU"),
    "NL": ("Holland", "Holanda", "Hollande"),
    "TR": ("Turkey",),
    "CZ": ("Czech Republic", "Tschechische Republik", "República Checa", "République tchèque"),
    "EU": ("EU", "UE", "l'UE"),
}
# Capitals tell these from other words: "ship to us" names no country.
_AS_WRITTEN = frozenset({"US", "EU", "UE"})
_NO_COUNTRY = frozenset({"JE"})  # jersey is a fabric
_LIVES_OR_GETS = {
    "en": r"(?:ship\w*|deliver\w*|sen[dt]\w*|post(?:ed|ing)?|order\w*|return\w*|live|living|based|moved|i'?m|we'?re"
    r"|i\s+am|we\s+are|here|over|customer|address)",
    "de": r"(?:liefer\w*|(?:ver)?schick\w*|vers[ea]nd\w*|bestell\w*|wohn\w*|leb\w*|sitz\w*|hier|bin|sind|komm\w*)",
    "es": r"(?:env[ií]\w*|entreg\w*|mand\w*|lleg\w*|ped\w*|compr\w*|viv\w*|estoy|estamos|soy|somos|aquí|resid\w*)",
    "fr": r"(?:livr\w*|envo\w*|exp[ée]di\w*|command\w*|habit\w*|vi[st]|vivons|suis|sommes|résid\w*|basée?s?|ici)",
}
_PLACED = {
    "en": r"(?:in|to|into|from|within|for)(?:\s+the)?",
    "de": r"(?:in|im|nach|aus|von)(?:\s+(?:die|der|das|den))?",
    "es": r"(?:en|a|al|desde|de|hasta|para)(?:\s+(?:los|la|el))?",
    "fr": r"(?:en|au|aux|à|vers|depuis|de|dans)(?:\s+(?:la|le|les))?",
}
_TRIP = regex.compile(
    r"\b(?:trips?|holidays?|travel\w*|fly|flying|flight|hik\w+|trek\w*|climb\w*|tour\w*|urlaub|reise\w*|flieg\w*|wander\w*"
    r"|viaj\w*|vacaciones|vuelo|ruta|senderismo|voyag\w*|vacances|rando\w*|pars|partons)\b",
    regex.IGNORECASE,
)
_CLAUSE = regex.compile(r"[.!?,;:\n](?:\s|$)")


def region_of(customer: Customer | None, brand: Brand | None, language: str, text: str = "") -> str | None:
    """The brand's region that `text` names, else where a customer lives, else what a stranger's language suggests.

    A German, Spanish or French post to a brand that sells in the EU most likely comes from there, and the EU's rules
    (14 days' withdrawal) must not be hidden from it by the home region's. A country outside of all of the brand's
    regions is given as it is: then only the rules that hold everywhere are told.
    """
    if brand is None:
        return None
    named = named_country(text, language)
    if named is not None:
        return _region(named, brand) or named
    country = customer.address.country if customer and customer.address else None
    if country is not None:
        return _region(country, brand)
    if language in ("de", "es", "fr") and "EU" in brand.regions:
        return "EU"
    return brand.home_region


def named_country(text: str, language: str) -> str | None:
    """The country (or "EU") that somebody says they are in or want something sent to; a mere trip is not meant."""
    if language not in LANGUAGES:
        return None
    cue, place = _cue(language), _place(language)
    for clause in _CLAUSE.split(text):
        found = place.search(clause)
        if found is not None and cue.search(clause) and not _TRIP.search(clause):
            name = found["exact"] or found["name"]
            return _names(language)[" ".join(name.split()).casefold()]
    return None


def country_code(told: str) -> str:
    """The ISO code of a country by its code or its name in one of our languages; as it was told if it is none."""
    name = " ".join(told.split()).casefold()
    known = (_names(language).get(name) for language in LANGUAGES)
    return next((code for code in known if code is not None), name.upper())


def _region(country: str, brand: Brand) -> str | None:
    group = {"GB": "UK"}.get(country, "EU" if country in _EU else country)
    return next((region for region in (country, group) if region in brand.regions), None)


@cache
def _names(language: str) -> dict[str, str]:
    """Codes by what countries are called, in small letters."""
    territories = Locale(language).territories
    names = {
        name.casefold(): code
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
    }
    return names | {name.casefold(): code for code, spoken in _SPOKEN.items() for name in spoken}


@cache
def _cue(language: str) -> regex.Pattern[str]:
    return regex.compile(rf"\b{_LIVES_OR_GETS[language]}\b", regex.IGNORECASE)


@cache
def _place(language: str) -> regex.Pattern[str]:
    exact = {written.casefold() for written in _AS_WRITTEN}
    free = (name for name in _names(language) if name not in exact)
    return regex.compile(
        rf"(?i:\b{_PLACED[language]})\s+(?:(?P<exact>{_either(_AS_WRITTEN)})|(?P<name>(?i:{_either(free)})))(?![\p{{L}}\d])"
    )


def _either(names: Iterable[str]) -> str:
    """The names as an alternation, the longest first; any gap between their words."""
    return "|".join(r"\s+".join(map(regex.escape, name.split())) for name in sorted(names, key=len, reverse=True))
