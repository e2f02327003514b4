"""The demo shop's customers."""

import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from server.shop.invented.world import NOW, Country, Json, World, write

_FIRST_DAY = date(2019, 1, 1)
_CHANNELS = ("x", "x", "instagram", "instagram", "bluesky", "mastodon")


def invent_customers(world: World, random: Random, *, first: int, count: int) -> Iterator[Json]:
    """So many customers, numbered from `first`, fitting their countries."""
    shares = [country.share for country in world.countries]
    organisations = iter(world.words["organisations"])
    for number in range(first, first + count):
        country = random.choices(world.countries, shares)[0]
        organisation = next(organisations, None) if number % 60 == 0 else None
        yield _customer(world, random, country, number, organisation)


def _customer(world: World, random: Random, country: Country, number: int, organisation: str | None) -> Json:
    name = f"{random.choice(country.first)} {random.choice(country.last)}"
    brand = random.choices(("fernhollow", "tarnlight"), (60, 40))[0]
    # Squared, because a shop has more new customers than old ones.
    age = int((1 - random.random() ** 0.5) * (NOW.date() - _FIRST_DAY).days) + 3
    customer: Json = {
        "id": f"C-{number:04d}",
        "brand": brand,
        "name": name,
        "emails": [f"{plain(name, '.')}{number}@example.{random.choice(('com', 'org', 'net'))}"],
        "language": country.language,
        "since": write(NOW.date() - timedelta(days=age)),
        "address": country.address(random),
        "payment_methods": list(_payment_methods(random, country, number, invoice=organisation is not None)),
        "consent": {"email": random.random() < 0.7, "sms": random.random() < 0.2},
    }
    if country.phone and random.random() < 0.7:
        customer["phones"] = [country.phone.format(random.randint(*country.phones))]
    if organisation:
        customer["organisation"] = organisation
    if brand == "fernhollow" and random.random() < 0.35:
        points = int(random.paretovariate(1.1) * 60) // 10 * 10
        customer["tier"] = next(name for name, least in world.words["levels"].items() if points >= least)
        customer["facts"] = {"trailclub_points": min(points, 4_800)}
    if random.random() < 0.55:
        known = random.choices(("verified", "linked", "possible"), (6, 3, 1))[0]
        customer["handles"] = [{**_handle(world, random, name, number), "known": known}]
    return customer


def _payment_methods(random: Random, country: Country, number: int, *, invoice: bool) -> Iterator[Json]:
    kinds = ["credit_card", "paypal"] if country.currency != "EUR" else ["credit_card", "paypal", "bank_transfer"]
    kind = "invoice" if invoice else random.choice(kinds)
    method: Json = {"id": f"PM-{number:04d}-1", "kind": kind}
    if kind == "credit_card":
        method |= {"brand": random.choice(("visa", "mastercard")), "last_four": f"{random.randint(0, 9999):04d}"}
    yield method
    if random.random() < 0.12:
        balance = random.choice((0, 1500, 2500, 5000))
        yield {"id": f"PM-{number:04d}-2", "kind": "gift_card", "balance": balance, "currency": country.currency}


def _handle(world: World, random: Random, name: str, number: int) -> Json:
    channel = random.choice(_CHANNELS)
    stem = f"{plain(name, '')}_{random.choice(world.words['handles'])}{number}"
    if channel == "bluesky":
        return {"channel": channel, "handle": f"{stem.replace('_', '-')}.example"}
    if channel == "mastodon":
        return {"channel": channel, "handle": f"{stem}@outdoors.example"}
    return {"channel": channel, "handle": stem}


def plain(name: str, between: str) -> str:
    """A name in the letters of an address: `Aoife Ó Briain` as `aoife.o.briain`."""
    letters = unicodedata.normalize("NFKD", name.replace("ß", "ss").lower())
    return between.join("".join(letter for letter in letters if letter.isascii()).replace("'", "").split())
