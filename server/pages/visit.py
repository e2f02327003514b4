"""Somebody opens a page: what every page is made from."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from server.service import Service
from server.staff.roles import Caller, Permission
from server.web.dependencies import NowDep, ServiceDep, allowed


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for a page by somebody who may see it."""

    request: Request
    caller: Caller
    service: Service
    now: datetime


def visiting(permission: Permission) -> Callable[..., Awaitable[Visit]]:
    """The dependency of pages that need this permission: `Annotated[Visit, Depends(visiting(…))]`."""

    async def visit(
        request: Request, caller: Annotated[Caller, Depends(allowed(permission))], service: ServiceDep, now: NowDep
    ) -> Visit:
        # before anything is read: what happens from here on the page hears as an event, and misses nothing between
        request.state.heard = request.app.state.feed.newest
        return Visit(request, caller, service, now)

    return visit
