"""Figures for Prometheus: of requests as they are answered, of the work when they are asked for."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.datastructures import Address

from server.db import reading
from server.errors import NotSignedIn, Refused
from server.policies.local_endpoints import LOOPBACK
from server.staff.roles import Caller, Permission
from server.web import figures_repository
from server.web.dependencies import allowed, service_of

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

router = APIRouter(tags=["operating"])


class Metrics:
    """The figures of one process, with those of the database that all processes share."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = self._counter("requests", "Requests answered.", "method", "route", "status")
        self._seconds = Histogram(
            "deskside_request_seconds",
            "Time until a request was answered.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.streams = self._gauge("event_streams", "Readers of the events, now.")
        self._dropped = self._counter("event_readers_dropped", "Readers of the events that were too slow.")
        self._jobs = self._gauge("jobs", "Jobs.", "kind", "state")
        self._oldest_job = self._gauge("oldest_ready_job_seconds", "How long the job waits that is due longest.")
        self._drafts = self._gauge("drafts", "Drafts.", "brand", "state")
        self._publications = self._gauge("publications", "Publications.", "brand", "state")
        self._unplaced = self._gauge("events_unplaced", "Events that have no position yet.")

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(method if method in _METHODS else "other", route, str(status)).inc()
        self._seconds.labels(method if method in _METHODS else "other", route).observe(seconds)

    def count_dropped_reader(self) -> None:
        """A reader of the events was too slow."""
        self._dropped.inc()

    def show(self, counts: "Mapping[str, Mapping[tuple[str, ...], float]]") -> None:
        """Take over what the database says now."""
        gauges = {
            "jobs": self._jobs,
            "drafts": self._drafts,
            "publications": self._publications,
            "oldest_ready_job_seconds": self._oldest_job,
            "events_unplaced": self._unplaced,
        }
        for name, gauge in gauges.items():
            values = counts.get(name, {})
            if () in values:
                gauge.set(values[()])
                continue
            gauge.clear()
            for labels, value in values.items():
                gauge.labels(*labels).set(value)

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(f"deskside_{name}", words, labels, registry=self.registry)

    def _gauge(self, name: str, words: str, *labels: str) -> Gauge:
        return Gauge(f"deskside_{name}", words, labels, registry=self.registry)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


async def whose_figures(request: Request) -> frozenset[str] | None:
    """The brands whose figures are told: all (None) on this machine itself, elsewhere those of a caller who may.

    Behind a proxy on the same machine everybody seems to; a forwarded request counts as from elsewhere.
    """
    forwarded = {"forwarded", "x-forwarded-for", "x-real-ip", "via"} & set(request.headers)
    if _is_loopback(request.client) and not forwarded:
        return None
    caller: Caller | Refused = getattr(request.state, "caller", NotSignedIn("sign in first"))
    if isinstance(caller, Refused):
        raise caller
    return allowed(Permission.READ_METRICS).check(caller).brands


@router.get("/metrics", response_class=PlainTextResponse, include_in_schema=False)
async def read_metrics(
    request: Request, brands: Annotated[frozenset[str] | None, Depends(whose_figures)]
) -> PlainTextResponse:
    """The figures, as Prometheus reads them. Requests and jobs are of the whole installation."""
    metrics: Metrics = request.app.state.metrics
    service = service_of(request)
    async with reading(service.engine) as session:
        metrics.show(await figures_repository.count(session, brands=brands, now=service.clock()))
    return PlainTextResponse(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)


def _is_loopback(client: Address | None) -> bool:
    return client is not None and client.host in LOOPBACK
