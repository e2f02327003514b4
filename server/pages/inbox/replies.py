"""The saved replies that fit a draft or a session: a part of a page, shown in a dialog."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from assistant.outcome import Part
from server.pages.rendering import show
from server.pages.visit import Visit, visiting
from server.saved_replies import endpoints
from server.saved_replies.views import OfferedView
from server.staff.roles import Permission

router = APIRouter(prefix="/inbox", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class RepliesPart:
    """What can be put in, the fitting ones first; `into` is a draft's `public` or `private` text, or a `session`."""

    items: Sequence[OfferedView]
    into: str


@router.get("/drafts/{draft}/saved-replies")
async def replies_part(
    draft: str, visit: Annotated[Visit, Depends(visiting(Permission.READ_SAVED_REPLIES))], part: Part = Part.PUBLIC
) -> HTMLResponse:
    """What can be put into this part of the draft."""
    items = await endpoints.list_offered(draft, visit.caller, visit.service, visit.now, part)
    return show(visit.request, "inbox/saved_replies", RepliesPart(items, part.value))
