"""The application: every part's endpoints, and what each request goes through before it reaches one."""

import importlib
import importlib.util
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware

from server.settings import Settings
from server.web.callers import FindCaller
from server.web.problems import problem_responses, tell_problems

PREFIX = "/api/v1"
NOUNS = ("staff", "channels", "drafts", "publications", "events", "jobs")
"""The parts that have endpoints; each is `server.<noun>.endpoints` with a `router`, or `routers` where it has several."""

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def make_app(settings: Settings, *, lifespan: Lifespan | None = None) -> FastAPI:
    """The application. It answers as soon as `app.state.service` is set, which is the lifespan's work (or a test's)."""
    app = FastAPI(
        title="Deskside",
        version="1",
        summary="Posts in, drafts for people to decide on, approved text out once.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=_middleware(settings),
        redirect_slashes=False,
    )
    app.state.settings = settings
    tell_problems(app)
    for noun in NOUNS:
        for router in _routers(noun):
            app.include_router(router, prefix=PREFIX, responses=problem_responses())
    return app


def _middleware(settings: Settings) -> list[Middleware]:
    """From the outside to the inside."""
    del settings
    return [Middleware(FindCaller)]


def _routers(noun: str) -> list[APIRouter]:
    name = f"server.{noun}.endpoints"
    if importlib.util.find_spec(name) is None:
        return []
    module = importlib.import_module(name)
    return list(getattr(module, "routers", None) or [module.router])
