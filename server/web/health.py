"""`/healthz`: the process answers. `/readyz`: it can work, or what it lacks."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from server.web.running import Running

router = APIRouter(tags=["operating"])


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """Whether the process can work, and each part of it: "ok", "starting", or what is wrong."""

    ready: bool = Field(description="Whether all parts are.")
    parts: dict[str, str] = Field(
        examples=[{"database": "ok", "migrations": "ok", "index": "ok", "events": "ok", "workers": "ok"}]
    )
    without: list[str] = Field(
        default_factory=list,
        description="What of the shop no draft speaks of now, and since when. The process works all the same.",
        examples=[["orders as of 14:03 UTC, 19 November"]],
    )


def running_of(request: Request) -> Running:
    """How this process stands."""
    running: Running = request.app.state.running
    return running


@router.get("/healthz")
async def healthz() -> Health:
    """Whether the process answers; it says nothing of what the process needs."""
    return Health()


@router.get("/readyz", responses={503: {"model": Readiness, "description": "It cannot work now."}})
async def readyz(running: Annotated[Running, Depends(running_of)], response: Response) -> Readiness:
    """Whether the process can work: database reachable and migrated, index open, workers at work.

    It tells what is known, and asks nothing: a process that is busy is not one that cannot work.
    """
    response.status_code = 200 if running.ready else 503
    return Readiness(ready=running.ready, parts=running.parts(), without=running.without())
