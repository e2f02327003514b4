"""Whose rules hold for a person: the brand's region they live in, or most likely live in."""

from assistant.guidance import Brand
from tools.records import Customer

# ISO 3166-1 alpha-2; members of the European Union in 2026.
_EU = frozenset(
    {
        *("AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE"),
        *("IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"),
    }
)


def region_of(customer: Customer | None, brand: Brand | None, language: str) -> str | None:
    """The brand's region a customer lives in; for people we do not know, the one their language suggests.

    A German, Spanish or French post to a brand that sells in the EU most likely comes from there, and the EU's rules
    (14 days' withdrawal) must not be hidden from it by the home region's.
    """
    if brand is None:
        return None
    country = customer.address.country if customer and customer.address else None
    if country is not None:
        group = {"GB": "UK"}.get(country, "EU" if country in _EU else country)
        return next((region for region in (country, group) if region in brand.regions), None)
    if language in ("de", "es", "fr") and "EU" in brand.regions:
        return "EU"
    return brand.home_region
