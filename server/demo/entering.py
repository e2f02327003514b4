"""Making a server that is about to serve the demo's: its plugs in the lines, its routes beside the others."""

from dataclasses import replace

from fastapi import FastAPI

from server.demo.far_side import FarSide
from server.demo.routes import router
from server.wiring import Opened


def enter(app: FastAPI, opened: Opened, far_side: FarSide) -> Opened:
    """Let the guide into this application; what is opened, with plugs that it can pull."""
    let_in(app, far_side)
    desk = far_side.plugs.over(opened.service.desk, opened.outages)
    return replace(opened, service=replace(opened.service, desk=desk))


def let_in(app: FastAPI, far_side: FarSide) -> None:
    """Show the guide on every page of this application, and answer what it asks for."""
    app.state.far_side = far_side
    app.include_router(router)
