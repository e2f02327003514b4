"""The application: every part's endpoints, and what each request goes through before it reaches one."""

import importlib
import importlib.util
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware

from server.channels.arrivals import Arrivals
from server.conversations.streaming import Panel
from server.pages import assets, inbox, incidents, insights, knowledge, panel, sign_in, transcripts
from server.pages import settings as settings_pages
from server.pages.insights.lately import Lately
from server.pages.refusals import as_page
from server.policies import local_endpoints
from server.settings import Settings
from server.web import health
from server.web import metrics as metrics_endpoint
from server.web.addresses import PREFIX as PREFIX
from server.web.callers import FindCaller
from server.web.describing import describe_fully
from server.web.idempotency import Idempotency
from server.web.limits import Doors, Pace, RateLimits
from server.web.metrics import Metrics
from server.web.problems import problem_responses, tell_problems
from server.web.requests import Requests
from server.web.security_headers import SecurityHeaders

NOUNS = (
    "staff",
    "channels",
    "drafts",
    "queue",
    "shifts",
    "actions",
    "publications",
    "promises",
    "incidents",
    "policies",
    "destinations",
    "saved_replies",
    "limits",
    "voices",
    "chat_model",
    "conversations",
    "questions",
    "insights",
    "transcripts",
    "events",
    "jobs",
    "audit",
    "privacy",
)
"""The parts that have endpoints: each is `server.<noun>.endpoints` with a `router`, or with `routers`."""


PAGES = (assets, sign_in, incidents, inbox, panel, transcripts, knowledge, settings_pages, insights)
"""What people open in a browser; made of what the endpoints answer."""


def make_app(settings: Settings) -> FastAPI:
    """The application. Whoever makes it sets `app.state.service` and, for what needs them, `feed` and `running`."""
    metrics = Metrics()
    app = FastAPI(
        title="Deskside",
        version="1",
        summary="Posts in, drafts for people to decide on, approved text out once.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        middleware=_middleware(settings, metrics),
        redirect_slashes=False,
    )
    app.state.settings, app.state.metrics, app.state.arrivals = settings, metrics, Arrivals()
    app.state.panel, app.state.figures_read = Panel(), Lately()
    tell_problems(app, as_page)
    app.include_router(health.router)
    app.include_router(metrics_endpoint.router)
    app.include_router(local_endpoints.router)
    for page in PAGES:
        app.include_router(page.router)
    for noun in NOUNS:
        for router in _routers(noun):
            app.include_router(router, prefix=PREFIX, responses=problem_responses())
    describe_fully(app, PREFIX)
    return app


def _middleware(settings: Settings, metrics: Metrics) -> list[Middleware]:
    """From the outside to the inside."""
    return [
        Middleware(SecurityHeaders),
        Middleware(Requests, metrics=metrics, as_page=as_page),
        Middleware(
            Doors,
            hosts=_known_hosts(settings),
            body_limit=settings.body_limit,
            upload_limits=dict.fromkeys((f"{PREFIX}/policies", "/knowledge/considered"), settings.upload_limit),
            webhook_path=f"{PREFIX}/webhooks/",
        ),
        Middleware(FindCaller),
        Middleware(
            RateLimits,
            callers=_pace(settings.caller_rate),
            addresses=_pace(settings.address_rate),
            webhooks=_pace(settings.webhook_rate),
            webhook_path=f"{PREFIX}/webhooks/",
        ),
        Middleware(Idempotency),
    ]


def _pace(rate: float) -> Pace:
    return Pace(rate, burst=4 * rate)


def _known_hosts(settings: Settings) -> frozenset[str]:
    named = {name.strip().casefold() for name in settings.hosts.split(",")}
    own = {settings.host.casefold(), urlsplit(settings.public_url).hostname or ""}
    return frozenset((named | own | {"localhost", "127.0.0.1", "::1"}) - {""})


def _routers(noun: str) -> list[APIRouter]:
    name = f"server.{noun}.endpoints"
    if importlib.util.find_spec(name) is None:
        return []
    module = importlib.import_module(name)
    return list(getattr(module, "routers", None) or [module.router])
