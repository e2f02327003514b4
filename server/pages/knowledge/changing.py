"""A file that becomes a document or its next version: chosen, looked at before it is taken, put in."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from server.pages.knowledge.documents import RestingPart, read_resting
from server.pages.knowledge.reading import Managing, Section, brands_of, sections_of
from server.pages.rendering import show
from server.policies import endpoints
from server.policies.bodies import Checked
from server.policies.dependencies import PoliciesDep
from server.policies.differences import differences, field_changes
from server.policies.front_matter import body_after
from server.policies.knowledge import CATEGORIES
from server.policies.repository import SKETCH
from server.policies.texts import front_of
from server.policies.views import Consideration, Difference, PolicyDetail

router = APIRouter(prefix="/knowledge")

_WHOM = frozenset({"audience", "brand", "product", "region", "title"})


@dataclass(frozen=True, slots=True)
class UploadPage:
    """Where a file is chosen. `document` is the one whose next version it becomes; with `sketch`, the one begun.

    `text` is what stands there now, `whole` with its front matter.
    """

    document: PolicyDetail | None
    text: str
    brands: Mapping[str, str]
    sketch: bool = False
    whole: bool = False
    categories: Sequence[str] = CATEGORIES


@dataclass(frozen=True, slots=True)
class ConsideredPart:
    """What was understood of a file. `difference`: from what stands there; `resting`: what rests on that."""

    considered: Consideration
    sections: Sequence[Section]
    difference: Difference | None
    resting: RestingPart | None
    brands: Mapping[str, str]


@router.get("/new")
async def new_page(visit: Managing) -> HTMLResponse:
    """For a document that is not there yet."""
    return show(visit.request, "knowledge/upload", UploadPage(None, "", brands_of(visit)))


@router.get("/policies/{document}/replace")
async def replace_page(document: str, visit: Managing, policies: PoliciesDep, whole: bool = False) -> HTMLResponse:
    """For the next version of one, or for the text of one that was begun; `whole`: with its front matter."""
    view = await endpoints.get_policy(document, visit.caller, visit.service, policies)
    text = view.text if whole else body_after(view.fields, view.text).strip()
    page = UploadPage(view, text, brands_of(visit), sketch=view.state == SKETCH, whole=whole)
    return show(visit.request, "knowledge/upload", page)


@router.post("/considered")
async def considered_part(body: Checked, visit: Managing, policies: PoliciesDep) -> HTMLResponse:
    """What a file would become, before it is put in. Nothing of it is kept."""
    considered = await endpoints.check_policy(body, visit.caller, visit.service, policies)
    if considered.document is None:
        part = ConsideredPart(considered, (), None, None, brands_of(visit))
        return show(visit.request, "knowledge/considered", part)
    front = front_of(considered.text)
    name = considered.document
    sections = sections_of(name, str(front.get("title") or name), front, considered.text, considered.format)
    if body.replaces is None or not considered.version:
        part = ConsideredPart(considered, sections, None, None, brands_of(visit))
        return show(visit.request, "knowledge/considered", part)
    view = await endpoints.get_policy(body.replaces, visit.caller, visit.service, policies)
    difference = await _difference(view, considered)
    resting = await read_resting(visit, policies, body.replaces)
    resting = replace(resting, gone=_changed(view, sections, difference))
    part = ConsideredPart(considered, sections, difference, resting, brands_of(visit))
    return show(visit.request, "knowledge/considered", part)


async def _difference(view: PolicyDetail, considered: Consideration) -> Difference:
    before, after = front_of(view.text), front_of(considered.text)
    bodies = (body_after(before, view.text), body_after(after, considered.text))
    return Difference.of(field_changes(before, after), await asyncio.to_thread(differences, *bodies))


def _changed(view: PolicyDetail, sections: Sequence[Section], difference: Difference) -> frozenset[str]:
    """The sources that would not say what they say, or not to the same people."""
    before = sections_of(view.id, view.title, view.fields, view.text, view.format)
    now = {section.anchor: section for section in sections}
    others = any(change.field in _WHOM for change in difference.fields)
    changed = [one.anchor for one in before if others or now.get(one.anchor) != one]
    return frozenset(f"policy:{view.id}#{anchor}" for anchor in changed)
