"""Links that open the panel in a helpdesk's frame, and what they are exchanged for."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from server.db import writing
from server.staff.naming import Named
from server.staff.panel_links import Wanted, make_panel_link, panel_address, panel_hosts, use_panel_link
from server.staff.roles import Caller, Permission
from server.staff.session_endpoints import not_from_another_site
from server.staff.tokens import Made
from server.staff.views import BrandId, Email
from server.web.bodies import Body
from server.web.dependencies import NowDep, ServiceDep, allowed
from server.web.idempotency import shown_once

router = APIRouter(prefix="/panel-links", tags=["panel in a frame"])

Linker = Annotated[Caller, Depends(allowed(Permission.LINK_PANEL))]
Origin = Annotated[str, StringConstraints(max_length=300, pattern=r"^[\x21-\x7e]+$")]

_LINK: dict[str, JsonValue] = {
    "link": "https://deskside.example/panel/embedded?host=https%3A%2F%2Fhelp.example#dsk_01kcs3v8q2m5n7p9r1t3w5_0Zs…",
    "expires_at": "2026-11-20T12:01:00Z",
}
_TOKEN: dict[str, JsonValue] = {
    "token": "dsk_01kcs3v8q2m5n7p9r1t3w5_0Zs…",
    "seconds": 600,
    "expires_at": "2026-11-20T12:10:00Z",
    "person": {"id": "staff_01kcs3v8q2m5n7p9r1t3w5", "name": "Robin Vale"},
}


class NewPanelLink(Body):
    """A link to make: for oneself, or, by a machine's token, for whoever it names."""

    host: Annotated[
        Origin, Field(description="The origin of the page around the frame.", examples=["https://help.example"])
    ]
    email: Annotated[
        Email | None,
        Field(
            description="Whose it is; a machine has to say, a person needs not.", examples=["robin@fernhollow.example"]
        ),
    ] = None
    brands: Annotated[
        list[BrandId] | None,
        Field(min_length=1, max_length=200, description="Only these; left out: all that both serve."),
    ] = None


class PanelLinkMade(BaseModel):
    """A link, shown this once."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LINK]})

    link: Annotated[
        str, Field(description="What the frame is to show; of a later one the panel is handed what is behind #.")
    ]
    expires_at: AwareDatetime


class UsedLink(Body):
    """A link that the panel has been handed."""

    link: Annotated[str, Field(max_length=200, description="What stands behind # in it.", examples=[_TOKEN["token"]])]
    host: Annotated[Origin, Field(description="The `host` of the panel's address.", examples=["https://help.example"])]


class PanelToken(BaseModel):
    """What the panel acts by."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TOKEN]})

    token: str
    seconds: Annotated[int, Field(description="How long it counts.")]
    expires_at: AwareDatetime
    person: Named


@router.post("", status_code=201, dependencies=[Depends(shown_once)])
async def make_link(body: NewPanelLink, caller: Linker, service: ServiceDep, now: NowDep) -> PanelLinkMade:
    """Make a link that opens the panel in a frame of this host, once, within a minute.

    A helpdesk's backend makes one for whoever it has signed in, each time that it shows the panel or the panel asks.
    """
    wanted = Wanted(body.host, body.email, None if body.brands is None else frozenset(body.brands))
    async with writing(service.engine) as session:
        made = await make_panel_link(session, caller, wanted, panel_hosts(service.settings), now)
    return PanelLinkMade(
        link=panel_address(service.settings.public_url, body.host, made.secret), expires_at=_end_of(made)
    )


@router.post("/exchange", dependencies=[Depends(not_from_another_site), Depends(shown_once)])
async def exchange_link(body: UsedLink, service: ServiceDep, now: NowDep) -> PanelToken:
    """Exchange a link for a token of ten minutes that uses the panel and reads policies. The panel does that itself."""
    async with writing(service.engine) as session:
        person, made = await use_panel_link(session, body.link, body.host, now)
    ends = _end_of(made)
    return PanelToken(
        token=made.secret,
        seconds=int((ends - now).total_seconds()),
        expires_at=ends,
        person=Named(id=person.id, name=person.name),
    )


def _end_of(made: Made) -> datetime:
    assert made.row.expires_at is not None, "every token of the panel has an end"
    return made.row.expires_at
