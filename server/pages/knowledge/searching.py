"""Trying a search: what a draft would rest on, why, what is too weak for one, and what was left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import regex
from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from server.pages.knowledge.reading import Reading, brands_of
from server.pages.rendering import show
from server.policies import endpoints
from server.policies.bodies import Search
from server.policies.dependencies import PoliciesDep
from server.policies.search_views import Found, HitView

router = APIRouter(prefix="/knowledge")

_WELL = 0.75
_SHOWN = 10
_WORD = regex.compile(r"[\p{L}\p{N}]+")
_Value = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of the form, empty where nothing was said."""

    question: Annotated[str, Query(max_length=2000)] = ""
    brand: _Value = ""
    region: _Value = ""
    audience: _Value = ""
    language: _Value = ""
    on: _Value = ""

    def body(self) -> Search:
        """The same for the API.

        Raises:
            ValidationError: A field is none that can be asked for.
        """
        said: dict[str, Any] = {name: getattr(self, name) or None for name in self.__dataclass_fields__}
        return Search.model_validate({**said, "question": self.question, "limit": _SHOWN})


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found, how well it fits, and its text in stretches that are words of the question, or not."""

    view: HitView
    fit: str
    pieces: Sequence[tuple[str, bool]]

    @property
    def ref(self) -> str:
        """The place, as a source names it."""
        return f"policy:{self.view.passage}"


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The form and what was found; without a question nothing was looked for. `unclear`: no day."""

    asked: Asked
    found: bool
    hits: Sequence[Hit]
    left_out: Sequence[Hit]
    brands: Mapping[str, str]
    regions: Sequence[str]
    languages: Sequence[str]
    unclear: bool = False

    @property
    def relevant(self) -> int:
        """How many a draft would rest on."""
        return sum(hit.view.relevant for hit in self.hits)


@router.get("/search")
async def search_page(visit: Reading, policies: PoliciesDep, asked: Annotated[Asked, Depends(Asked)]) -> HTMLResponse:
    """The form, filled with what the address names, and what was found."""
    found, unclear = Found(hits=[], left_out=[]), False
    if asked.question.strip():
        try:
            found = await endpoints.search_policies(asked.body(), visit.caller, policies)
        except ValidationError:
            unclear = True
    known = [brand for brand in visit.service.desk.guidance.brands if brand.id in visit.caller.brands]
    page = SearchPage(
        asked,
        bool(asked.question.strip()) and not unclear,
        [_hit(view) for view in found.hits],
        [_hit(view) for view in found.left_out],
        brands_of(visit),
        sorted({region for brand in known for region in brand.regions}),
        sorted({language for brand in known for language in brand.languages}),
        unclear,
    )
    return show(visit.request, "knowledge/search", page)


def _hit(view: HitView) -> Hit:
    fit = "weak" if not view.relevant else "well" if view.relevance >= _WELL else "fits"
    return Hit(view, fit, _marked(view.text, frozenset(view.words)))


def _marked(text: str, words: frozenset[str]) -> list[tuple[str, bool]]:
    """A text in stretches: words of the question, and what stands between them."""
    pieces: list[tuple[str, bool]] = []
    end = 0
    for word in _WORD.finditer(text):
        if word.group() in words:
            pieces += [(text[end : word.start()], False), (word.group(), True)]
            end = word.end()
    return [*((piece, shared) for piece, shared in pieces if piece), (text[end:], False)]
