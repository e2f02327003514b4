"""The places customers may be sent to, from the list in the knowledge folder."""

from collections.abc import Iterable, Sequence

from tools.records import Destination


class ListedDestinations:
    """`tools.ports.Destinations` over a fixed list. A place of no brand serves every brand."""

    def __init__(self, places: Iterable[Destination]) -> None:
        self._places = tuple(places)

    async def find(
        self, kind: str, *, brand: str | None, channel: str, language: str, region: str | None
    ) -> Destination | None:
        """The one that fits best: first by language (English for want of it), then made for this channel and region."""
        fitting = [
            place
            for place in self._places
            if place.kind == kind
            and place.brand in (brand, None)
            and place.language in (language, "en")
            and (not place.channels or channel in place.channels)
            and (not place.regions or region in place.regions)
        ]
        return max(fitting, key=lambda place: _closeness(place, language), default=None)

    async def known(self, brand: str | None) -> frozenset[str]:
        """Every address and number that a draft of this brand may name."""
        return frozenset(place.target for place in self._places if place.brand in (brand, None))

    async def listed(self, brand: str | None) -> Sequence[Destination]:
        """The places themselves: the brand's and every brand's."""
        return [place for place in self._places if place.brand in (brand, None)]


def _closeness(place: Destination, language: str) -> tuple[bool, bool, bool, bool]:
    return (place.language == language, place.brand is not None, bool(place.channels), bool(place.regions))
