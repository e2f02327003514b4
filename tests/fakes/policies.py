"""The ports of policies and destinations over memory, with the fields a test needs and nothing of an index."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import regex

from tests.fakes.shop import _Memory  # the switch that takes a port down is one for all fakes
from tools.records import Destination, Passage

_WORD = regex.compile(r"[\p{L}\p{N}]{3,}")


@dataclass(frozen=True, slots=True)
class Filed:
    """A passage and what its document says of where it holds; empty means everywhere."""

    passage: Passage
    brands: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


class MemoryPassages(_Memory):
    """Finds by shared words: a passage that shares none with the query is below the threshold."""

    port = "policies"

    def __init__(self, filed: Iterable[Filed | Passage] = ()) -> None:
        super().__init__()
        self._filed = [item if isinstance(item, Filed) else Filed(item) for item in filed]

    def add(self, passage: Passage) -> None:
        self._filed.append(Filed(passage))

    async def search(
        self, query: str, *, brand: str | None, region: str | None, audiences: frozenset[str], at: datetime, limit: int
    ) -> Sequence[Passage]:
        self._answer()
        wanted = _words(query)
        found = [
            (len(wanted & _words(f"{filed.passage.title} {filed.passage.text}")), filed.passage)
            for filed in self._filed
            if _holds(filed, brand=brand, region=region, audiences=audiences, at=at)
        ]
        ranked = sorted((pair for pair in found if pair[0]), key=lambda pair: -pair[0])
        return tuple(passage for _, passage in ranked[:limit])

    async def answering(self, query: str, *, brand: str | None, region: str | None, at: datetime) -> Sequence[Passage]:
        self._answer()
        wanted = _words(query)
        found: dict[str, Passage] = {}
        for filed in self._filed:
            if _holds(filed, brand=brand, region=region, audiences=frozenset({"public"}), at=at):
                passage = filed.passage
                shared = len(wanted & _words(f"{passage.title} {passage.text}")) / max(len(wanted), 1)
                if passage.answers:
                    found.setdefault(passage.document, replace(passage, relevance=shared))
        return tuple(found.values())

    async def whole(self, found: Passage) -> Sequence[Passage]:
        self._answer()
        return tuple(
            replace(filed.passage, relevance=0.0) for filed in self._filed if filed.passage.document == found.document
        )


class MemoryDestinations(_Memory):
    port = "destinations"

    def __init__(self, places: Iterable[Destination] = ()) -> None:
        super().__init__()
        self._places = list(places)

    async def find(
        self, kind: str, *, brand: str | None, channel: str, language: str, region: str | None
    ) -> Destination | None:
        self._answer()
        fitting = [
            place
            for place in self._places
            if place.kind == kind
            and place.brand in (brand, None)
            and place.language in (language, "en")
            and (not place.channels or channel in place.channels)
            and (not place.regions or region in place.regions)
        ]
        return max(
            fitting,
            key=lambda place: (
                place.language == language,
                bool(place.brand),
                bool(place.channels),
                bool(place.regions),
            ),
            default=None,
        )

    async def known(self, brand: str | None) -> frozenset[str]:
        self._answer()
        return frozenset(place.target for place in self._places if place.brand in (brand, None))

    async def listed(self, brand: str | None) -> Sequence[Destination]:
        self._answer()
        return [place for place in self._places if place.brand in (brand, None)]


def _limits(place: Destination) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return place.channels, place.regions


def _holds(filed: Filed, *, brand: str | None, region: str | None, audiences: frozenset[str], at: datetime) -> bool:
    passage = filed.passage
    brands = filed.brands or ((passage.brand,) if passage.brand else ())
    return (
        (not brands or brand in brands)
        and (not filed.regions or region in filed.regions)
        and passage.audience in audiences
        and (passage.effective_from is None or passage.effective_from <= at.date())
        and (passage.effective_to is None or at.date() <= passage.effective_to)
    )


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}
