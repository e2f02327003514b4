"""What every implementation of the port Destinations keeps."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.db import open_database, writing
from server.destinations.kept import KeptDestinations
from server.destinations.seeding import seed_destinations
from server.policies.destinations import ListedDestinations
from server.policies.files import DestinationEntry
from tests.fakes.policies import MemoryDestinations
from tests.fakes.small_shop import NOW
from tools.ports import Destinations
from tools.records import Destination

Made = Callable[[Iterable[Destination]], Awaitable[Destinations]]

FORM = Destination(
    "f-form-en", "secure_form", "fernhollow", "en", "https://www.fernhollow.example/form", "Form", "Write to us here."
)
GERMAN = replace(FORM, id="f-form-de", language="de", target="https://www.fernhollow.example/de/form")
ON_X = replace(FORM, id="f-form-en-x", channels=("x",), target="https://www.fernhollow.example/x")
IN_US = replace(FORM, id="f-form-en-us", regions=("US",), target="https://www.fernhollow.example/us")
OTHER = replace(FORM, id="t-form-en", brand="tarnlight", target="https://www.tarnlight.example/form")
ANY = replace(FORM, id="any-phone", kind="phone", brand=None, target="+44 1632 960000")


@pytest.fixture(params=["memory", "listed", "kept"])
async def make(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Made]:
    if request.param == "kept":
        engine = await open_database(tmp_path / "deskside.db")
        yield _kept(engine)
        await engine.dispose()
        return
    of = {"memory": MemoryDestinations, "listed": ListedDestinations}[request.param]

    async def made(places: Iterable[Destination]) -> Destinations:
        return of(places)

    yield made


def _kept(engine: AsyncEngine) -> Made:
    async def made(places: Iterable[Destination]) -> Destinations:
        async with writing(engine) as session:
            await seed_destinations(session, [DestinationEntry(**asdict(place)) for place in places], NOW)
        return KeptDestinations(engine)

    return made


async def found(places: Destinations, kind: str = "secure_form", **where: str | None) -> str | None:
    asked: dict[str, str | None] = {
        "brand": "fernhollow",
        "channel": "bluesky",
        "language": "en",
        "region": "UK",
    } | where
    place = await places.find(kind, **asked)  # type: ignore[arg-type]
    return place.id if place else None


async def test_the_brand_must_match(make: Made) -> None:
    assert await found(await make([OTHER])) is None
    assert await found(await make([OTHER, FORM])) == "f-form-en"


async def test_the_own_language_comes_before_english_and_no_other_is_taken(make: Made) -> None:
    places = await make([FORM, GERMAN])
    assert await found(places, language="de") == "f-form-de"
    assert await found(places, language="fr") == "f-form-en"
    assert await found(await make([GERMAN]), language="fr") is None


async def test_a_place_made_for_the_channel_comes_first_and_is_not_named_elsewhere(make: Made) -> None:
    places = await make([FORM, ON_X])
    assert await found(places, channel="x") == "f-form-en-x"
    assert await found(places, channel="mastodon") == "f-form-en"


async def test_a_place_for_a_region_is_named_there_only(make: Made) -> None:
    places = await make([FORM, IN_US])
    assert await found(places, region="US") == "f-form-en-us"
    assert await found(places, region="UK") == "f-form-en"
    assert await found(await make([IN_US]), region=None) is None


async def test_a_place_of_no_brand_serves_every_brand(make: Made) -> None:
    assert await found(await make([ANY]), "phone") == "any-phone"
    assert await found(await make([ANY]), "phone", brand="tarnlight") == "any-phone"


async def test_known_addresses_are_those_of_the_brand_and_of_all(make: Made) -> None:
    places = await make([FORM, GERMAN, OTHER, ANY])
    assert await places.known("fernhollow") == {FORM.target, GERMAN.target, ANY.target}
    assert await places.known("tarnlight") == {OTHER.target, ANY.target}


async def test_the_places_are_listed_whole_as_they_are(make: Made) -> None:
    places = await make([FORM, OTHER, ANY])
    assert {place.id: place for place in await places.listed("fernhollow")} == {FORM.id: FORM, ANY.id: ANY}
    assert {place.id for place in await places.listed(None)} == {ANY.id}
