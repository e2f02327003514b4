"""What the API tells about jobs."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from server.models import JobRow

_JOB: dict[str, JsonValue] = {
    "id": "job_01kcs3v8q2m5n7p9r1t3w5",
    "kind": "send",
    "lane": "send:account_01kcs3v8q2m5n7p9r1t3w5",
    "brand": "fernhollow",
    "state": "dead",
    "payload": {"publication": "publication_01kcs3v8q2m5n7p9r1t3w5"},
    "attempts": 8,
    "error": "NetworkUnreachable: the network does not answer",
    "created_at": "2026-11-20T12:00:00Z",
    "run_after": "2026-11-20T13:02:10Z",
    "finished_at": "2026-11-20T13:02:11Z",
}


class JobView(BaseModel):
    """A piece of work in the background. `payload` are ids of the records that it works on."""

    model_config = ConfigDict(json_schema_extra={"examples": [_JOB]})

    id: str
    kind: str
    lane: str
    brand: str | None
    state: Literal["ready", "running", "done", "dead"]
    payload: dict[str, Any]
    attempts: int = Field(description="How often it was begun since it was put in.")
    error: str | None = Field(description="Why the last try failed.")
    created_at: datetime
    run_after: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, row: JobRow) -> Self:
        """The job as it stands."""
        return cls.model_validate(row, from_attributes=True)


class RetryDead(BaseModel):
    """Which dead jobs to put in again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"kind": "send"}]})

    kind: str | None = Field(default=None, max_length=64, description="Only those of this kind; null: all.")


class Retried(BaseModel):
    """How many jobs were put in again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"retried": 12}]})

    retried: int
